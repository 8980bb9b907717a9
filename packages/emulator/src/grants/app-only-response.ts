// The response of every grant in which an application acts for itself.
import type { IssuedAccessToken } from '../tokens/access-token.ts'
import type { TokenRequest, TokenResponse } from './token-request.ts'
import { describeTimesV1 } from './user-token-response.ts'

/** The response: no refresh token, no id_token, no `scope` and no `client_info`. */
export function describeAppOnly(
  { note, look, version }: TokenRequest,
  access: IssuedAccessToken,
  { name, identifier }: { readonly name: string; readonly identifier: string },
): TokenResponse {
  note({ resource: name, issued: access.claims })
  look('token', { actual: `for ${name}, ${String(access.lifetimeSeconds)} seconds` })
  const { lifetimeSeconds, token } = access
  const lifetime = { expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds }
  const details = version === 2 ? lifetime : { ...describeTimesV1(access), resource: identifier }
  return { token_type: 'Bearer', ...details, access_token: token }
}
