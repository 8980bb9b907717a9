// The directory at work: finds tenants, people, applications and resources, and knows who was disabled or revoked.
import type { Consents } from './consents.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { type Account, accountIn, AccountIndex } from './account-index.ts'
import { checkAgent, withoutAgent } from './agents.ts'
import { parseAgentIdentity, parseDirectory } from './schema.ts'
import type { AgentIdentity, Application, AppRoleAssignment, DirectoryData, Tenant, User } from './model.ts'
import { graphId } from './default-directory.ts'
import { indexUsers, partsOf, withKnown, type DirectoryState } from './directory-state.ts'
import { deriveGuid } from './derive-guid.ts'

/** What a blueprint is granted by itself: it creates its own agents at Graph. */
export const managerRole = 'AgentIdentity.CreateAsManager'

export type { Account } from './account-index.ts'

/** A directory that can be asked and, at run time, changed. */
export class Directory {
  readonly consents: Consents
  #state: DirectoryState
  #usersByName: ReadonlyMap<string | undefined, User> | undefined
  #accounts: AccountIndex | undefined

  constructor(data: DirectoryData, consents: Consents) {
    this.consents = consents
    this.#state = { ...partsOf(data), disabledUsers: new Set(), tokensValidFrom: new Map() }
  }

  /** Every tenant. */
  get tenants(): readonly Tenant[] {
    return this.#state.tenants
  }

  /** Every user, disabled ones included. */
  get users(): readonly User[] {
    return this.#state.users
  }

  /** Every application, disabled ones included. */
  get applications(): readonly Application[] {
    return this.#state.applications
  }

  /** Everything that it is made of by now: an emulator that starts from it has the same directory. Policies are not part of it. */
  toData(): DirectoryData {
    const { tenants, users, applications, groups, agentIdentities, appRoleAssignments, disabledUsers } =
      this.#state
    const places = idsOf(tenants)
    const apis = idsOf(applications)
    const clients = idsOf([...applications, ...agentIdentities])
    return {
      tenants,
      users: users.map((user) => (disabledUsers.has(user.id) ? { ...user, accountEnabled: false } : user)),
      applications,
      ...(groups.length > 0 && { groups }),
      agentIdentities,
      // Where a client, an API or a tenant is gone, what was granted could not be read again.
      consents: this.consents
        .list()
        .filter(
          ({ tenantId, clientId, resourceId }) =>
            places.has(tenantId) && apis.has(resourceId) && clients.has(clientId),
        ),
      appRoleAssignments,
    }
  }

