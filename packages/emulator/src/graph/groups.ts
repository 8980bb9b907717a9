// Which groups a user is in: the way out for an API whose tokens hold too many to list (groups overage).
import { isObject } from '../kernel/base64url.ts'
import type { EmulatorContext } from '../http/exchange.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { answer, graphBase } from './answer.ts'
import { sendPage } from './collection.ts'
import type { NeededPermissions } from './graph-caller.ts'
import { GraphError } from './graph-error.ts'
import { findAccount } from './user-entity.ts'

const readGroups = ['GroupMember.Read.All', 'Directory.Read.All']
const ofMe: NeededPermissions = { scopes: ['User.Read', 'User.Read.All', ...readGroups], roles: 'any' }
const ofUsers: NeededPermissions = {
  scopes: ['User.Read.All', ...readGroups],
  roles: ['User.Read.All', ...readGroups],
}

/**
 * GET v1.0/me/memberOf and v1.0/users/{id}/memberOf. Who may not read groups is told their ids, and nothing else, as Graph does for objects
 * of a kind that the caller has no permission for.
 */
export function memberOf(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, neededFor(c), (caller) => {
    const { user } = findAccount(c, authority, caller)
    const named = c.req.param('id')
    const path = named === undefined ? 'me/memberOf' : `users/${named}/memberOf`
    const isReader = caller.permissions.some((permission) => readGroups.includes(String(permission)))
    return sendPage(
      c,
      authority,
      { path, set: 'directoryObjects' },
      {
        items: user.groups ?? [],
        toEntity: (id) => ({
          '@odata.type': '#microsoft.graph.group',
          id,
          displayName: (isReader ? authority.directory.nameOfGroup(id) : undefined) ?? null,
        }),
      },
    )
  })
}

/** POST v1.0/me/getMemberObjects, v1.0/users/{id}/getMemberObjects, and getMemberGroups: all ids at once. */
export function getMemberObjects(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return answer(c, authority, neededFor(c), async (caller) => {
    const { user } = findAccount(c, authority, caller)
    await checkBody(c)
    const context = `${graphBase(c, authority)}/$metadata#Collection(Edm.String)`
    return c.json({ '@odata.context': context, value: user.groups ?? [] })
  })
}

function neededFor(c: EmulatorContext): NeededPermissions {
  return c.req.param('id') === undefined ? ofMe : ofUsers
}

async function checkBody(c: EmulatorContext): Promise<void> {
  const text = await c.req.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  if (isObject(body) && typeof body['securityEnabledOnly'] === 'boolean') return
  throw new GraphError('Request_BadRequest', "A boolean 'securityEnabledOnly' is required in the body.", 400)
}
