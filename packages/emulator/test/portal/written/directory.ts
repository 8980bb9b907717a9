// The directory that the written pages show: the ready-made one, an application with nothing in it, and one with everything.
import { defaultDirectory, type DirectoryData } from '../../../src/index.ts'
import { contoso, daemon, fabrikam, graph, todoApi, webClient } from '../../scenario.ts'

export const bare = 'a0000000-0000-4000-8000-0000000000a1'
export const full = 'a0000000-0000-4000-8000-0000000000a2'
const applications = [
  ...defaultDirectory.applications,
  { id: bare, displayName: 'Bare', tenantId: contoso },
  {
    ...{ id: full, displayName: 'Full', tenantId: fabrikam, enabled: false, publisher: 'Fabrikam' },
    ...{ signInAudience: 'AzureADMultipleOrgs' as const, appRoleAssignmentRequired: true },
    redirectUris: {
      web: ['https://full.example/a', 'https://full.example/b'],
      spa: ['http://localhost/spa'],
    },
    ...{ isFallbackPublicClient: true, enableIdTokenIssuance: true, accessTokenLifetimeSeconds: 600 },
    ...{ frontChannelLogoutUrl: 'https://full.example/out', accessTokenAcceptedVersion: 2 as const },
    secrets: [{ value: 'secret' }, { value: 'other', expires: '2026-06-01T00:00:00Z' }],
    scopes: [
      { value: 'Read', description: 'Reads', adminOnly: true },
      { value: 'Write', enabled: false },
    ],
    appRoles: [{ value: 'All', description: 'All of it' }],
    optionalClaims: { accessToken: ['upn' as const], idToken: [{ name: 'idtyp' as const }] },
    preAuthorizedApplications: [{ id: bare, scopes: ['Read', 'Write'] }],
    ...{ identifierUris: ['api://full'], knownClientApplications: [webClient, daemon] },
    requiredResourceAccess: [
      { resourceId: todoApi, scopes: ['Tasks.ReadWrite'], roles: ['Tasks.Read.All'] },
      { resourceId: graph, scopes: ['User.Read'] },
    ],
  },
]

export const fullDirectory: DirectoryData = { ...defaultDirectory, applications }
