// GET /AuthorizationHeader/{apiName}: the header with which the caller's API calls another one.
import { acquire } from '../calls/actor.ts'
import { json } from '../http/answer.ts'
import type { Endpoint } from '../http/exchange.ts'
import { prepare, type RouteFacts } from './prepare.ts'

export function authorizationHeader(route: RouteFacts): Endpoint {
  return async (sidecar, exchange) => {
    const { plan, actor } = await prepare(sidecar, exchange, route)
    const { accessToken } = await acquire(actor, plan)
    return json(200, { authorizationHeader: `Bearer ${accessToken}` })
  }
}
