// What every form of the portal does, mistakes included, is what was written down: the answer, what the page says then, and what changed.
// Each press that changed something is undone, after which everything is as it was.
// `npx vitest run --project emulator packages/emulator/test/portal/written -u` writes it anew.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type DirectoryData, type Emulator } from '../../../src/index.ts'
import {
  agent,
  alice,
  blueprint,
  contoso,
  commandLine,
  daemon,
  fabrikam,
  graph,
  middleTier,
  todoApi,
  webClient,
} from '../../scenario.ts'
import { certificateOf } from '../../made-certificate.ts'
import { createPerson, type Person, type Press } from '../person.ts'
import { bare, full, fullDirectory } from './directory.ts'
import { namingOf, stateOf } from './state.ts'

const certificate = certificateOf('Somebody')
const wingtip = 'd0000000-0000-4000-8000-000000000001'
const directory: DirectoryData = {
  ...fullDirectory,
  tenants: [...fullDirectory.tenants, { id: wingtip, displayName: 'Wingtip', domains: ['wingtip.example'] }],
  users: fullDirectory.users.map((each, index) =>
    index === 1
      ? { ...each, guestIn: [{ tenantId: wingtip, id: 'd0000000-0000-4000-8000-0000000000b9' }] }
      : each,
  ),
  appRoleAssignments: [
    ...(fullDirectory.appRoleAssignments ?? []),
    { tenantId: wingtip, principalId: daemon, resourceId: todoApi, role: 'Tasks.Read.All' },
  ],
}
const now = Date.parse('2026-05-04T03:02:01Z')
const bob = fullDirectory.users[1]!.id
const carol = fullDirectory.users[2]!.id
const nobody = '99999999-0000-4000-8000-000000000009'
const daily = 'b0000000-0000-4000-8000-000000000004'

let emulator: Emulator
let person: Person
let named: (text: string) => string
beforeAll(async () => {
  emulator = await createEmulator({ directory, clock: { now: () => now } })
  await emulator.keys.ready()
  named = namingOf(emulator)
  person = createPerson(emulator, () => stateOf(emulator))
  const consent = { tenantId: contoso, clientId: bare, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] }
  await emulator.directory.consents.grant({ ...consent, userId: bob })
  await emulator.directory.consents.grant({ ...consent, tenantId: wingtip })
  emulator.policies.add({ kind: 'block', name: 'Not Full', resource: full, enabled: false })
  emulator.policies.add({
    kind: 'block',
    name: 'Not Bob',
    users: [fullDirectory.users[1]!.username],
    enabled: false,
  })
})
afterAll(() => emulator.stop())

async function tellAll(presses: readonly Press[]): Promise<string> {
  const told: string[] = []
  for (const press of presses) {
    const before = stateOf(emulator)
    told.push([head(press), ...(await person.press(press))].join('\n'))
    await person.undoAll()
    expect(stateOf(emulator), `undone: ${head(press)}`).toEqual(before)
  }
  return `${named(told.join('\n\n'))}\n`
}

function head({ at, form = '', press, fill = {}, forge = {} }: Press): string {
  const filled = Object.entries({ ...fill, ...forge }).map(
    ([name, value = '(no tick)']) => `${name}=${JSON.stringify(value)}`,
  )
  return [`At ${at}, “${form}”, “${press}”`, ...filled].join(' ')
}

const save = (at: string, form: string, fill: Press['fill'] = {}, more: Partial<Press> = {}): Press => ({
  ...{ at, form, press: 'Save', fill },
  ...more,
})
const user = (id: string): string => `/portal/users/${id}`
const application = (id: string, tab = ''): string =>
  `/portal/applications/${id}${tab === '' ? '' : `/${tab}`}`

const addTenant = (fill: Press['fill']): Press => ({
  ...{ at: '/portal/tenants', form: 'Add a tenant', press: 'Add', fill },
})
const remove = (at: string, one: string): Press => ({ at, form: 'Remove', press: `Remove this ${one}` })
const tailspin = { displayName: 'Tailspin', domains: 'tailspin.example' }

const addUser = (fill: Press['fill']): Press => ({
  ...{ at: '/portal/users', form: 'Add a user', press: 'Add', fill },
})
const dora = { displayName: 'Dora', username: 'dora@contoso.onmicrosoft.com', password: 'x' }

