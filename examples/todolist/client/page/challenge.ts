// Reads the Bearer challenge of a 401: why the token was not enough, and the claims that a new sign-in has to satisfy.

/** A challenge, as far as the page acts on it. */
export interface BearerChallenge {
  /** RFC 6750 §3.1: `invalid_token`, `insufficient_scope`, …, or Entra's `insufficient_claims`. */
  readonly error: string | undefined
  /** Claims request (JSON text), decoded from the challenge's base64. */
  readonly claims: string | undefined
  /** Whether a consent is missing, as Microsoft.Identity.Web says it: `proposedAction="consent"`. */
  readonly wantsConsent: boolean
}

// A parameter: a name, "=", and a token or a quoted string, which may hold commas and "=" (RFC 9110 §5.6).
const parameter = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/gi

/** Parses a `WWW-Authenticate` value; `undefined` when it holds no Bearer challenge. */
export function parseBearerChallenge(header: string | null): BearerChallenge | undefined {
  const found = header === null ? null : /(?:^|,\s*)Bearer(?:\s+|$)(.*)/is.exec(header)
  if (found === null) return undefined
  const parameters = new Map(
    [...(found[1] ?? '').matchAll(parameter)].map(([, name = '', quoted, plain]) => [
      name.toLowerCase(),
      quoted?.replaceAll(/\\(.)/gs, '$1') ?? plain ?? '',
    ]),
  )
  return {
    error: parameters.get('error'),
    claims: decodeClaimsRequest(parameters.get('claims')),
    wantsConsent: parameters.get('proposedaction') === 'consent',
  }
}

/** Base64 or base64url; anything that is not JSON inside is no claims request. */
function decodeClaimsRequest(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined
  try {
    const text = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
    JSON.parse(text)
    return text
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return undefined
    throw error
  }
}
