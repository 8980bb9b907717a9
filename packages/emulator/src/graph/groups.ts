// Which groups a user is in: the way out for an API whose tokens hold too many to list (groups overage).
import { parseObject } from '../kernel/base64url.ts'
import { isGuid } from '../kernel/guid.ts'
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
  return sendIds(c, authority, (groups, body) => {
    if (typeof body['securityEnabledOnly'] === 'boolean') return groups
    throw badRequest("A boolean 'securityEnabledOnly' is required in the body.")
  })
}

/** POST v1.0/me/checkMemberGroups and v1.0/users/{id}/checkMemberGroups: those of the named groups that the user is in. */
export function checkMemberGroups(c: EmulatorContext, authority: TokenIssuer): Promise<Response> {
  return sendIds(c, authority, (groups, { groupIds }) => {
    if (!isListOfIds(groupIds)) throw badRequest("'groupIds' is required in the body: 1 to 20 ids of groups.")
    const asked = groupIds.map((id) => id.toLowerCase())
    return asked.filter((id) => groups.some((group) => group.toLowerCase() === id))
  })
}

/** Answers with ids: of the groups that the user is in, those that the body asks for. */
function sendIds(
  c: EmulatorContext,
  authority: TokenIssuer,
  choose: (groups: readonly string[], body: Record<string, unknown>) => readonly string[],
): Promise<Response> {
  return answer(c, authority, neededFor(c), async (caller) => {
    const { user } = findAccount(c, authority, caller)
    const value = choose(user.groups ?? [], await readBody(c))
    return c.json({ '@odata.context': `${graphBase(c, authority)}/$metadata#Collection(Edm.String)`, value })
  })
}

function neededFor(c: EmulatorContext): NeededPermissions {
  return c.req.param('id') === undefined ? ofMe : ofUsers
}

async function readBody(c: EmulatorContext): Promise<Record<string, unknown>> {
  return parseObject(await c.req.text()) ?? {}
}

function isListOfIds(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 20) return false
  return value.every((id) => typeof id === 'string' && isGuid(id))
}

function badRequest(message: string): GraphError {
  return new GraphError('Request_BadRequest', message, 400)
}