const records: readonly Press[] = [
  addTenant({ id: '77777777-0000-4000-8000-000000000001', ...tailspin }),
  addTenant(tailspin),
  addTenant({
    id: '77777777-0000-4000-8000-00000000000A',
    ...tailspin,
    domains: 'One.example, two.example\n\nthree.example',
  }),
  addTenant({ ...tailspin, id: 'no-guid' }),
  addTenant({ ...tailspin, id: contoso }),
  addTenant({ ...tailspin, domains: '' }),
  addTenant({ ...tailspin, domains: 'contoso.com' }),
  addTenant({ ...tailspin, displayName: ' ' }),
  save(`/portal/tenants/${contoso}`, 'Contoso'),
  save(`/portal/tenants/${contoso}`, 'Contoso', {
    displayName: ' Contoso Ltd ',
    domains: 'contoso.onmicrosoft.com',
  }),
  remove(`/portal/tenants/${fabrikam}`, 'tenant'),
  remove(`/portal/tenants/${wingtip}`, 'tenant'),
  addUser(dora),
  addUser({
    ...dora,
    id: '77777777-0000-4000-8000-000000000002',
    tenantId: fabrikam,
    accountEnabled: undefined,
  }),
  addUser({
    ...{
      ...dora,
      id: '77777777-0000-4000-8000-000000000003',
      administrator: 'on',
      givenName: 'Dora',
      surname: 'Dee',
    },
    ...{
      mail: 'd@contoso.com',
      jobTitle: 'Engineer',
      officeLocation: '1',
      mobilePhone: '+1',
      preferredLanguage: 'en-GB',
    },
    groups: '77777777-0000-4000-8000-0000000000a1\n77777777-0000-4000-8000-0000000000a2',
    guestIn: `fabrikam.onmicrosoft.com 77777777-0000-4000-8000-0000000000b1`,
  }),
  addUser({ ...dora, id: '77777777-0000-4000-8000-000000000004', guestIn: fabrikam }),
  addUser({ ...dora, password: '' }),
  addUser({ ...dora, username: 'alice@contoso.onmicrosoft.com' }),
  addUser({ ...dora, username: 'dora' }),
  addUser({ ...dora, guestIn: 'nowhere.example' }),
  addUser({ ...dora, guestIn: `${fabrikam} 77777777-0000-4000-8000-0000000000b1 more` }),
  addUser({ ...dora, guestIn: contoso }),
  addUser({ ...dora, groups: 'friends' }),
  ...[fullDirectory.users[0]!.id, carol, fullDirectory.users[3]!.id].map((id) =>
    save(user(id), fullDirectory.users.find((each) => each.id === id)!.displayName),
  ),
  save(user(bob), 'Bob Brown', {
    displayName: 'Bob B.',
    accountEnabled: undefined,
    administrator: 'on',
    mail: '',
  }),
  save(user(bob), 'Bob Brown', { username: ' ' }),
  { at: user(bob), form: 'Sessions', press: 'Revoke sessions' },
  { at: user(bob), form: 'Bob Brown', press: 'Save', forge: { do: 'anything' } },
  remove(user(bob), 'user'),
  remove(user(carol), 'user'),
  save(`/portal/agents/${agent}`, 'Contoso Assistant'),
  save(`/portal/agents/${agent}`, 'Contoso Assistant', {
    displayName: 'Helper',
    enabled: undefined,
    tenantId: fabrikam,
  }),
  remove(`/portal/agents/${agent}`, 'agent'),
  {
    ...{ at: '/portal/agents', form: 'Add an agent', press: 'Add' },
    fill: { id: '77777777-0000-4000-8000-000000000005', displayName: 'Helper' },
  },
  {
    ...{ at: '/portal/agents', form: 'Add an agent', press: 'Add' },
    ...{ fill: { displayName: 'Helper' }, forge: { blueprintId: webClient } },
  },
]

const addApplication = (fill: Press['fill']): Press => ({
  ...{ at: '/portal/applications', form: 'Add an app registration', press: 'Add', fill },
})
const overview = (id: string, fill: Press['fill'] = {}): Press =>
  save(application(id), id === full ? 'Full' : 'Bare', fill)

