// What somebody does in the portal of the emulator, one thing of each kind: the form, its fields, and every difference that there is then.
import { clientIdOf, resolveApplications } from '../../src/registration/resolve-applications.ts'
import { ids } from '../behaviour/scenario.ts'
import type { Expected } from './made-of-file.ts'
import type { Changes } from './portal-form.ts'
import { solution } from './solution.ts'

const apiId = clientIdOf(solution, 'api')
const pageId = clientIdOf(solution, 'page')
const other = '00000000-0000-4000-8000-0000000000ff'
export const application = (name: keyof typeof solution.applications, tab = ''): string =>
  `applications/${clientIdOf(solution, name)}${tab}`
const [booking] = resolveApplications(solution).flatMap(({ agents = [] }) => agents)
const agent = `agents/${booking?.clientId ?? ''}`
const remove = { do: 'remove' }

/** By what it is called. */
export const byHand: readonly (readonly [string, string, string, Changes, readonly Expected[]])[] = [
  ['the name', application('page'), '', { displayName: 'Web' }, [['page', 'displayName', 'Page', 'Web']]],
  [
    'who can sign in',
    application('page'),
    '',
    { signInAudience: 'AzureADMultipleOrgs' },
    [['page', 'signInAudience', 'AzureADMyOrg', 'AzureADMultipleOrgs']],
  ],
  [
    'other group claims',
    application('page'),
    '',
    { groupMembershipClaims: 'All' },
    [['page', 'groupClaims', 'SecurityGroup', 'All']],
  ],
  [
    'no group claims',
    application('page'),
    '',
    { groupMembershipClaims: '' },
    [['page', 'groupClaims', 'SecurityGroup', undefined]],
  ],
  [
    'group claims of an API',
    application('api'),
    '',
    { groupMembershipClaims: 'DirectoryRole' },
    [['api', 'groupClaims', undefined, 'DirectoryRole']],
  ],
  [
    'another Application ID URI',
    application('api', '/api'),
    'API',
    { identifierUris: 'api://other', do: 'save' },
    [
      ['api', `identifierUris.api://${apiId}`, 'yes', undefined],
      ['api', 'identifierUris.api://other', undefined, 'yes'],
    ],
  ],
  [
    'tokens of version 1',
    application('api', '/api'),
    'API',
    { v2: null, do: 'save' },
    [['api', 'tokenVersion', '2', '1']],
  ],
  [
    'tokens of version 2',
    application('tasks', '/api'),
    'API',
    { v2: 'on', do: 'save' },
    [['tasks', 'tokenVersion', '1', '2']],
  ],
  [
    'a known client less',
    application('api', '/api'),
    'API',
    { knownClientApplications: '', do: 'save' },
    [['api', `knownClients.${pageId}`, 'yes', undefined]],
  ],
  [
    'a known client more, whose id the file says',
    application('assistant', '/api'),
    'API',
    { knownClientApplications: 'Tasks', do: 'save' },
    [['assistant', `knownClients.${clientIdOf(solution, 'tasks')}`, undefined, 'yes']],
  ],
  [
    'a scope more',
    application('api', '/api'),
    'Add a scope',
    { value: 'shifts.read', description: 'Read shifts', do: 'add-scope' },
    [['api', 'scopes.shifts.read', undefined, 'User']],
  ],
  [
    'a scope less',
    application('api', '/api'),
    'Scopes',
    { 'remove-scope': 'Everything.Delete' },
    [['api', 'scopes.Everything.Delete', 'Admin', undefined]],
  ],
  [
    'a scope that is disabled',
    application('api', '/api'),
    'Scopes',
    { 'disable-scope': 'access_as_user' },
    [['api', 'scopes.access_as_user.disabled', undefined, 'yes']],
  ],
  [
    'a role more',
    application('tasks', '/api'),
    'Add a role',
    { value: 'Tasks.Write.All', description: 'Write', do: 'add-role' },
    [['tasks', 'appRoles.Tasks.Write.All', undefined, 'Application, User']],
  ],
  [
    'a role less',
    application('tasks', '/api'),
    'App roles',
    { 'remove-role': 'Tasks.Audit' },
    [['tasks', 'appRoles.Tasks.Audit', 'Application, User', undefined]],
  ],
  [
    'a pre-authorized client less',
    application('api', '/api'),
    'Clients without consent',
    { 'remove-client': pageId },
    [['api', `preAuthorizedClients.${pageId}`, 'access_as_user', undefined]],
  ],
  [
    'a pre-authorized client less, that has no scope',
    application('api', '/api'),
    'Clients without consent',
    { 'remove-client': clientIdOf(solution, 'commandLine') },
    [['api', `preAuthorizedClients.${clientIdOf(solution, 'commandLine')}`, 'nothing', undefined]],
  ],
  [
    'a pre-authorized client more, whose id the file says',
    application('api', '/api'),
    'Add a client without consent',
    { client: 'Tasks', scopes: 'access_as_user\nEverything.Delete', do: 'add-client' },
    [
      [
        'api',
        `preAuthorizedClients.${clientIdOf(solution, 'tasks')}`,
        undefined,
        'Everything.Delete, access_as_user',
      ],
    ],
  ],
  [
    'a pre-authorized client with another scope',
    application('api', '/api'),
    'Add a client without consent',
    { client: pageId, scopes: 'Everything.Delete', do: 'add-client' },
    [['api', `preAuthorizedClients.${pageId}`, 'access_as_user', 'Everything.Delete']],
  ],
  ...(
    [
      [
        'spa',
        'page',
        'http://localhost/\nhttps://by.hand/',
        ['http://localhost/redirect.html'],
        'https://by.hand/',
      ],
      ['web', 'api', 'https://by.hand/', ['https://api.contoso.com/consented'], 'https://by.hand/'],
      ['publicClient', 'commandLine', 'myapp://auth', ['http://localhost'], 'myapp://auth'],
    ] as const
  ).map(
    ([platform, name, lines, gone, added]) =>
      [
        `redirect URIs of the platform ${platform}`,
        application(name, '/authentication'),
        'Authentication',
        { [platform]: lines },
        [
          ...gone.map((uri) => [name, `redirectUris.${platform}.${uri}`, 'yes', undefined] as const),
          [name, `redirectUris.${platform}.${added}`, undefined, 'yes'] as const,
        ],
      ] as const,
  ),
  [
    'ID tokens that are given at once no more',
    application('page', '/authentication'),
    'Authentication',
    { enableIdTokenIssuance: null },
    [['page', 'idTokenIssuance', 'true', 'false']],
  ],
  [
    'ID tokens that are given at once',
    application('api', '/authentication'),
    'Authentication',
    { enableIdTokenIssuance: 'on' },
    [['api', 'idTokenIssuance', 'false', 'true']],
  ],
  [
    'public client flows',
    application('commandLine', '/authentication'),
    'Authentication',
    { isFallbackPublicClient: null },
    [['commandLine', 'publicClientFlows', 'true', 'false']],
  ],
  [
    'optional claims of access tokens',
    application('api', '/claims'),
    'Optional claims',
    { accessToken: 'acrs\nxms_cc\nidtyp include_user_token' },
    [['api', 'optionalClaims.accessToken.idtyp', undefined, 'yes, include_user_token']],
  ],
  [
    'optional claims of ID tokens',
    application('page', '/claims'),
    'Optional claims',
    { idToken: 'sid\nemail' },
    [['page', 'optionalClaims.idToken.email', undefined, 'yes']],
  ],
  [
    'a permission of an API more',
    application('page', '/permissions'),
    'Add permissions',
    { resourceId: ids.todoApi, scopes: 'Tasks.ReadWrite', roles: '', do: 'add' },
    [['page', `downstream.${ids.todoApi}.scopes.Tasks.ReadWrite`, undefined, 'yes']],
  ],
  [
    'a role in place of a permission',
    application('api', '/permissions'),
    'Add permissions',
    { resourceId: clientIdOf(solution, 'tasks'), scopes: '', roles: 'Tasks.Read.All', do: 'add' },
    [
      ['api', `downstream.${clientIdOf(solution, 'tasks')}.scopes.Tasks.ReadWrite`, 'yes', undefined],
      ['api', `downstream.${clientIdOf(solution, 'tasks')}.roles.Tasks.Read.All`, undefined, 'yes'],
    ],
  ],
  [
    'an API less',
    application('nightly', '/permissions'),
    'Listed permissions',
    { 'remove-access': '00000003-0000-0000-c000-000000000000' },
    [['nightly', 'downstream.00000003-0000-0000-c000-000000000000.roles.User.Read.All', 'yes', undefined]],
  ],
  [
    'the name of an agent',
    agent,
    '',
    { displayName: 'B' },
    [['assistant', 'agents.booking', 'Booking agent', 'B']],
  ],
  [
    'an agent that is disabled',
    agent,
    '',
    { enabled: null },
    [['assistant', 'agents.booking.disabled', undefined, 'yes']],
  ],
  ['an agent less', agent, '', remove, [['assistant', 'agents.booking', 'Booking agent', undefined]]],
  [
    'an agent more',
    'agents',
    '',
    {
      id: other,
      displayName: 'Another',
      blueprintId: clientIdOf(solution, 'assistant'),
      tenantId: ids.contoso,
    },
    [['assistant', `agents.${other}`, undefined, 'Another']],
  ],
  [
    'an agent that is of another blueprint now',
    agent,
    '',
    { blueprintId: 'a0000000-0000-4000-8000-000000000006' },
    [['assistant', 'agents.booking', 'Booking agent', undefined]],
  ],
]
