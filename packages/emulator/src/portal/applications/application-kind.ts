// App registrations as records: the members of their overview.
import type { Application } from '../../directory/model.ts'
import { tenantChoices, withoutGrants } from '../records/kinds.ts'
import type { RecordKind } from '../records/record-kind.ts'

/** Clients and APIs. */
export const applicationKind: RecordKind<Application> = {
  section: 'applications',
  path: '/portal/applications',
  title: 'App registrations',
  one: 'app registration',
  lead: 'Clients, APIs and what is both.',
  fields: [
    { name: 'displayName', label: 'Name', kind: 'text', required: true },
    {
      name: 'tenantId',
      label: 'Home tenant',
      kind: 'choice',
      choices: (directory) => [...tenantChoices(directory), { value: '', label: 'Every tenant (Microsoft)' }],
    },
    {
      name: 'signInAudience',
      label: 'Who can sign in',
      kind: 'choice',
      choices: () => [
        { value: '', label: 'Accounts of the home tenant (default)' },
        { value: 'AzureADMyOrg', label: 'Accounts of the home tenant' },
        { value: 'AzureADMultipleOrgs', label: 'Accounts of any tenant' },
      ],
    },
    {
      name: 'groupMembershipClaims',
      label: 'Groups in tokens',
      kind: 'choice',
      choices: () => [
        { value: '', label: 'None (default)' },
        { value: 'SecurityGroup', label: 'Security groups' },
        { value: 'DirectoryRole', label: 'Directory roles' },
        { value: 'ApplicationGroup', label: 'Groups assigned to the application' },
        { value: 'All', label: 'All groups' },
      ],
      hint: 'In access tokens for it and in its ID tokens. The emulator emits every group of the user.',
    },
    { name: 'publisher', label: 'Publisher', kind: 'text' },
    { name: 'enabled', label: 'Enabled', kind: 'flag', byDefault: true },
    {
      name: 'appRoleAssignmentRequired',
      label: 'Assignment required',
      kind: 'flag',
      hint: 'Only assigned users and applications get tokens for it.',
    },
    {
      name: 'accessTokenLifetimeSeconds',
      label: 'Lifetime of access tokens for it, in seconds',
      kind: 'number',
      hint: 'Empty: as the emulator draws it.',
    },
    { name: 'provisionedIn', label: 'Also in these tenants', kind: 'lines', hint: 'Tenant ids, one a line.' },
  ],
  nameOf: ({ displayName }) => displayName,
  detailOf: (application, directory) =>
    [
      kindOf(application),
      application.tenantId === undefined
        ? 'every tenant'
        : (directory.findTenant(application.tenantId)?.displayName ?? application.tenantId),
      application.enabled === false ? 'disabled' : '',
    ]
      .filter((part) => part !== '')
      .join(' · '),
  list: ({ applications }) => applications,
  put: (data, applications) => ({ ...data, applications }),
  withoutTraces: (data, id) => ({
    ...data,
    applications: data.applications.map((application) => withoutMentions(application, id)),
    ...withoutGrants(data, ({ resourceId, clientId, principalId }) =>
      [resourceId, clientId, principalId].includes(id),
    ),
  }),
}

/** What it is, in a word. */
export function kindOf(application: Application): string {
  const { agentBlueprint, managedIdentity, redirectUris, scopes, secrets } = application
  if (managedIdentity !== undefined) return 'managed identity'
  if (agentBlueprint !== undefined) return 'blueprint'
  const hasAny = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0
  if (hasAny(redirectUris?.spa)) return 'spa'
  if (hasAny(scopes)) return 'api'
  if (hasAny(redirectUris?.web)) return 'web'
  return hasAny(secrets) ? 'daemon' : 'app'
}

function withoutMentions(application: Application, id: string): Application {
  const { requiredResourceAccess, preAuthorizedApplications, knownClientApplications, agentBlueprint } =
    application
  const handedDown = agentBlueprint?.inheritablePermissions
  const isMentioned =
    requiredResourceAccess?.some(({ resourceId }) => resourceId === id) === true ||
    preAuthorizedApplications?.some((client) => client.id === id) === true ||
    knownClientApplications?.includes(id) === true ||
    handedDown?.some(({ resourceId }) => resourceId === id) === true
  if (!isMentioned) return application
  return {
    ...application,
    ...(requiredResourceAccess !== undefined && {
      requiredResourceAccess: requiredResourceAccess.filter(({ resourceId }) => resourceId !== id),
    }),
    ...(preAuthorizedApplications !== undefined && {
      preAuthorizedApplications: preAuthorizedApplications.filter((client) => client.id !== id),
    }),
    ...(knownClientApplications !== undefined && {
      knownClientApplications: knownClientApplications.filter((client) => client !== id),
    }),
    ...(handedDown !== undefined && {
      agentBlueprint: { inheritablePermissions: handedDown.filter(({ resourceId }) => resourceId !== id) },
    }),
  }
}
