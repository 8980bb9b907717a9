// What an application is told about its connection is what was written down: its secret, the API that it calls, and a token to try that with.
// `npx vitest run --project emulator packages/emulator/test/connect/connections.test.ts -u` writes it anew.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeConnection } from '../../src/connect/connection.ts'
import { createEmulator, defaultDirectory, type Application, type Emulator } from '../../src/index.ts'
import { contoso, daemon, fabrikam, graph, todoApi, webClient } from '../scenario.ts'

const now = Date.parse('2026-05-04T03:02:01Z')
const idOf = (digit: string): string => `77777777-0000-4000-8000-00000000000${digit}`
const nobody = '99999999-0000-4000-8000-000000000009'
const more: readonly Application[] = [
  { id: idOf('1'), displayName: 'Of every tenant' },
  { id: idOf('2'), displayName: 'Of Fabrikam', tenantId: fabrikam },
  {
    ...{ id: idOf('3'), displayName: 'With secrets', tenantId: contoso },
    secrets: [
      { value: 'over', expires: '2026-05-04T03:02:00Z' },
      { value: 'over since now', expires: '2026-05-04T03:02:01Z' },
      { value: 'for a second', expires: '2026-05-04T03:02:02Z' },
      { value: 'for ever' },
    ],
  },
  {
    id: idOf('4'),
    displayName: 'With a secret that is over',
    tenantId: contoso,
    secrets: [{ value: 'x', expires: '2020-01-01' }],
  },
  {
    id: idOf('5'),
    displayName: 'An API that nobody calls',
    tenantId: contoso,
    scopes: [{ value: 'a' }, { value: 'b' }],
  },
  {
    ...{ id: idOf('6'), displayName: 'An API that others call', tenantId: contoso },
    ...{ scopes: [{ value: 'Use' }], identifierUris: ['api://six', 'api://6'] },
  },
  {
    id: idOf('7'),
    displayName: 'With roles of it',
    tenantId: contoso,
    requiredResourceAccess: [{ resourceId: idOf('6'), roles: ['r'] }],
  },
  {
    ...{ id: idOf('8'), displayName: 'With scopes of it', tenantId: contoso },
    requiredResourceAccess: [
      { resourceId: todoApi, scopes: ['Tasks.ReadWrite'] },
      { resourceId: idOf('6'), scopes: ['Use'] },
    ],
  },
  {
    id: idOf('9'),
    displayName: 'Of an API that there is not',
    tenantId: contoso,
    requiredResourceAccess: [{ resourceId: nobody, scopes: ['x'] }],
  },
  {
    id: idOf('a'),
    displayName: 'With roles of Graph',
    tenantId: contoso,
    requiredResourceAccess: [{ resourceId: graph, roles: ['r'] }],
  },
  { id: idOf('b'), displayName: 'Twin', tenantId: contoso },
  { id: idOf('c'), displayName: 'TWIN', tenantId: contoso },
]

let emulator: Emulator
let nobodys: Emulator
beforeAll(async () => {
  const applications = [...defaultDirectory.applications, ...more]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
  const users = defaultDirectory.users.filter(
    ({ tenantId, password }) => tenantId !== contoso || password === undefined,
  )
  nobodys = await createEmulator({ directory: { ...defaultDirectory, users, applications, policies: [] } })
})
afterAll(() => Promise.all([emulator.stop(), nobodys.stop()]))

it('each application', async () => {
  const origins = {
    issuer: 'https://localhost:2',
    http: 'http://localhost:1',
    https: 'https://localhost:2',
    isFixed: false,
  }
  const source = { origins, directory: emulator.directory, clock: { now: () => now } }
  const tell = (...parameters: Parameters<typeof describeConnection>): string => {
    try {
      return JSON.stringify(describeConnection(...parameters), undefined, 1)
        .replaceAll(/\n +/g, ' ')
        .replaceAll(/\n(?=[}\]])/g, ' ')
    } catch (error) {
      return (error as Error).message
    }
  }
  const told = [
    ...emulator.directory.applications.map(
      ({ id, displayName }) => `${displayName}\n  ${tell(source, id, undefined)}`,
    ),
    ...(['http', 'https'] as const).map(
      (listener) => `by ${listener}\n  ${tell({ ...source, caFile: '/ca.pem' }, daemon, listener)}`,
    ),
    `fixed\n  ${tell({ ...source, origins: { ...origins, isFixed: true } }, daemon, undefined)}`,
    `without https\n  ${tell({ ...source, origins: { issuer: 'http://localhost:1', http: 'http://localhost:1', https: undefined, isFixed: false } }, daemon, undefined)}`,
    `without https, by https\n  ${tell({ ...source, origins: { issuer: 'http://localhost:1', http: 'http://localhost:1', https: undefined, isFixed: false } }, daemon, 'https')}`,
    ...['TO do API', todoApi.toUpperCase(), `api://${todoApi}`, 'api://6', 'twin', 'Nobody', ''].map(
      (name) => `“${name}”\n  ${tell(source, name, undefined)}`,
    ),
    `where nobody can sign in\n  ${tell({ ...source, directory: nobodys.directory }, webClient, undefined)}`,
  ]
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL('written/connections.txt', import.meta.url)),
  )
})
