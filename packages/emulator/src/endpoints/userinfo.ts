// The userinfo endpoint (OpenID Connect Core §5.3): needs a token for Graph that carries `openid`.
import type { Emulation } from './emulation.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import { authenticateGraphCaller } from '../graph/graph-caller.ts'
import { sendGraphError, GraphError } from '../graph/graph-error.ts'
import { pairwiseSubject } from '../tokens/identifiers.ts'
import { sendNoStore } from './respond.ts'

/** GET and POST oidc/userinfo, {tenant}/openid/userinfo */
export function userinfo(c: EmulatorContext, emulation: Emulation): Response {
  c.header('access-control-allow-origin', '*')
  try {
    const { account, clientId } = authenticateGraphCaller(c, emulation, { scopes: ['openid'], roles: 'any' })
    if (account === undefined) throw new GraphError('Authorization_RequestDenied', 'A user is needed.', 403)
    const { user, tenant, id } = account
    return sendNoStore(c, {
      // The same subject as in the id_token of the same client.
      sub: pairwiseSubject(tenant.id, id, clientId),
      name: user.displayName,
      family_name: user.surname,
      given_name: user.givenName,
      picture: 'https://graph.microsoft.com/v1.0/me/photo/$value',
      email: user.mail,
    })
  } catch (error) {
    if (error instanceof GraphError) return sendGraphError(c, emulation.origins, error)
    throw error
  }
}
