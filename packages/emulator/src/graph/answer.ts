// How Graph answers: whoever may is given what was asked for, everybody else an error in its shape.
import type { EmulatorContext } from '../http/exchange.ts'
import { listenerOrigin } from '../http/listener-origin.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { authenticateGraphCaller, type GraphCaller, type NeededPermissions } from './graph-caller.ts'
import { GraphError, sendGraphError } from './graph-error.ts'

/** Does the work for callers who have one of the permissions. */
export async function answer(
  c: EmulatorContext,
  authority: TokenIssuer,
  needed: NeededPermissions,
  work: (caller: GraphCaller) => Response | Promise<Response>,
): Promise<Response> {
  c.header('access-control-allow-origin', '*')
  c.header('access-control-expose-headers', 'www-authenticate, request-id, client-request-id, retry-after')
  c.header('cache-control', 'no-cache')
  c.header('request-id', c.get('exchange').traceId)
  try {
    return await work(authenticateGraphCaller(c, authority, needed))
  } catch (error) {
    if (error instanceof GraphError) return sendGraphError(c, authority.origins, error)
    throw error
  }
}

/** Any other path below v1.0. */
export function unknownGraphPath(c: EmulatorContext, authority: TokenIssuer): Response {
  c.header('access-control-allow-origin', '*')
  const message =
    'The emulator serves /me, /users, memberOf, getMemberObjects, checkMemberGroups and photo of both, /applications, /servicePrincipals, $batch and, to create, /servicePrincipals/microsoft.graph.agentIdentity only.'
  return sendGraphError(c, authority.origins, new GraphError('BadRequest', message, 400))
}

/** The address that the caller reached Graph by. */
export function graphBase(c: EmulatorContext, authority: TokenIssuer): string {
  const prefix = c.req.path.startsWith('/graph/') ? '/graph' : ''
  return `${listenerOrigin(c, authority.origins)}${prefix}/v1.0`
}
