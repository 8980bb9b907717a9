// What may stand in a directory, and what a mistake is answered with, is what was written down: member by member, and rule by rule.
// `npx vitest run --project emulator packages/emulator/test/directory/mistakes.test.ts -u` writes it anew.
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { defaultDirectory, EmulatorOptionsError } from '../../src/index.ts'
import { parseConsent, parseDirectory } from '../../src/directory/schema.ts'
import { agent, alice, blueprint, contoso, daemon, fabrikam, host, todoApi, webClient } from '../scenario.ts'

const nobody = '99999999-0000-4000-8000-000000000009'
const other = '77777777-0000-4000-8000-00000000000'
const text = (length: number): string => 'x'.repeat(length)

/** One of everything, with every member. */
const whole = {
  tenants: [{ id: contoso, displayName: 'Contoso', domains: ['contoso.com'] }],
  users: [
    {
      ...{ id: `${other}1`, tenantId: contoso, username: 'a@contoso.com', password: 'x', displayName: 'A' },
      ...{ givenName: 'A', surname: 'A', mail: 'a', jobTitle: 'a', officeLocation: 'a', mobilePhone: '1' },
      ...{ businessPhones: ['1'], preferredLanguage: 'en', accountEnabled: true, administrator: true },
      ...{ groups: ['g'], guestIn: [{ tenantId: contoso, id: `${other}2` }] },
    },
  ],
  groups: [{ id: `${other}3`, displayName: 'Group' }],
  applications: [
    {
      ...{ id: `${other}4`, displayName: 'App', tenantId: contoso, signInAudience: 'AzureADMyOrg' },
      ...{ provisionedIn: [contoso], publisher: 'p', enabled: true, frontChannelLogoutUrl: 'https://a/' },
      redirectUris: { spa: ['http://localhost'], web: ['https://a/'], publicClient: ['app://a'] },
      ...{ isFallbackPublicClient: true, enableIdTokenIssuance: true, certificates: ['BEGIN CERTIFICATE'] },
      secrets: [{ value: 'x', expires: '2030-01-01' }],
      federatedCredentials: [{ issuer: 'i', subject: 's', audience: 'a', jwks: { keys: [{}] } }],
      identifierUris: ['api://a'],
      scopes: [{ value: 's', description: 'd', adminOnly: true, enabled: true, id: `${other}5` }],
      appRoles: [{ value: 'r', description: 'd', id: `${other}6` }],
      requiredResourceAccess: [{ resourceId: `${other}4`, scopes: ['s'], roles: ['r'] }],
      optionalClaims: {
        accessToken: [{ name: 'idtyp', additionalProperties: ['p'] }],
        idToken: [{ name: 'sid', additionalProperties: ['p'] }],
      },
      ...{ accessTokenAcceptedVersion: 2, groupMembershipClaims: 'All', knownClientApplications: [daemon] },
      preAuthorizedApplications: [{ id: daemon, scopes: ['s'] }],
      agentBlueprint: { inheritablePermissions: [{ resourceId: `${other}4`, scopes: ['s'] }] },
      ...{ appRoleAssignmentRequired: true, accessTokenLifetimeSeconds: 60 },
    },
    {
      ...{ id: `${other}8`, displayName: 'Host', tenantId: contoso },
      managedIdentity: { principalId: `${other}9`, resourceId: '/r', assignedBy: 'system' },
    },
  ],
  agentIdentities: [
    { id: `${other}7`, displayName: 'Agent', blueprintId: `${other}4`, tenantId: contoso, enabled: true },
  ],
  consents: [
    ...[
      {
        tenantId: contoso,
        clientId: `${other}4`,
        resourceId: `${other}4`,
        scopes: ['s'],
        userId: `${other}1`,
      },
    ],
  ],
  appRoleAssignments: [{ tenantId: contoso, principalId: `${other}1`, resourceId: `${other}4`, role: 'r' }],
  policies: [
    {
      ...{ id: `${other}c`, name: 'P', kind: 'sign_in_frequency', resource: 'App', users: ['a@contoso.com'] },
      ...{ agents: ['Agent'], tenant: contoso, enabled: true, maxAgeSeconds: 1, authContext: 'c1' },
    },
  ],
}