const registrations: readonly Press[] = [
  addApplication({ displayName: 'New' }),
  addApplication({
    displayName: 'New',
    id: '77777777-0000-4000-8000-000000000006',
    tenantId: '',
    enabled: undefined,
  }),
  addApplication({ displayName: 'New', provisionedIn: nobody }),
  addApplication({ displayName: 'New', id: bare }),
  overview(full),
  overview(bare),
  overview(bare, {
    ...{
      signInAudience: 'AzureADMultipleOrgs',
      groupMembershipClaims: 'All',
      publisher: 'Fabrikam',
      enabled: undefined,
    },
    ...{ appRoleAssignmentRequired: 'on', accessTokenLifetimeSeconds: '300', provisionedIn: fabrikam },
  }),
  overview(bare, { tenantId: '', signInAudience: 'AzureADMyOrg' }),
  overview(bare, { accessTokenLifetimeSeconds: '0' }),
  overview(bare, { accessTokenLifetimeSeconds: 'soon' }),
  overview(full, {
    ...{ signInAudience: '', publisher: '', enabled: 'on', appRoleAssignmentRequired: undefined },
    ...{ accessTokenLifetimeSeconds: '', groupMembershipClaims: 'SecurityGroup' },
  }),
  { ...overview(full), forge: { seen: 'of another time' } },
  remove(application(full), 'app registration'),
  remove(application(bare), 'app registration'),
  remove(application(todoApi), 'app registration'),
  remove(application(middleTier), 'app registration'),
  remove(application(webClient), 'app registration'),
  remove(application(commandLine), 'app registration'),
  remove(application(blueprint), 'app registration'),
]

const authentication = (id: string, fill: Press['fill'] = {}, forge: Press['forge'] = {}): Press => ({
  ...save(application(id, 'authentication'), 'Authentication', fill),
  forge,
})
const secrets = (
  form: string,
  press: string,
  fill: Press['fill'] = {},
  forge: Press['forge'] = {},
): Press => ({
  ...{ at: application(full, 'secrets'), form, press, fill, forge },
})

const credentials: readonly Press[] = [
  authentication(full),
  authentication(bare),
  authentication(bare, {
    web: 'https://one.example/\r\nhttps://two.example/',
    spa: '',
    publicClient: 'http://localhost',
  }),
  authentication(bare, { frontChannelLogoutUrl: 'https://one.example/out', isFallbackPublicClient: 'on' }),
  authentication(bare, { enableIdTokenIssuance: 'on', spa: 'http://localhost:9999/' }),
  authentication(full, {
    web: '',
    spa: '',
    isFallbackPublicClient: undefined,
    enableIdTokenIssuance: undefined,
  }),
  authentication(full, { frontChannelLogoutUrl: '' }),
  authentication(full, { web: 'no address' }),
  authentication(full, { frontChannelLogoutUrl: 'no address' }),
  authentication(full, {}, { add: 'https://full.example/c', platform: 'web' }),
  authentication(full, {}, { add: 'https://full.example/a', platform: 'web' }),
  authentication(full, {}, { add: 'http://localhost/other', platform: 'spa' }),
  authentication(full, {}, { add: 'http://localhost/app', platform: 'publicClient', back: '/portal/clock' }),
  authentication(
    full,
    {},
    { add: 'https://full.example/c', platform: 'anything', back: 'https://elsewhere.example/' },
  ),
  authentication(bare, {}, { add: 'https://bare.example/' }),
  authentication(bare, {}, { do: 'anything' }),
  authentication(full, {}, { seen: 'of another time' }),
  secrets('Client secrets', 'Show the secrets'),
  secrets('Client secrets', 'Remove secret 1'),
  secrets('Client secrets', 'Remove secret 2'),
  secrets('Client secrets', 'Remove secret 2', {}, { 'remove-secret': '7' }),
  secrets('Add a secret', 'Add a secret'),
  secrets('Add a secret', 'Add a secret', { value: ' mine ', expires: '2030-01-01' }),
  secrets('Add a secret', 'Add a secret', { value: 'mine', expires: 'never' }),
  secrets('Add a secret', 'Add a secret', { value: 'mine' }, { do: 'anything' }),
  secrets('Client secrets', 'Remove secret 1', {}, { seen: 'of another time' }),
  secrets('Add a certificate', 'Add a certificate', { certificate }),
  secrets('Add a certificate', 'Add a certificate', { certificate: 'no certificate' }),
  secrets('Add a certificate', 'Add a certificate', { certificate: '' }),
]

