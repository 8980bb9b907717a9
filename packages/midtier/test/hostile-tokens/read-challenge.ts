// A strict reader of WWW-Authenticate, independent of what builds it: one Bearer challenge, or a complaint (RFC 6750 §3, RFC 9110 §11.6.1).

const parameter = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)="((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*)"(?:, |$)/
const errors = ['invalid_request', 'invalid_token', 'insufficient_scope', 'insufficient_claims']
const descriptionText = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/
const scopeText = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/

/** The parameters of the one Bearer challenge in a field. @throws Error saying what is not well-formed. */
export function readChallenge(field: string): ReadonlyMap<string, string> {
  const [, rest] = /^Bearer(?: (.+))?$/.exec(field) ?? complain('it is no Bearer challenge', field)
  const parameters = readParameters(rest ?? '', field)
  const { error, error_description: description, scope } = Object.fromEntries(parameters)
  if (error !== undefined && !errors.includes(error)) complain('its error is none of RFC 6750', field)
  if (description !== undefined && !descriptionText.test(description))
    complain('error_description holds a character that it must not', field)
  if (scope !== undefined && !scopeText.test(scope)) complain('scope is no list of scope-tokens', field)
  return parameters
}

function readParameters(text: string, field: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (let rest = text; rest !== '';) {
    const [whole, name = '', value = ''] = parameter.exec(rest) ?? complain('a parameter is malformed', field)
    if (parameters.has(name)) complain(`${name} is announced twice`, field)
    parameters.set(name, value)
    rest = rest.slice(whole.length)
  }
  return parameters
}

function complain(complaint: string, field: string): never {
  throw new Error(`${complaint}: ${field}`)
}
