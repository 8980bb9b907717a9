// What a directory is at one moment, and what is looked up in it by name.
import type {
  AgentIdentity,
  Application,
  AppRoleAssignment,
  DirectoryData,
  Group,
  Tenant,
  User,
} from './model.ts'

/** What a directory is at one moment. */
export interface DirectoryState {
  readonly tenants: readonly Tenant[]
  readonly users: readonly User[]
  readonly applications: readonly Application[]
  readonly groups: readonly Group[]
  readonly agentIdentities: readonly AgentIdentity[]
  readonly appRoleAssignments: readonly AppRoleAssignment[]
  /** Object ids of users that were disabled since. */
  readonly disabledUsers: ReadonlySet<string>
  /** Since when (milliseconds since the epoch) what was issued for a user is valid, by object id. */
  readonly tokensValidFrom: ReadonlyMap<string, number>
}

/** The parts of it that data brings. */
export function partsOf(data: DirectoryData): Omit<DirectoryState, 'disabledUsers' | 'tokensValidFrom'> {
  const { tenants, users, applications } = data
  const { groups = [], agentIdentities = [], appRoleAssignments = [] } = data
  return { tenants, users, applications, groups, agentIdentities, appRoleAssignments }
}

/** The same data with the records of now wherever nothing was changed: what was not touched stays the same object. */
export function withKnown(parsed: DirectoryData, given: DirectoryData, now: DirectoryState): DirectoryData {
  return {
    ...parsed,
    tenants: known(parsed.tenants, given.tenants, now.tenants),
    users: known(parsed.users, given.users, now.users),
    applications: known(parsed.applications, given.applications, now.applications),
    groups: known(parsed.groups, given.groups, now.groups),
    agentIdentities: known(parsed.agentIdentities, given.agentIdentities, now.agentIdentities),
    appRoleAssignments: known(parsed.appRoleAssignments, given.appRoleAssignments, now.appRoleAssignments),
  }
}

// Parsing keeps the order, and changes nothing in what was parsed before.
function known<Item extends object>(
  parsed: readonly Item[] = [],
  given: readonly Item[] = [],
  now: readonly Item[],
): readonly Item[] {
  const there = new Set(now)
  const items = parsed.map((item, index) => {
    const each = given[index]
    return each !== undefined && there.has(each) ? each : item
  })
  const isSame = items.length === now.length && items.every((item, index) => item === now[index])
  return isSame ? now : items
}

/** Users by user principal name, mail address and object id in any tenant, in lower case. Where two have the same name, the first one has it. */
export function indexUsers(users: readonly User[]): ReadonlyMap<string, User> {
  const index = new Map<string, User>()
  for (const user of users) {
    const names = [user.username, user.mail, user.id, ...(user.guestIn ?? []).map(({ id }) => id)]
    for (const name of names) {
      const key = name?.toLowerCase()
      if (key !== undefined && !index.has(key)) index.set(key, user)
    }
  }
  return index
}
