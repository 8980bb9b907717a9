// A client assertion as it stands in a token request (RFC 7523 §2.2).

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Writes an assertion into the parameters. */
export function writeAssertion(parameters: URLSearchParams, assertion: string): void {
  parameters.set('client_assertion_type', assertionType)
  parameters.set('client_assertion', assertion)
}

/** The assertion that the parameters hold. */
export function readAssertion(parameters: URLSearchParams): string | undefined {
  return parameters.get('client_assertion') ?? undefined
}

const compactJwt = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Longest assertion that is sent, in characters; real ones are 1 to 8 KiB. */
const maxAssertionLength = 65_536

/** Whether a text has the form of a signed JWT. Does not check anything that it says. */
export function isCompactJwt(text: unknown): text is string {
  return typeof text === 'string' && text.length <= maxAssertionLength && compactJwt.test(text)
}
