// What can be done about a request from its page in the sign-in log is what was written down: cures, switches of policies, and asking it again.
// `npx vitest run --project emulator packages/emulator/test/portal/written -u` writes it anew.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type DirectoryData, type Emulator, type RequestRecord } from '../../../src/index.ts'
import {
  alice,
  authorizeUrl,
  contoso,
  daemon,
  daemonSecret,
  graph,
  middleTier,
  onBehalfOf,
  postToken,
  signInToWebClient,
  todoApi,
} from '../../scenario.ts'
import { createPerson, type Person } from '../person.ts'
import { bare, full, fullDirectory } from './directory.ts'
import { namingOf, stateOf } from './state.ts'

const scope = `api://${todoApi}/Tasks.ReadWrite`
const directory: DirectoryData = {
  ...fullDirectory,
  applications: fullDirectory.applications.map((each) =>
    each.id === full ? { ...each, enabled: true } : each,
  ),
}

let emulator: Emulator
let person: Person
let named: (text: string) => string
let token: string
beforeAll(async () => {
  emulator = await createEmulator({ directory, clock: { now: () => Date.parse('2026-05-04T03:02:01Z') } })
  await emulator.keys.ready()
  named = namingOf(emulator)
  token = (await signInToWebClient(emulator)).body['access_token'] as string
  const requests = (): readonly string[] =>
    emulator.requests
      .list()
      .map(({ endpoint, method, path, status, error = [], correlationId, headers = {}, parameters = {} }) =>
        [
          `asked ${method} ${path} (${endpoint}): ${[status, ...error].join(' ')}`,
          ...Object.entries({ ...parameters, correlationId, ...headers }).flatMap(([name, value]) =>
            value === undefined || ['code_challenge', 'user-agent', 'accept', 'content-type'].includes(name)
              ? []
              : [`${name}=${value}`],
          ),
        ].join(' '),
      )
  person = createPerson(emulator, () => [...stateOf(emulator), ...requests()])
  await emulator.directory.consents.revoke({ tenantId: contoso, clientId: middleTier })
})
afterAll(() => emulator.stop())

const last = (): RequestRecord => emulator.requests.list().at(-1)!
const authorize = async (parameters: Record<string, string | undefined>, tenant?: string): Promise<void> => {
  await fetch(authorizeUrl(emulator, parameters, tenant), { redirect: 'manual' })
}
const withPolicy = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  emulator.policies.add({ name, kind: 'require_mfa', resource: todoApi })
  emulator.policies.add({ name: `${name}, too`, kind: 'block', resource: todoApi, enabled: false })
  await work()
}
const exchange = (changes: Record<string, string> = {}) => postToken(emulator, onBehalfOf(token, changes))
const other = 'http://127.0.0.1:3999/other'
const daemonToken = (changes: Record<string, string> = {}) =>
  postToken(emulator, {
    ...{ grant_type: 'client_credentials', client_id: daemon, client_secret: daemonSecret },
    ...{ scope: `api://${todoApi}/.default`, ...changes },
  })
const readGraph = async (path: string, changes: object = {}): Promise<void> => {
  const authorization = `Bearer ${await emulator.mint({ user: alice, client: middleTier, audience: graph, scopes: ['User.Read'], ...changes })}`
  await fetch(`${emulator.origin}${path}`, { headers: { authorization } })
}

const kinds: readonly (readonly [name: string, ask: () => Promise<unknown>])[] = [
  ['an exchange without consent', () => exchange()],
  ['an exchange by .default without consent', () => exchange({ scope: `api://${todoApi}/.default` })],
  [
    'an exchange without consent, of two APIs',
    () => exchange({ scope: `${scope} https://graph.microsoft.com/User.Read` }),
  ],
  [
    'an exchange without consent, with a long scope',
    () => exchange({ scope: `${scope} ${'x'.repeat(500)}` }),
  ],
  ['an exchange without consent, of an unknown client', () => exchange({ client_id: bare })],
  [
    'a sign-in with an address that no platform has',
    () => authorize({ client_id: bare, redirect_uri: other }),
  ],
  ['a sign-in with an address that the one platform has not', () => authorize({ redirect_uri: other })],
  [
    'a sign-in with an address that two platforms have not',
    () => authorize({ client_id: full, redirect_uri: other }, 'common'),
  ],
  ['a sign-in without an address', () => authorize({ redirect_uri: undefined })],
  ['a silent sign-in of nobody', () => authorize({ prompt: 'none' })],
  ['a token of an application', () => daemonToken({ 'client-request-id': 'of the daemon' })],
  ['a token of an application that has none', () => daemonToken({ client_id: middleTier, scope: 'x' })],
  ['a token by a certificate', () => daemonToken({ client_assertion: 'x', client_assertion_type: 'y' })],
  ['Graph, read', () => readGraph('/v1.0/me?$select=id')],
  ['Graph, read too late', () => readGraph('/v1.0/me', { lifetimeSeconds: -60 })],
  ['Graph, read by nobody', () => fetch(`${emulator.origin}/v1.0/me`)],
  ['metadata', () => fetch(`${emulator.origin}/${contoso}/v2.0/.well-known/openid-configuration`)],
  [
    'an exchange that a policy refuses',
    () =>
      withPolicy('MFA', async () => {
        await emulator.directory.consents.grant({
          tenantId: contoso,
          clientId: middleTier,
          resourceId: todoApi,
          scopes: ['Tasks.ReadWrite'],
        })
        await exchange({ 'client-request-id': 'of the exchange' })
      }),
  ],
  ['a sign-in by the browser of a policy', () => signInToWebClient(emulator)],
]

it('each of its buttons', async () => {
  const told: string[] = []
  for (const [name, ask] of kinds) {
    await ask()
    const { id, clientId = 'nobody' } = last()
    const at = `/_emulator/log/${id}`
    const page = await person.read(at, 'article')
    const buttons = page
      .slice(
        0,
        page.findIndex((line) => line.endsWith('Copy as curl')),
      )
      .flatMap((line) => [...line.matchAll(/<([^<>]*?) action=/g)].map(([, text = '']) => text))
    told.push(`——— ${name}, by ${clientId}`, ...page.filter((line) => /^(?:# |No replay)/.test(line)))
    for (const press of [...buttons, ...(name === kinds[0]?.[0] ? ['forged'] : [])])
      told.push(await pressed(at, press, buttons[0] ?? ''))
  }
  const { id } = emulator.requests.list().find(({ policies }) => policies?.includes('MFA') === true)!
  const tab = `/_emulator/log/${id}?tab=policies`
  for (const press of ['Turn off MFA', 'Turn on MFA, too']) told.push(await pressed(tab, press, press))
  const policy = emulator.policies.find('MFA')!.id
  for (const action of ['policy-off', `policy-turn ${policy}`, 'redirect-uri spa', ''])
    told.push(
      `action=${action}`,
      ...(await person.press({ at: tab, press: 'Turn off MFA', forge: { action } })),
    )
  await expect(`${named(told.join('\n')).replaceAll(/(?<=log\/)[\w-]+/g, '{id}')}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL('log-actions.txt', import.meta.url)),
  )
})

async function pressed(at: string, press: string, first: string): Promise<string> {
  const before = stateOf(emulator)
  const lines =
    press === 'forged'
      ? await person.press({ at, press: first, forge: { action: 'consent-nobody' } })
      : await person.press({ at, press })
  await person.undoAll()
  expect(stateOf(emulator), `undone: ${press}`).toEqual(before)
  return [`“${press}”`, ...lines.map((line) => `  ${line}`)].join('\n')
}