/** The message without the path where it is that of the change; `fine` where there is none. */
function judge(data: unknown, path = ''): string {
  try {
    parseDirectory(data)
    return 'fine'
  } catch (error) {
    if (!(error instanceof EmulatorOptionsError)) throw error
    return error.message.replace(`directory.${path}: `, '')
  }
}

type Path = readonly (string | number)[]

/** Each member once, of the first item of its list. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  const inside =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? value
            .slice(0, path[0] === 'applications' && path.length === 1 ? 2 : 1)
            .map((each, index) => [index, each] as const)
        : Object.entries(value)
  return [path, ...inside.flatMap(([name, each]) => pathsOf(each, [...path, name]))].filter(
    ({ length }) => length > 0,
  )
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((each, name) => (each as Record<string, unknown>)[name], value)
}

function withValue(path: Path, value: unknown): unknown {
  const data = structuredClone(whole) as unknown
  const [last = '', parent] = [path.at(-1), at(data, path.slice(0, -1)) as Record<string, unknown>]
  if (value !== undefined) parent[last] = value
  else if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else Reflect.deleteProperty(parent, last)
  return data
}

const lengths = [120, 121, 200, 201, 253, 254, 256, 257, 4096, 4097, 65_536, 65_537]

function candidates(value: unknown): readonly (readonly [name: string, value: unknown])[] {
  const common = [['absent', undefined]] as const
  if (typeof value === 'string')
    return [
      ...common,
      ['7', 7],
      ['empty', ''],
      ['x', 'x'],
      ['two lines', 'x\ny'],
      ...lengths.map((length) => [String(length), text(length)] as const),
    ]
  if (typeof value === 'number')
    return [...common, ['x', 'x'], ...[-1, 0, 0.5, 1, 2, 3].map((each) => [String(each), each] as const)]
  if (typeof value === 'boolean') return [...common, ['other', !value], ['x', 'x'], ['null', null]]
  if (Array.isArray(value)) return [...common, ['x', 'x'], ['all', 'all'], ['empty', []], ['of 7', [7]]]
  return [...common, ['x', 'x'], ['with more', { ...(value as object), more: 1 }]]
}

/** Lines, long texts by their beginning. */
const writeDown = (lines: readonly string[]): string =>
  `${lines.join('\n')}\n`.replaceAll(/x{20,}/g, (long) => `xxx (${String(long.length)})`)

it('each member', async () => {
  const told = pathsOf(whole).map((path) => {
    const name = path.join('.')
    const answers = new Map<string, string[]>()
    for (const [said, value] of candidates(at(whole, path))) {
      const answer = judge(withValue(path, value), name)
      answers.set(answer, [...(answers.get(answer) ?? []), said])
    }
    return [name, ...[...answers].map(([answer, said]) => `  ${said.join(', ')}: ${answer}`)].join('\n')
  })
  expect(judge(whole)).toBe('fine')
  await expect(writeDown(told)).toMatchFileSnapshot(
    fileURLToPath(new URL('written/members.txt', import.meta.url)),
  )
})

const data = defaultDirectory
const addTo = (list: keyof typeof data, ...items: readonly object[]): object => ({
  ...data,
  [list]: [...(data[list] ?? []), ...items],
})
const changed = (list: 'applications' | 'users', id: string, changes: object): object => ({
  ...data,
  [list]: data[list].map((each) =>
    each.id === id || ('username' in each && each.username === id) ? { ...each, ...changes } : each,
  ),
})
const user = { id: nobody, tenantId: contoso, username: 'n@contoso.com', displayName: 'N', password: 'x' }
const identity = { principalId: nobody, resourceId: '/r', assignedBy: 'system' }
const agentOf = (changes: object): object => ({
  id: nobody,
  displayName: 'N',
  blueprintId: blueprint,
  tenantId: contoso,
  ...changes,
})
const policy = (changes: object): object => addTo('policies', { kind: 'block', ...changes })
const many = (count: number, make: (index: number) => object): readonly object[] =>
  Array.from({ length: count }, (_, index) => make(index))
