// GET /Validate: whether the caller's token is good, and what it says.
import { json } from '../http/answer.ts'
import { authenticate, type Endpoint } from '../http/exchange.ts'

export const validate: Endpoint = async (sidecar, exchange) => {
  const { principal } = await authenticate(sidecar, exchange)
  const [, token = ''] = (exchange.request.headers.authorization ?? '').trim().split(/ +/)
  return json(200, { protocol: 'Bearer', token, claims: principal.claims })
}
