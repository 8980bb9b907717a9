// How a visit to the authority ended without success, as far as its answer tells.

/**
 * `cancelled`: the person turned back. `declined`: the person said no to a permission. `denied`: to the second step.
 * `administrator`: it is not the person who may say yes.
 */
export type SignInEnd = 'cancelled' | 'declined' | 'denied' | 'administrator' | 'failed'

/** Reads what MSAL says of it. Entra calls all but the last `access_denied`; the AADSTS number tells them apart. */
export function endOf({ message }: Error): SignInEnd {
  if (message.includes('AADSTS65004')) return 'declined'
  if (message.includes('AADSTS500121')) return 'denied'
  if (/AADSTS90094|AADSTS900941/.test(message)) return 'administrator'
  return message.includes('access_denied') && !message.includes('AADSTS') ? 'cancelled' : 'failed'
}