  /**
   * Replaces tenants, users, applications, agents and assigned roles, from the next request on. Consents stay as they are, and so do revoked
   * sessions and disabled users, unless the new data says whether a user is enabled.
   * @throws {EmulatorOptionsError} naming the path of the first mistake; then nothing has changed
   */
  replace(data: DirectoryData): void {
    const parsed = withKnown(parseDirectory({ ...data, policies: [] }), data, this.#state)
    const decided = new Set(
      parsed.users.filter(({ accountEnabled }) => accountEnabled !== undefined).map(({ id }) => id),
    )
    const disabledUsers = new Set([...this.#state.disabledUsers].filter((id) => !decided.has(id)))
    this.restore({ ...this.#state, ...partsOf(parsed), disabledUsers })
  }

  /** What it is now, for `restore`. */
  snapshot(): DirectoryState {
    return this.#state
  }

  /** Goes back to what it was. */
  restore(state: DirectoryState): void {
    if (state.users !== this.#state.users) {
      this.#usersByName = undefined
      this.#accounts = undefined
    }
    this.#state = state
  }

  /** A tenant by GUID or by any of its domains; an absent name is of nobody. */
  findTenant(segment: string | undefined): Tenant | undefined {
    const wanted = segment?.toLowerCase()
    return this.tenants.find(
      ({ id, domains }) => id === wanted || domains.some((it) => it.toLowerCase() === wanted),
    )
  }

  /** A user by user principal name, mail address or object id in any tenant; an absent name is of nobody. */
  findUser(identifier: string | undefined): User | undefined {
    this.#usersByName ??= indexUsers(this.users)
    return this.#usersByName.get(identifier?.toLowerCase())
  }

  /** An application by its application id; an agent is one that has nothing but its name, and an absent id is of none. */
  findApplication(id: string | undefined): Application | undefined {
    const wanted = id?.toLowerCase()
    const agent = this.findAgent(wanted)
    return agent ? toClient(agent) : this.applications.find((application) => application.id === wanted)
  }

  /** Every agent, disabled ones included. */
  get agentIdentities(): readonly AgentIdentity[] {
    return this.#state.agentIdentities
  }

  /** An agent by its id; an absent one is of none. */
  findAgent(id: string | undefined): AgentIdentity | undefined {
    const wanted = id?.toLowerCase()
    return this.agentIdentities.find((agent) => agent.id === wanted)
  }

  /**
   * Adds an agent below its blueprint.
   * @throws {EmulatorOptionsError} as Entra refuses it: `AgentIdentity_IncompatibleParentType` and its like
   */
  addAgent(identity: AgentIdentity): AgentIdentity {
    const agent = parseAgentIdentity(identity, 'directory.agentIdentity')
    const { tenants, applications, agentIdentities } = this
    checkAgent(agent, { tenants, applications, agentIdentities }, 'agentIdentity')
    this.#state = { ...this.#state, agentIdentities: [...agentIdentities, agent] }
    return agent
  }

  /**
   * Disables or enables an agent, from the next request on.
   * @throws {EmulatorOptionsError} when there is no such agent
   */
  setAgentEnabled(id: string, enabled: boolean): void {
    const found = this.findAgent(id)
    if (found === undefined)
      throw new EmulatorOptionsError('agentIdentity', `${id} is not an agent of the directory`)
    const agentIdentities = this.agentIdentities.map((agent) =>
      agent === found ? { ...found, enabled } : agent,
    )
    this.#state = { ...this.#state, agentIdentities }
  }

  /** Deletes an agent, and with it its user account, its roles and its consents; false when there is none of that id. */
  removeAgent(id: string): boolean {
    const found = this.findAgent(id)
    if (found === undefined) return false
    const left = withoutAgent({ ...this.#state, consents: this.consents.list() }, found.id)
    this.restore({ ...this.#state, ...partsOf(left) })
    this.consents.keep(new Set(left.consents))
    return true
  }

  /** An API by application id or by an application ID URI; a trailing slash does not matter. */
  findResource(identifier: string): Application | undefined {
    const wanted = identifier.replace(/\/$/, '').toLowerCase()
    return this.applications.find(
      ({ id, identifierUris = [] }) =>
        id === wanted || identifierUris.some((uri) => uri.replace(/\/$/, '').toLowerCase() === wanted),
    )
  }

  /** What a group is called; `undefined` where the directory has its id alone. */
  nameOfGroup(id: string): string | undefined {
    return this.#state.groups.find((group) => group.id === id.toLowerCase())?.displayName
  }

  /** The user as that tenant sees them; `undefined` when they are neither a member nor a guest. */
  findAccount(user: User, tenant: Tenant): Account | undefined {
    return accountIn(tenant, user)
  }

  /** The members and guests of a tenant. */
  accountsOf(tenant: Tenant): readonly Account[] {
    return this.#accountIndex().list(tenant)
  }

  /** A member or guest of a tenant by their object id there. */
  findAccountById(tenant: Tenant, id: string): Account | undefined {
    return this.#accountIndex().find(tenant, id)
  }

  /** Whether an application is present in a tenant: at home, provisioned, or consented to; an agent is in its own alone. */
  isPresent({ id, tenantId, provisionedIn = [] }: Application, tenant: Tenant): boolean {
    if (this.findAgent(id) !== undefined) return tenantId === tenant.id
    if (tenantId === undefined || tenantId === tenant.id || provisionedIn.includes(tenant.id)) return true
    return this.consents.knows(tenant.id, id)
  }

  /** Object id of the application's service principal in a tenant. */
  servicePrincipalId({ id }: Application, tenant: Tenant): string {
    const own = this.findAgent(id)?.id ?? this.findApplication(id)?.managedIdentity?.principalId
    return own ?? deriveGuid('service principal', tenant.id, id)
  }

  /** The roles of an API that a user or an application is assigned, and those that every blueprint has. */
  rolesOf(principalId: string, tenant: Tenant, resource: Application): readonly string[] {
    const assigned = this.#state.appRoleAssignments
      .filter(
        (it) => it.principalId === principalId && it.tenantId === tenant.id && it.resourceId === resource.id,
      )
      .map(({ role }) => role)
    const isBlueprint = this.findApplication(principalId)?.agentBlueprint !== undefined
    return isBlueprint && resource.id === graphId ? [...new Set([...assigned, managerRole])] : assigned
  }

  /** Assigns a role of an API to a user or to an application. */
  assignRole(assignment: AppRoleAssignment): void {
    const names = ['tenantId', 'principalId', 'resourceId', 'role'] as const
    const { appRoleAssignments } = this.#state
    const isThere = appRoleAssignments.some((it) => names.every((name) => it[name] === assignment[name]))
    if (!isThere) this.#state = { ...this.#state, appRoleAssignments: [...appRoleAssignments, assignment] }
  }

  /** Whether the user may sign in. */
  isEnabled({ id, accountEnabled = true }: User): boolean {
    return accountEnabled && !this.#state.disabledUsers.has(id)
  }

  /** Disables or enables a user. */
  setEnabled({ id }: User, enabled: boolean): void {
    const disabledUsers = new Set(this.#state.disabledUsers)
    if (enabled) disabledUsers.delete(id)
    else disabledUsers.add(id)
    this.#state = { ...this.#state, disabledUsers }
  }

  /** Revokes everything that was issued for a user up to a time, in milliseconds since the epoch: `clock.now()`. */
  revokeSessions({ id }: User, beforeMs: number): void {
    const tokensValidFrom = new Map(this.#state.tokensValidFrom).set(id, beforeMs)
    this.#state = { ...this.#state, tokensValidFrom }
  }

  /** Whether what was issued for a user at a time, in milliseconds since the epoch, was revoked since. */
  isRevoked(user: User, issuedAtMs: number): boolean {
    const validFrom = this.tokensValidFrom(user)
    return validFrom > 0 && issuedAtMs <= validFrom
  }

  /** Since when (milliseconds since the epoch) the user's grants are valid; 0 when nothing was revoked. */
  tokensValidFrom({ id }: User): number {
    return this.#state.tokensValidFrom.get(id) ?? 0
  }

  #accountIndex(): AccountIndex {
    return (this.#accounts ??= new AccountIndex(this.users))
  }
}

function idsOf(records: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(records.map(({ id }) => id))
}

function toClient({ id, displayName, tenantId, enabled = true }: AgentIdentity): Application {
  return { id, displayName, tenantId, enabled }
}