const api = (
  id: string,
  form: string,
  press: string,
  fill: Press['fill'] = {},
  forge: Press['forge'] = {},
): Press => ({
  ...{ at: application(id, 'api'), form, press, fill, forge },
})
const claims = (id: string, fill: Press['fill'] = {}, forge: Press['forge'] = {}): Press => ({
  ...save(application(id, 'claims'), 'Optional claims', fill),
  forge,
})
const permissions = (
  id: string,
  form: string,
  press: string,
  fill: Press['fill'] = {},
  forge: Press['forge'] = {},
): Press => ({
  ...{ at: application(id, 'permissions'), form, press, fill, forge },
})
const listed = 'Listed permissions'
const setPermissions = ['Add permissions', 'Set the permissions of this API'] as const
const grantAll = ['Consent of an administrator', 'Grant everything that is listed'] as const

const exposed: readonly Press[] = [
  api(full, 'API', 'Save'),
  api(bare, 'API', 'Save'),
  api(bare, 'API', 'Save', {
    identifierUris: 'api://bare\napi://bare/2',
    v2: 'on',
    knownClientApplications: `full, ${daemon}`,
  }),
  api(full, 'API', 'Save', { identifierUris: '', v2: undefined, knownClientApplications: '' }),
  api(bare, 'API', 'Save', { knownClientApplications: 'Nobody' }),
  api(bare, 'API', 'Save', { identifierUris: `api://${todoApi}` }),
  api(bare, 'API', 'Save', { identifierUris: 'no address' }),
  api(bare, 'API', 'Save', {}, { do: 'anything' }),
  api(bare, 'Add a scope', 'Add a scope', { value: 'Read', description: 'Reads it' }),
  api(bare, 'Add a scope', 'Add a scope', { value: ' Read ', adminOnly: 'on' }),
  api(bare, 'Add a scope', 'Add a scope', { value: '' }),
  api(full, 'Add a scope', 'Add a scope', { value: 'Read' }),
  api(full, 'Add a scope', 'Add a scope', { value: 'All' }),
  api(bare, 'Add a role', 'Add a role', { value: 'Read', description: 'Reads it' }),
  api(bare, 'Add a role', 'Add a role', { value: 'Read' }),
  api(full, 'Add a role', 'Add a role', { value: 'All' }),
  api(full, 'Add a role', 'Add a role', { value: 'Read' }),
  api(full, 'Scopes', 'Disable Read'),
  api(full, 'Scopes', 'Enable Write'),
  api(full, 'Scopes', 'Disable Read', {}, { 'disable-scope': 'Other' }),
  api(full, 'Scopes', 'Enable Write', {}, { 'enable-scope': 'Other' }),
  api(full, 'Scopes', 'Remove Read'),
  api(full, 'Scopes', 'Remove Write'),
  api(full, 'App roles', 'Remove All'),
  api(full, 'Clients without consent', 'Remove Bare'),
  api(full, 'Add a client without consent', 'Add a client', { client: 'BARE', scopes: 'Read' }),
  api(full, 'Add a client without consent', 'Add a client', {
    client: daemon.toUpperCase(),
    scopes: 'Read\nWrite',
  }),
  api(full, 'Add a client without consent', 'Add a client', { client: 'Nobody', scopes: 'Read' }),
  api(full, 'Add a client without consent', 'Add a client', { client: '', scopes: 'Read' }),
  api(full, 'Add a client without consent', 'Add a client', { client: daemon, scopes: ' ' }),
  api(full, 'API', 'Save', {}, { seen: 'of another time' }),
  claims(full),
  claims(bare),
  claims(bare, { accessToken: 'upn\nidtyp include_user_token' }),
  claims(bare, { idToken: 'sid' }),
  claims(full, { accessToken: '', idToken: '' }),
  claims(full, { accessToken: 'shoe_size' }),
  claims(full, { idToken: 'idtyp anything' }),
  claims(full, {}, { do: 'anything' }),
  permissions(full, listed, 'Remove To Do API'),
  permissions(full, ...setPermissions, { resourceId: todoApi, scopes: 'Tasks.ReadWrite' }),
  permissions(full, ...setPermissions, {
    resourceId: graph,
    scopes: 'User.Read\nMail.Read',
    roles: 'User.Read.All',
  }),
  permissions(bare, ...setPermissions, { resourceId: todoApi, roles: 'Tasks.Read.All' }),
  permissions(bare, ...setPermissions, { resourceId: todoApi }),
  permissions(bare, ...setPermissions, { resourceId: todoApi, scopes: 'Nothing.Of.It' }),
  permissions(bare, ...setPermissions, {}, { resourceId: nobody }),
  permissions(bare, ...setPermissions, {}, { resourceId: '' }),
  permissions(bare, ...setPermissions, {}, { do: 'anything' }),
  permissions(full, ...setPermissions, {}, { seen: 'of another time' }),
  permissions(full, ...grantAll, { tenantId: fabrikam }),
  permissions(bare, ...grantAll, { tenantId: fabrikam }),
  permissions(full, ...grantAll, {}, { tenantId: '' }),
  permissions(full, ...grantAll, {}, { tenantId: nobody }),
]

