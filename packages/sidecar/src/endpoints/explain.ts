// GET /Explain: why the token in `Authorization` is accepted or refused, check by check, with what is personal masked.
import { explainToken } from 'midtier'
import { json } from '../http/answer.ts'
import type { Endpoint } from '../http/exchange.ts'
import { Refusal } from '../kernel/refusals.ts'

export const explain: Endpoint = async ({ api }, { request }) => {
  const token = /^bearer +(\S+)$/i.exec(request.headers.authorization?.trim() ?? '')?.[1]
  if (token === undefined)
    throw new Refusal(
      400,
      'Send the token to explain as it is sent to the API: Authorization: Bearer <token>.',
    )
  return json(200, await explainToken(api, token))
}
