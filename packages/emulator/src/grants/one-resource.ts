// The scopes of a grant that is for one API.
import { AadstsError } from '../kernel/aadsts-error.ts'
import { parseScopes, type RequestedScopes } from '../directory/scopes.ts'
import { checkIndicatorOf } from './resource-indicator.ts'
import { readScope, type TokenRequest } from './token-request.ts'

/** @throws {AadstsError} 900144, 28003 or 28000 when there is not exactly one API, and what its scopes and `resource` are refused with */
export function readOneResource(
  request: TokenRequest,
): Pick<RequestedScopes, 'openid'> & { requested: RequestedScopes['resources'][number] } {
  const { authority, tenant, client, look } = request
  const scope = readScope(request)
  look('resource', { expected: 'scopes of one API', actual: scope })
  if (scope === '') throw new AadstsError(900144, { parameter: 'scope' })
  const { openid, resources } = parseScopes(scope, authority.directory, {
    tenant,
    client: client.application,
  })
  checkIndicatorOf(request, resources.slice(0, 1))
  const [requested, ...others] = resources
  if (requested === undefined) throw new AadstsError(28003)
  if (others.length > 0) throw new AadstsError(28000, { scope })
  return { openid, requested }
}
