// The body that Graph gives to a failure that a fault makes: in its own shape, so that its SDKs read it as they read the real one.
import type { Exchange } from '../http/exchange.ts'

const codes: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['InvalidAuthenticationToken', 'Access token is empty.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  404: ['Request_ResourceNotFound', 'Resource does not exist.'],
  429: ['TooManyRequests', 'Too many requests.'],
  503: ['ServiceUnavailable', 'The service is temporarily unavailable.'],
  504: ['GatewayTimeout', 'The service did not answer in time.'],
}

/** Seconds that Graph asks a throttled caller to wait when the fault says nothing else. */
const retryAfter = '10'

/** An answer in Graph's shape; 429 says when to come back. */
export function graphRefusal(status: number, { time, traceId, correlationId }: Exchange): Response {
  const [code, message] = codes[status] ?? ['UnknownError', 'The emulator was told to fail.']
  const innerError = {
    date: new Date(time).toISOString().slice(0, 19),
    'request-id': traceId,
    'client-request-id': correlationId,
  }
  const headers: Record<string, string> = { 'access-control-allow-origin': '*' }
  if (status === 429) headers['retry-after'] = retryAfter
  return Response.json({ error: { code, message, innerError } }, { status, headers })
}