const idOf = (index: number): string => `88888888-0000-4000-8000-${String(index).padStart(12, '0')}`
const uris = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `https://a/${String(index)}`)

it('each rule', async () => {
  const rules: readonly (readonly [name: string, data: unknown])[] = [
    ['nothing', undefined],
    ['a list', []],
    ['no tenants', { ...data, tenants: [] }],
    ['a tenant without a domain', addTo('tenants', { id: nobody, displayName: 'N', domains: [] })],
    [
      'ids in capitals',
      addTo('users', { ...user, id: nobody.toUpperCase(), tenantId: contoso.toUpperCase() }),
    ],
    ['a user of no tenant', addTo('users', { ...user, tenantId: nobody })],
    ['a user without a password', addTo('users', { ...user, password: undefined })],
    [
      'an account of an agent',
      addTo('users', {
        id: nobody,
        tenantId: contoso,
        username: 'n',
        displayName: 'N',
        agentIdentityId: agent,
      }),
    ],
    ['the same, with a password', addTo('users', { ...user, agentIdentityId: agent })],
    [
      'the same, of no agent',
      changed('users', 'assistant@contoso.onmicrosoft.com', { agentIdentityId: nobody }),
    ],
    [
      'the same, in another tenant',
      changed('users', 'assistant@contoso.onmicrosoft.com', { tenantId: fabrikam }),
    ],
    [
      'the same, as a guest',
      changed('users', 'assistant@contoso.onmicrosoft.com', {
        guestIn: [{ tenantId: fabrikam, id: nobody }],
      }),
    ],
    ['the same, as a guest nowhere', changed('users', 'assistant@contoso.onmicrosoft.com', { guestIn: [] })],
    [
      'an application of no tenant',
      addTo('applications', { id: nobody, displayName: 'N', tenantId: nobody }),
    ],
    ...['tenantId', 'clientId', 'resourceId'].map((name) => {
      const consent = {
        tenantId: contoso,
        clientId: webClient,
        resourceId: todoApi,
        scopes: [],
        [name]: nobody,
      }
      return [`a consent of an unknown ${name}`, addTo('consents', consent)] as const
    }),
    [
      'a consent of an agent',
      addTo('consents', { tenantId: contoso, clientId: agent, resourceId: todoApi, scopes: [] }),
    ],
    [
      'a role of no API',
      addTo('appRoleAssignments', { tenantId: contoso, principalId: daemon, resourceId: nobody, role: 'r' }),
    ],
    ...(['tenants', 'users', 'applications'] as const).map(
      (list) => [`${list} twice`, addTo(list, ...data[list].slice(0, 1))] as const,
    ),
    ['groups twice', { ...data, groups: [1, 2].map((n) => ({ id: nobody, displayName: String(n) })) }],
    [
      'a domain twice',
      addTo('tenants', { id: nobody, displayName: 'N', domains: ['n.example', 'CONTOSO.com'] }),
    ],
    ['a user name twice', addTo('users', { ...user, username: alice.toUpperCase() })],
    [
      'an application ID URI twice',
      addTo('applications', {
        ...{ id: nobody, displayName: 'N', tenantId: contoso },
        identifierUris: [`API://${todoApi}`],
      }),
    ],
    [
      'an application ID URI that another one has with a slash',
      addTo('applications', { id: nobody, displayName: 'N', identifierUris: ['api://legacy.contoso.com/'] }),
    ],
    [
      'an application ID URI that is the id of another one',
      addTo('applications', { id: nobody, displayName: 'N', identifierUris: [daemon] }),
    ],
    [
      'an application ID URI twice at one application',
      addTo('applications', { id: nobody, displayName: 'N', identifierUris: ['api://n', 'API://n'] }),
    ],
    ['an agent', addTo('agentIdentities', agentOf({}))],
    ['an agent that is there', addTo('agentIdentities', agentOf({ id: agent }))],
    ['an agent that is an application', addTo('agentIdentities', agentOf({ id: daemon }))],
    ['an agent of no tenant', addTo('agentIdentities', agentOf({ tenantId: nobody }))],
    ['an agent of no blueprint', addTo('agentIdentities', agentOf({ blueprintId: nobody }))],
    ['an agent of an application', addTo('agentIdentities', agentOf({ blueprintId: daemon }))],
    ['an agent of an agent', addTo('agentIdentities', agentOf({ blueprintId: agent }))],
    [
      'an agent where its blueprint is provisioned',
      addTo('agentIdentities', agentOf({ tenantId: fabrikam })),
    ],
    [
      'an agent where its blueprint is not',
      {
        ...changed('applications', blueprint, { provisionedIn: [] }),
        agentIdentities: [...(data.agentIdentities ?? []), agentOf({ tenantId: fabrikam })],
      },
    ],
    ['an agent with a secret', addTo('agentIdentities', agentOf({ secrets: [] }))],
    ['250 agents', addTo('agentIdentities', ...many(249, (index) => agentOf({ id: idOf(index) })))],
    ['251 agents', addTo('agentIdentities', ...many(250, (index) => agentOf({ id: idOf(index) })))],
    [
      '251 agents in two tenants',
      addTo(
        'agentIdentities',
        ...many(250, (index) => agentOf({ id: idOf(index), tenantId: index === 0 ? fabrikam : contoso })),
      ),
    ],
    [
      'what is inherited of no API',
      changed('applications', blueprint, {
        agentBlueprint: {
          inheritablePermissions: [
            { resourceId: todoApi, scopes: 'all' },
            { resourceId: nobody, scopes: 'all' },
          ],
        },
      }),
    ],
    ['a managed identity with a secret', changed('applications', host, { secrets: [] })],
    ['with a certificate', changed('applications', host, { certificates: [] })],
    ['with redirect URIs', changed('applications', host, { redirectUris: {} })],
    ['that is a blueprint', changed('applications', host, { agentBlueprint: {} })],
    ['that is a public client', changed('applications', host, { isFallbackPublicClient: false })],
    ['with an address', changed('applications', host, { identifierUris: ['api://host'] })],
    ['of no tenant', addTo('applications', { id: nobody, displayName: 'N', managedIdentity: identity })],
    [
      'two of the system',
      addTo('applications', { id: nobody, displayName: 'N', tenantId: contoso, managedIdentity: identity }),
    ],
    [
      'two, one of them of a user',
      addTo('applications', {
        id: nobody,
        displayName: 'N',
        tenantId: contoso,
        managedIdentity: { ...identity, assignedBy: 'user' },
      }),
    ],
    [
      'two, of one nothing is said',
      addTo('applications', {
        id: nobody,
        displayName: 'N',
        tenantId: contoso,
        managedIdentity: { principalId: nobody, resourceId: '/r' },
      }),
    ],
    ['256 redirect URIs', changed('applications', webClient, { redirectUris: { web: uris(256) } })],
    ['257 redirect URIs', changed('applications', webClient, { redirectUris: { web: uris(257) } })],
    ['a platform that there is not', changed('applications', webClient, { redirectUris: { ios: [] } })],
    [
      'a sign-out address of another scheme',
      changed('applications', webClient, { frontChannelLogoutUrl: 'app://a' }),
    ],
    [
      'a credential without keys',
      changed('applications', daemon, {
        federatedCredentials: [{ issuer: 'https://idp.example', subject: 's' }],
      }),
    ],
    [
      'a credential of Entra',
      changed('applications', daemon, {
        federatedCredentials: [{ issuer: `https://login.microsoftonline.com/${contoso}/v2.0`, subject: 's' }],
      }),
    ],
    ['a policy', policy({})],
    ['of everything', policy({ resource: 'all' })],
    ['of an API by its name', policy({ resource: 'TO DO api' })],
    ['of an API by its address and a slash', policy({ resource: `api://${todoApi}/` })],
    ['of an API by its id', policy({ resource: todoApi.toUpperCase() })],
    ['of no API', policy({ resource: 'Nothing' })],
    ['of a user by the id', policy({ users: ['c0000000-0000-4000-8000-0000000000A1'] })],
    ['of a guest by the id', policy({ users: ['c0000000-0000-4000-8000-0000000000c9'] })],
    ['of no user', policy({ users: [alice, 'nobody'] })],
    ['of an agent by the name', policy({ agents: ['contoso ASSISTANT'] })],
    ['of an agent by the id', policy({ agents: [agent.toUpperCase()] })],
    ['of no agent', policy({ agents: [agent, 'nobody'] })],
    ['of all agents', policy({ agents: 'all' })],
    ['of other agents', policy({ agents: 'some' })],
    ['of a tenant by its domain', policy({ tenant: 'CONTOSO.com' })],
    ['of a tenant by its id', policy({ tenant: contoso.toUpperCase() })],
    ['of no tenant', policy({ tenant: 'nowhere' })],
    ['of 1000 users', policy({ users: Array.from({ length: 1000 }, () => alice) })],
    ['of 1001 users', policy({ users: Array.from({ length: 1001 }, () => alice) })],
    ['of 1001 agents', policy({ agents: Array.from({ length: 1001 }, () => agent) })],
    ['twice', { ...data, policies: [{ kind: 'block' }, { kind: 'block' }] }],
    ['twice, with names', { ...data, policies: [{ kind: 'block' }, { kind: 'block', name: 'Other' }] }],
    [
      'twice, with one id',
      {
        ...data,
        policies: [
          { kind: 'block', id: nobody },
          { kind: 'block', name: 'Other', id: nobody },
        ],
      },
    ],
    ['of a kind that there is not', policy({ kind: 'other' })],
    ...['c0', 'c1', 'c9', 'c10', 'c99', 'c100', 'd1', 'xc1', 'c1x'].map(
      (authContext) => [`of ${authContext}`, policy({ kind: 'require_auth_context', authContext })] as const,
    ),
    ['a block with an age', policy({ maxAgeSeconds: 1 })],
    ['a context with an age', policy({ kind: 'require_auth_context', authContext: 'c1', maxAgeSeconds: 1 })],
  ]
  const told = rules.map(([name, value]) => `${name}: ${judge(value)}`)
  await expect(writeDown(told)).toMatchFileSnapshot(
    fileURLToPath(new URL('written/rules.txt', import.meta.url)),
  )
})