const addConsent = (fill: Press['fill'], forge: Press['forge'] = {}): Press => ({
  ...{ at: '/portal/consents', form: 'Add a consent', press: 'Add', forge },
  fill: { tenantId: contoso, client: 'bare', resourceId: graph, scopes: 'User.Read', user: '', ...fill },
})
const clock = (form: string, press: string, fill: Press['fill'] = {}, forge: Press['forge'] = {}): Press => ({
  ...{ at: '/portal/clock', form, press, fill, forge },
})
const addFault = (press: string, fill: Press['fill'], forge: Press['forge'] = {}): Press => ({
  ...{ at: '/portal/faults', form: 'Add a fault', press, fill, forge },
})
const addPolicy = (press: string, fill: Press['fill'], forge: Press['forge'] = {}): Press => ({
  ...{ at: '/portal/policies', form: 'Add a policy', press, fill, forge },
})
const taken = 'Take back Bare may use Tasks.ReadWrite of To Do API for Bob Brown in Contoso'

const badDays: readonly Press[] = [
  addConsent({}),
  addConsent({ user: alice, scopes: 'User.Read, Mail.Read' }),
  addConsent({ user: 'nobody@contoso.onmicrosoft.com' }),
  addConsent({ client: 'Nobody' }),
  addConsent({ client: '' }),
  addConsent({ scopes: '' }),
  addConsent({}, { tenantId: '' }),
  addConsent({}, { tenantId: nobody }),
  addConsent({}, { resourceId: nobody }),
  { at: '/portal/consents', form: 'Consents', press: taken },
  { at: '/portal/consents', form: 'Consents', press: taken, forge: { revoke: 'what is gone' } },
  ...['−1 d', '−1 h', '−5 min', '+5 min', '+1 h', '+1 d'].map((step) => clock('Steps', step)),
  clock('Stop and go', 'Stop it'),
  ...['90', '-0.5', '3155760000', '-3155760000', '3155760001', '-3155760001', 'soon', '', 'Infinity'].map(
    (seconds) => clock('Move it by', 'Move', { seconds }),
  ),
  clock('Stop and go', 'Stop it', {}, { do: 'resume' }),
  clock('Stop and go', 'Stop it', {}, { do: 'anything' }),
  addFault('Add', {}),
  addFault('Add', { endpoint: '', effect: 'drop' }),
  addFault('Add', { effect: 'hang', times: '2' }),
  addFault('Add', { effect: 'truncate', nth: '3' }),
  addFault('Add', { effect: 'delay', value: '1500' }),
  addFault('Add', {
    effect: 'aadsts',
    value: '50076',
    grantType: 'refresh_token',
    clientId: webClient,
    user: alice,
  }),
  addFault('Add', { endpoint: 'graph', value: '429', retryAfter: ' 7 ', resource: 'Microsoft Graph' }),
  addFault('Add', { effect: 'delay' }),
  addFault('Add', { effect: 'aadsts' }),
  addFault('Add', { value: '99' }),
  addFault('Add', { value: 'teapot' }),
  addFault('Add', { times: '0' }),
  addFault('Add', { nth: '1.5' }),
  addFault('Add', {}, { effect: 'explode' }),
  addFault('Add', {}, { endpoint: 'nowhere' }),
  addFault('Add', {}, { do: 'anything' }),
  addFault('Preview', {
    endpoint: '',
    grantType: 'client_credentials',
    clientId: daemon,
    user: alice,
    resource: todoApi,
  }),
  addFault('Preview', { effect: 'aadsts', value: '50053', retryAfter: '5', times: '1', nth: '2' }),
  addFault('Preview', { value: 'teapot' }),
  addPolicy('Add', {}),
  addPolicy('Add', {
    kind: 'block',
    resource: 'Bare',
    users: `${alice}\n${fullDirectory.users[1]!.username}`,
    name: 'Ours',
  }),
  addPolicy('Add', { kind: 'sign_in_frequency', maxAgeSeconds: '3600', tenant: 'fabrikam.onmicrosoft.com' }),
  addPolicy('Add', { kind: 'require_auth_context', authContext: 'c7', resource: todoApi }),
  addPolicy('Add', { kind: 'block', agents: 'all' }),
  addPolicy('Add', { kind: 'block', agents: agent }),
  addPolicy('Add', { kind: 'block', agents: `all\n${agent}` }),
  addPolicy('Add', { kind: 'sign_in_frequency' }),
  addPolicy('Add', { kind: 'sign_in_frequency', maxAgeSeconds: 'a day' }),
  addPolicy('Add', { kind: 'require_auth_context' }),
  addPolicy('Add', { kind: 'require_auth_context', authContext: 'c100' }),
  addPolicy('Add', { maxAgeSeconds: '60' }),
  addPolicy('Add', { resource: 'Nothing' }),
  addPolicy('Add', { users: 'nobody@contoso.onmicrosoft.com' }),
  addPolicy('Add', { tenant: 'nowhere.example' }),
  addPolicy('Add', { agents: 'nobody' }),
  addPolicy('Add', {}, { kind: 'anything' }),
  addPolicy('Add', {}, { do: 'anything' }),
  ...(['require_mfa', 'require_registration', 'block'] as const).map((kind) =>
    addPolicy('Preview', {
      kind,
      resource: kind === 'block' ? '' : 'Full',
      authContext: kind === 'block' ? 'c1' : '',
    }),
  ),
  ...['86400', '172800', '3600', '5400', '61', '1'].map((maxAgeSeconds) =>
    addPolicy('Preview', {
      kind: 'sign_in_frequency',
      maxAgeSeconds,
      users: alice,
      agents: agent,
      name: 'Ours',
    }),
  ),
  addPolicy('Preview', { kind: 'require_auth_context', authContext: 'c2', agents: 'all', tenant: fabrikam }),
  addPolicy('Preview', { kind: 'block', authContext: 'c3' }),
  { at: '/portal/policies', form: 'Policies', press: 'Remove Not Full' },
  { at: '/portal/policies', form: 'Policies', press: 'Not Full' },
  ...['enable', 'disable', 'remove'].map((verb) => ({
    ...{ at: '/portal/policies', form: 'Policies', press: 'Not Full' },
    forge: { enable: '', [verb]: 'what is gone' },
  })),
  { at: '/portal/policies', form: 'Policies', press: 'Not Full', forge: { enable: '', disable: daily } },
  { at: '/portal/keys', form: 'Roll', press: 'Roll to the next published key' },
  { at: '/portal/keys', form: 'Roll', press: 'Sign with a new key at once' },
  { at: '/portal/keys', form: 'Roll', press: 'Sign with a new key at once', forge: { do: 'anything' } },
  {
    at: '/portal/keys',
    form: 'Roll',
    press: 'Sign with a new key at once',
    forge: { withdraw: 'what is gone' },
  },
  { at: '/portal/export', form: 'Export', press: 'Save as JSON' },
  { at: '/portal/export', form: 'Export', press: 'Save as TypeScript' },
]

it.each([
  ['records', records],
  ['registrations', registrations],
  ['credentials', credentials],
  ['exposed', exposed],
  ['bad-days', badDays],
] as const)('%s', async (name, presses) => {
  const file = fileURLToPath(new URL(`forms-${name}.txt`, import.meta.url))
  await expect(await tellAll(presses)).toMatchFileSnapshot(file)
})

// What a press there does stands below no mark, and is taken back by another press.
it('the home page', async () => {
  const policy = 'Require MFA for To Do API'
  const revoke = 'Revoke sessions of alice@contoso.onmicrosoft.com'
  const presses: readonly Press[] = [
    { at: '/', press: revoke },
    { at: '/', press: policy },
    { at: '/', press: policy },
    { at: '/', press: policy, forge: { enable: 'what is gone' } },
    { at: '/', press: policy, forge: { enable: '', disable: 'what is gone' } },
    { at: '/', press: revoke, forge: { revoke: 'nobody' } },
    { at: '/', press: revoke, forge: { revoke: '', disable: daily } },
  ]
  const told: string[] = []
  for (const press of presses) told.push([head(press), ...(await person.press(press))].join('\n'))
  await expect(`${named(told.join('\n\n'))}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL('forms-home.txt', import.meta.url)),
  )
})
