// The pages of the portal in the middle of work are what was written down: with requests in the log, policies that refused, and faults that hit;
// what an application would get; what a token is worth.
// `npx vitest run --project emulator packages/emulator/test/portal/written -u` writes them anew.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type DirectoryData, type Emulator } from '../../../src/index.ts'
import {
  accessAsUser,
  agent,
  alice,
  assistant,
  bob,
  carol,
  contoso,
  daemon,
  daemonSecret,
  fabrikam,
  graph,
  middleTier,
  onBehalfOf,
  postToken,
  signInToWebClient,
  todoApi,
  webClient,
} from '../../scenario.ts'
import { createPerson, type Person } from '../person.ts'
import { bare, full, fullDirectory } from './directory.ts'
import { namingOf, stateOf } from './state.ts'

const homeless = 'a0000000-0000-4000-8000-0000000000a3'
const assigned = 'a0000000-0000-4000-8000-0000000000a4'
const directory: DirectoryData = {
  ...fullDirectory,
  applications: [
    ...fullDirectory.applications.map((each) =>
      each.id === bare ? { ...each, secrets: [{ value: 'x', expires: '2026-05-04T03:02:01Z' }] } : each,
    ),
    { id: homeless, displayName: 'Homeless' },
    {
      ...{ id: assigned, displayName: 'Assigned', tenantId: contoso, appRoleAssignmentRequired: true },
      ...{ appRoles: [{ value: 'One' }], scopes: [{ value: 'Use' }], identifierUris: ['api://assigned'] },
    },
  ],
}

let emulator: Emulator
let person: Person
let named: (text: string) => string
let token: string
beforeAll(async () => {
  const clock = { now: () => Date.parse('2026-05-04T03:02:01Z') }
  emulator = await createEmulator({ directory, clock, accessTokenLifetimeSeconds: 3600 })
  await emulator.keys.ready()
  named = namingOf(emulator)
  person = createPerson(emulator, () => stateOf(emulator))
  token = (await signInToWebClient(emulator)).body['access_token'] as string
})
afterAll(() => emulator.stop())

const file = (name: string): string => fileURLToPath(new URL(`${name}.txt`, import.meta.url))
const expectText = async (parts: readonly string[], name: string): Promise<void> => {
  await expect(`${named(parts.join('\n\n'))}\n`).toMatchFileSnapshot(file(name))
}

it('what a token is worth', async () => {
  const [head = '', body = '', signature = ''] = token.split('.')
  const mint = (changes: object) => emulator.mint({ client: daemon, audience: todoApi, ...changes })
  const tokens: readonly (readonly [name: string, token: string])[] = [
    ['good', await mint({})],
    ['after Bearer and spaces', `  bearer   ${await mint({ lifetimeSeconds: 90 })} `],
    ['for one more second', await mint({ lifetimeSeconds: 1 })],
    ['over since now', await mint({ claims: { exp: emulator.clock.now() / 1000 } })],
    ['over for an hour', await mint({ lifetimeSeconds: -3600 })],
    ['without an end', await mint({ claims: { exp: undefined } })],
    ['for Graph', await mint({ audience: graph })],
    ['changed', `${head}.${body.slice(0, -4)}fQ.${signature}`],
    ['of another signature', `${head}.${body}.${signature.slice(0, -4)}AAAA`],
    ['of another key', `${Buffer.from('{"kid":"other"}').toString('base64url')}.${body}.${signature}`],
    ['without a kid', `e30.e30.${signature}`],
    ['without a signature', `${head}.${body}.`],
    ['in two parts', `${head}.${body}`],
    ['in four parts', `${token}.x`],
    ['without a header', `x.${body}.${signature}`],
    ['without claims', `${head}.x.${signature}`],
    ['a list', `${head}.${Buffer.from('[]').toString('base64url')}.${signature}`],
    ['nothing', ''],
    ['too long to be read whole', `${head}.${'e'.repeat(100_000)}.${signature}`],
  ]
  const parts: string[] = []
  for (const [name, value] of tokens) {
    const lines = await person.press({
      at: '/portal/tokens',
      form: 'Read a token',
      press: 'Read',
      fill: { token: value },
    })
    parts.push(`——— ${name}\n${lines.filter((line) => !/^ {2}[+-] \|/.test(line)).join('\n')}`)
  }
  await expectText(parts, 'token-verdicts')
})

