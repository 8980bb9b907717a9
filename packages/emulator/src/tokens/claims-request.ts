// Reads the `claims` parameter: MSAL sends it with nearly every request, so its mere presence means nothing.
import { isObject, parseObject } from '../base64url.ts'
import { AadstsError } from '../aadsts-error.ts'

/** A claims request (OpenID Connect Core §5.5), as far as the emulator understands it. */
export interface ClaimsRequest {
  /** Values of `access_token.xms_cc`. */
  readonly capabilities: readonly string[]
  /** Names under `id_token`. */
  readonly idTokenClaims: readonly string[]
  /** The whole `access_token` member, for policies. */
  readonly accessToken: Readonly<Record<string, unknown>>
}

const maximumCapabilities = 10

/** @throws {AadstsError} 9002313 when the parameter is not a JSON object */
export function parseClaimsRequest(claims: string | undefined): ClaimsRequest {
  if (claims === undefined || claims === '') return { capabilities: [], idTokenClaims: [], accessToken: {} }
  const parsed = parseObject(claims)
  if (parsed === undefined) throw new AadstsError(9002313)
  const accessToken = isObject(parsed['access_token']) ? parsed['access_token'] : {}
  const idToken = isObject(parsed['id_token']) ? parsed['id_token'] : {}
  return {
    capabilities: readCapabilities(accessToken['xms_cc']),
    idTokenClaims: Object.keys(idToken),
    accessToken,
  }
}

function readCapabilities(request: unknown): readonly string[] {
  if (!isObject(request) || !Array.isArray(request['values'])) return []
  return request['values'].filter((value) => typeof value === 'string').slice(0, maximumCapabilities)
}
