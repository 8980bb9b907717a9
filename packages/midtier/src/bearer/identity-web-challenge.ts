// The challenge of Microsoft.Identity.Web (`ReplyForbiddenWithWwwAuthenticateHeader`): raw JSON between quotes, and yet nothing breaks out.

/** What the challenge says. */
export interface IdentityWebChallenge {
  readonly consentUrl?: string | undefined
  /** A claims request as JSON text that was parsed and written anew. */
  readonly claims?: string | undefined
  readonly scopes: readonly string[]
}

/**
 * Builds `Bearer consentUri="…", claims="…", scopes="…", proposedAction="consent"`, which goes with a 403. All four are always there.
 *
 * Only for clients that were written against it: a parser by RFC 9110 cannot read `claims` in this form.
 */
export function buildIdentityWebChallenge({
  consentUrl = '',
  claims = '',
  scopes,
}: IdentityWebChallenge): string {
  const consentUri = consentUrl.replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, '')
  const listed = scopes.filter((scope) => /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/.test(scope)).join(',')
  return `Bearer consentUri="${consentUri}", claims="${tameStrings(claims)}", scopes="${listed}", proposedAction="consent"`
}

/**
 * Spells everything inside the strings of a JSON text that means something to a parser of headers by its number, so that the only quotes,
 * commas and braces that stand there are those of the JSON itself.
 */
function tameStrings(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (string) => {
    const text: unknown = JSON.parse(string)
    return `"${String(text).replace(/[^\w.:/-]/g, escapeUnit)}"`
  })
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