it('what an application would get', async () => {
  await emulator.directory.consents.grant({
    ...{ tenantId: contoso, clientId: webClient, resourceId: graph, scopes: ['User.Read'] },
  })
  const toDo = `api://${todoApi}`
  const questions: readonly (readonly [client: string, user: string, scope: string])[] = [
    [webClient, alice, accessAsUser],
    [webClient, ` ${alice} `, ` ${accessAsUser} `],
    [webClient, bob, `${toDo}/Tasks.ReadWrite`],
    [webClient, alice, 'User.Read'],
    [webClient, alice, 'openid profile'],
    [webClient, alice, `api://${middleTier}/.default`],
    [webClient, carol, accessAsUser],
    [webClient, 'nobody', accessAsUser],
    [webClient, assistant, accessAsUser],
    [webClient, alice, `${accessAsUser} ${toDo}/Tasks.ReadWrite`],
    [webClient, alice, 'api://nowhere/x'],
    [webClient, alice, `${toDo}/Nothing`],
    [bare, alice, 'api://assigned/Use'],
    [bare, carol, 'User.Read'],
    [bare, alice, 'User.Read'],
    [bare, 'bob@contoso.onmicrosoft.com', `${toDo}/.default`],
    [full, alice, 'User.Read'],
    [homeless, alice, 'User.Read'],
    [homeless, '', `${toDo}/.default`],
    [daemon, '', `${toDo}/.default`],
    [daemon, '', 'User.Read'],
    [daemon, '', `${toDo}/Tasks.Read.All`],
    [daemon, '', 'api://assigned/.default'],
    [bare, '', `${toDo}/.default`],
    [bare, '', 'api://assigned/.default'],
    [bare, '', `https://graph.microsoft.com/.default`],
    [daemon, '', `${toDo}/.default api://assigned/.default`],
    [full, '', `${toDo}/.default`],
    [middleTier, alice, ''],
  ]
  const ask = async (client: string, user: string, scope: string): Promise<string> => {
    const lines = await person.read(
      `/portal/applications/${client}/preview?${new URLSearchParams({ user, scope }).toString()}`,
    )
    const answer = lines.slice(lines.findIndex((line) => line.includes('What would it get?')) + 1)
    return [
      `——— ${client} for “${user}” with “${scope}”`,
      ...answer.filter((line) => !/"(?:aio|uti|rh|sid|sub|xms_ftd|xms_st|iss)"/.test(line)),
    ].join('\n')
  }
  const parts: string[] = []
  for (const question of questions) parts.push(await ask(...question))
  for (const definition of [
    { name: 'Step', kind: 'require_mfa' },
    { name: 'Registered', kind: 'require_registration' },
    { name: 'Fresh', kind: 'sign_in_frequency', maxAgeSeconds: 1 },
    { name: 'Nobody', kind: 'block' },
  ] as const) {
    const policy = emulator.policies.add({ ...definition, resource: middleTier })
    parts.push(`with the policy ${definition.name}\n${await ask(webClient, alice, accessAsUser)}`)
    policy.remove()
  }
  emulator.directory.setEnabled(emulator.directory.findUser(alice)!, false)
  parts.push(`disabled\n${await ask(webClient, alice, accessAsUser)}`)
  emulator.directory.setEnabled(emulator.directory.findUser(alice)!, true)
  await expectText(parts, 'token-previews')
})

