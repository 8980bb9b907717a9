// The kinds of records whose members are simple: tenants, users and agents.
import { withoutAgent } from '../../directory/agents.ts'
import type { Directory } from '../../directory/directory.ts'
import type { AgentIdentity, DirectoryData, Tenant, User } from '../../directory/model.ts'
import type { Choice } from '../parts/fields.tsx'
import { guestLines } from './guest-lines.ts'
import type { RecordKind } from './record-kind.ts'

/** Every tenant as a choice. */
export function tenantChoices({ tenants }: Pick<Directory, 'tenants'>): readonly Choice[] {
  return tenants.slice(0, 200).map(({ id, displayName }) => ({ value: id, label: displayName }))
}

function nameOfTenant(directory: Directory, id: string | undefined): string {
  return id === undefined ? 'every tenant' : (directory.findTenant(id)?.displayName ?? id)
}

/** Organizations. */
export const tenantKind: RecordKind<Tenant> = {
  section: 'tenants',
  path: '/portal/tenants',
  title: 'Tenants',
  one: 'tenant',
  lead: 'Organizations, each with the domains that name it.',
  fields: [
    { name: 'displayName', label: 'Name', kind: 'text', required: true },
    {
      name: 'domains',
      label: 'Verified domains',
      kind: 'lines',
      hint: 'One a line; the first is the default.',
    },
  ],
  nameOf: ({ displayName }) => displayName,
  detailOf: ({ domains }) => domains.join(', '),
  list: ({ tenants }) => tenants,
  put: (data, tenants) => ({ ...data, tenants }),
  withoutTraces: (data, id) => ({
    ...data,
    users: data.users.map((user) =>
      user.guestIn?.some(({ tenantId }) => tenantId === id) === true
        ? { ...user, guestIn: user.guestIn.filter(({ tenantId }) => tenantId !== id) }
        : user,
    ),
    ...withoutGrants(data, ({ tenantId }) => tenantId === id),
  }),
}

/** People, and the user accounts of agents. */
export const userKind: RecordKind<User> = {
  section: 'users',
  path: '/portal/users',
  title: 'Users',
  one: 'user',
  lead: 'Who can sign in. Passwords are made up, and shown on the page of each user.',
  fields: [
    { name: 'displayName', label: 'Name', kind: 'text', required: true },
    {
      name: 'username',
      label: 'User principal name',
      kind: 'text',
      required: true,
      hint: 'dora@contoso.onmicrosoft.com',
    },
    {
      name: 'password',
      label: 'Password',
      kind: 'text',
      hint: 'Empty for the user account of an agent alone.',
    },
    { name: 'tenantId', label: 'Home tenant', kind: 'choice', choices: tenantChoices },
    { name: 'accountEnabled', label: 'May sign in', kind: 'flag', byDefault: true },
    {
      name: 'administrator',
      label: 'Administrator',
      kind: 'flag',
      hint: 'May consent for the whole tenant.',
    },
    { name: 'givenName', label: 'Given name', kind: 'text' },
    { name: 'surname', label: 'Surname', kind: 'text' },
    { name: 'mail', label: 'Mail', kind: 'text' },
    { name: 'jobTitle', label: 'Job title', kind: 'text' },
    { name: 'officeLocation', label: 'Office', kind: 'text' },
    { name: 'mobilePhone', label: 'Mobile phone', kind: 'text' },
    { name: 'preferredLanguage', label: 'Language', kind: 'text', hint: 'Such as en-GB.' },
    { name: 'groups', label: 'Groups', kind: 'lines', hint: 'Object ids, one a line.' },
    {
      name: 'guestIn',
      label: 'Guest in',
      kind: 'lines',
      lines: guestLines,
      hint: 'Ids or domains of other tenants, one a line; an object id may follow.',
    },
  ],
  nameOf: ({ displayName }) => displayName,
  detailOf: ({ username, tenantId, administrator, agentIdentityId }, directory) =>
    [
      username,
      nameOfTenant(directory, tenantId),
      administrator === true ? 'administrator' : '',
      agentIdentityId === undefined ? '' : 'account of an agent',
    ]
      .filter((part) => part !== '')
      .join(' · '),
  list: ({ users }) => users,
  put: (data, users) => ({ ...data, users }),
  withoutTraces: (data, id) => ({
    ...data,
    ...withoutGrants(data, (it) => it.userId === id || it.principalId === id),
  }),
}

/** Agents below their blueprints. */
export const agentKind: RecordKind<AgentIdentity> = {
  section: 'agents',
  path: '/portal/agents',
  title: 'Agents',
  one: 'agent',
  lead: 'Agent identities, each below the blueprint that acts as it.',
  fields: [
    { name: 'displayName', label: 'Name', kind: 'text', required: true },
    {
      name: 'blueprintId',
      label: 'Blueprint',
      kind: 'choice',
      choices: ({ applications }) =>
        applications
          .filter(({ agentBlueprint }) => agentBlueprint !== undefined)
          .slice(0, 200)
          .map(({ id, displayName }) => ({ value: id, label: displayName })),
    },
    { name: 'tenantId', label: 'Tenant', kind: 'choice', choices: tenantChoices },
    { name: 'enabled', label: 'Enabled', kind: 'flag', byDefault: true },
  ],
  nameOf: ({ displayName }) => displayName,
  detailOf: ({ blueprintId, tenantId }, directory) =>
    `${directory.findApplication(blueprintId)?.displayName ?? blueprintId} · ${nameOfTenant(directory, tenantId)}`,
  list: ({ agentIdentities = [] }) => agentIdentities,
  put: (data, agentIdentities) => ({ ...data, agentIdentities }),
  withoutTraces: withoutAgent,
}

/** Consents and assigned roles that do not belong to what was removed. */
export function withoutGrants(
  { consents = [], appRoleAssignments = [] }: DirectoryData,
  isGone: (grant: {
    readonly tenantId: string
    readonly resourceId: string
    readonly clientId?: string
    readonly userId?: string
    readonly principalId?: string
  }) => boolean,
): Pick<DirectoryData, 'consents' | 'appRoleAssignments'> {
  return {
    consents: consents.filter((consent) => !isGone(consent)),
    appRoleAssignments: appRoleAssignments.filter((assignment) => !isGone(assignment)),
  }
}