it('what policies become', async () => {
  const definitions = [
    ...(['require_mfa', 'require_registration', 'block'] as const).map((kind) => ({ kind })),
    {
      kind: 'sign_in_frequency',
      maxAgeSeconds: 60,
      resource: 'to do API',
      users: ['ALICE@contoso.onmicrosoft.com'],
    },
    { kind: 'require_auth_context', authContext: 'c7', agents: ['contoso assistant'], tenant: 'CONTOSO.com' },
    {
      kind: 'block',
      authContext: 'c8',
      agents: 'all',
      enabled: false,
      name: 'Named',
      id: nobody.toUpperCase(),
    },
    {
      kind: 'require_mfa',
      users: [alice, 'bob@contoso.onmicrosoft.com'],
      agents: 'all',
      resource: `api://${todoApi}/`,
    },
    { kind: 'block', users: Array.from({ length: 20 }, () => alice) },
  ]
  const { policies = [] } = parseDirectory({ ...data, policies: definitions })
  const consents = [
    {},
    { tenantId: contoso, clientId: daemon, resourceId: todoApi, scopes: [] },
    { tenantId: contoso.toUpperCase(), clientId: daemon, resourceId: todoApi, scopes: ['a'], userId: nobody },
    { tenantId: contoso, clientId: daemon, resourceId: todoApi, scopes: [text(120)] },
    { tenantId: contoso, clientId: daemon, resourceId: todoApi, scopes: [text(121)] },
    { tenantId: contoso, clientId: daemon, resourceId: todoApi, scopes: ['a'], userId: 'alice' },
    'consent',
  ]
  const told = [
    ...policies.map((each) => JSON.stringify(each)),
    ...consents.map(
      (consent) => `${JSON.stringify(consent)} as a consent: ${JSON.stringify(parseConsent(consent))}`,
    ),
  ]
  await expect(writeDown(told)).toMatchFileSnapshot(
    fileURLToPath(new URL('written/policies.txt', import.meta.url)),
  )
})