it('every page', async () => {
  const parts = [`——— on a good day\n${(await person.read('/portal/export', 'body')).join('\n')}`]
  const { consents } = emulator.directory
  const toDo = { clientId: webClient, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] }
  for (const username of [alice, bob])
    await consents.grant({ ...toDo, tenantId: contoso, userId: emulator.directory.findUser(username)!.id })
  await consents.grant({ ...toDo, tenantId: contoso })
  await consents.grant({ ...toDo, tenantId: fabrikam, scopes: ['Tasks.ReadWrite', 'Other'] })
  emulator.faults.add({ when: { endpoint: 'token', clientId: daemon, nth: 2 }, then: { status: 503 } })
  emulator.faults.add({ when: { grantType: 'client_credentials', times: 2 }, then: { headers: { x: 'y' } } })
  emulator.faults.add({ when: { user: alice, resource: 'To Do API', times: 3 }, then: { delayMs: 1 } })
  const body = new URLSearchParams({
    ...{ grant_type: 'client_credentials', client_id: daemon, client_secret: daemonSecret },
    scope: `api://${todoApi}/.default`,
  })
  for (let count = 0; count < 3; count += 1)
    await fetch(`${emulator.origin}/${contoso}/oauth2/v2.0/token`, { method: 'POST', body })
  emulator.policies.add({ name: 'MFA', kind: 'require_mfa', resource: todoApi })
  await postToken(emulator, onBehalfOf(token))
  emulator.policies.add({
    ...{ name: 'Many', kind: 'block', resource: 'Full', authContext: 'c3', agents: [agent], tenant: contoso },
    users: [alice, bob, carol, assistant],
  })
  await postToken(emulator, onBehalfOf(token))
  emulator.directory.revokeSessions(emulator.directory.findUser(bob)!, emulator.clock.now())
  emulator.directory.setEnabled(emulator.directory.findUser(bob)!, false)
  await emulator.keys.rotate()
  emulator.clock.advance(5400)
  emulator.clock.freeze()
  const bobs = `/portal/users/${emulator.directory.findUser(bob)!.id}`
  const paths = [
    ...[
      '/',
      '/portal/policies',
      '/portal/policies?q=many',
      '/portal/faults',
      '/portal/clock',
      '/portal/consents',
    ],
    ...[
      '/portal/consents?q=web',
      bobs,
      '/portal/users?q=bob',
      '/portal/users?q=contoso&page=2',
      '/portal/applications',
    ],
    ...[`/portal/applications/${webClient}/permissions`, `/portal/applications/${middleTier}/permissions`],
    ...[
      `/portal/applications/${bare}/secrets`,
      '/portal/applications/nowhere',
      '/portal/applications/nowhere/api',
    ],
    ...['/portal/users/nobody', '/portal/agents/nobody', '/portal/tenants/nowhere', '/portal/keys'],
    ...[
      `/portal/connect?q=daemon`,
      `/portal/connect?app=${homeless}`,
      '/portal/connect?client=nothing&listener=ftp',
    ],
  ]
  for (const path of paths) {
    const body = await person.read(path, 'body')
    const shown = withoutRail(body).filter((line) => path !== '/' || !line.startsWith('|'))
    parts.push(`——— ${path}\n${shown.join('\n')}`)
  }
  const preview = (fill: Record<string, string>) =>
    person.press({
      at: '/portal/faults',
      form: 'Add a fault',
      press: 'Preview',
      fill: { endpoint: '', effect: 'drop', ...fill },
    })
  for (const fill of [
    ...[
      {},
      { endpoint: 'token' },
      { endpoint: 'graph' },
      { grantType: 'client_credentials' },
      { clientId: daemon },
    ],
    ...[{ user: alice }, { resource: 'To Do API' }, { resource: todoApi }, { resource: 'Nothing' }],
    { endpoint: 'token', grantType: 'client_credentials', clientId: daemon, resource: todoApi },
  ]) {
    const [said = ''] = (await preview(fill)).filter((line) => line.includes('(status)'))
    parts.push(`a fault ${JSON.stringify(fill)}\n${said}`)
  }
  await expectText(parts, 'busy-day')
})

// It is the same on every page, but for the counts, which the first has.
let railIsKnown = false
function withoutRail(lines: readonly string[]): readonly string[] {
  const [from, to] = [
    lines.indexOf('nav “Portal”'),
    lines.findIndex((line) => line.includes('(/portal/export')),
  ]
  if (from === -1 || !railIsKnown) {
    railIsKnown = from !== -1
    return lines
  }
  const current = lines.slice(from, to + 1).filter((line) => line.includes(', here)'))
  return [...lines.slice(0, from), ...current, ...lines.slice(to + 1)]
}
