// A client secret in the Authorization header instead of the body (RFC 6749 §2.3.1), for authorities that want it there.
import { encodeBase64 } from '../../kernel/crypto/base64url.ts'
import { encodeFormText } from './form.ts'

/** A token request as it is sent. */
export interface AuthenticatedBody {
  readonly headers: Readonly<Record<string, string>>
  readonly body: URLSearchParams
}

/** Moves client id and secret into the header; a request without a secret stays as it is. Does not change what is given. */
export function moveSecretToHeader(parameters: URLSearchParams): AuthenticatedBody {
  const clientId = parameters.get('client_id')
  const secret = parameters.get('client_secret')
  if (clientId === null || secret === null) return { headers: {}, body: parameters }
  const body = new URLSearchParams(parameters)
  body.delete('client_id')
  body.delete('client_secret')
  // Both are form-encoded first, which most examples forget: a colon in the id would otherwise end it early.
  const credentials = new TextEncoder().encode(`${encodeFormText(clientId)}:${encodeFormText(secret)}`)
  return { headers: { authorization: `Basic ${encodeBase64(credentials)}` }, body }
}
