// GET /AuthorizationHeader/{apiName}: the header with which the caller's API calls another one.
import type { AccessToken } from 'midtier'
import { acquire, optionsOf } from '../calls/actor.ts'
import { sessionOf } from '../calls/sessions.ts'
import { json } from '../http/answer.ts'
import type { Endpoint, Sidecar } from '../http/exchange.ts'
import { prepared, type Prepared, type RouteFacts } from './prepare.ts'

export function authorizationHeader(route: RouteFacts): Endpoint {
  return prepared(route, async (sidecar, _, ready) => {
    const { accessToken } = await tokenOf(sidecar, ready)
    return json(200, { authorizationHeader: `Bearer ${accessToken}` })
  })
}

/** Of the session that is named, or of the request. */
function tokenOf({ sessions }: Sidecar, { plan, actor }: Prepared): Promise<AccessToken> {
  const session = sessionOf(actor, plan)
  if (session === undefined || sessions === undefined) return acquire(actor, plan)
  return sessions.acquire(session, optionsOf(plan))
}
