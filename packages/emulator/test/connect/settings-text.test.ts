// The settings word by word: every client as every kind of application over https, and as a few of them wherever else the emulator is.
// `npx vitest run --project emulator packages/emulator/test/connect/settings-text -u` writes them anew.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clientNames, clientSettings } from '../../src/connect/client-settings.ts'
import { createEmulator, defaultDirectory, EmulatorOptionsError, type Emulator } from '../../src/index.ts'
import { contoso, daemon, graph, middleTier, todoApi, webClient } from '../scenario.ts'

const [tool, page, bare, roles, lost] = ['d1', 'd2', 'd3', 'd4', 'd5'].map(
  (end) => `a0000000-0000-4000-8000-0000000000${end}`,
) as [string, string, string, string, string]
const applications = [
  ...defaultDirectory.applications,
  {
    ...{ id: tool, displayName: 'Tool', tenantId: contoso },
    redirectUris: { publicClient: ['http://localhost/tool', 'http://localhost/other'] },
    requiredResourceAccess: [{ resourceId: graph, scopes: ['User.Read', 'User.ReadBasic.All'] }],
  },
  {
    ...{ id: page, displayName: 'Page', tenantId: contoso },
    redirectUris: { spa: ['http://localhost/page'], web: ['http://localhost/server'] },
    requiredResourceAccess: [{ resourceId: bare, roles: ['All'] }],
  },
  { id: bare, displayName: 'Bare', tenantId: contoso, appRoles: [{ value: 'All' }] },
  {
    ...{ id: roles, displayName: 'Roles', secrets: [{ value: 'it\'s "a" secret' }] },
    requiredResourceAccess: [{ resourceId: todoApi, roles: ['Tasks.Read.All'] }],
  },
  {
    ...{ id: lost, displayName: 'Lost', tenantId: contoso },
    secrets: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'].map((expires) => ({ value: expires, expires })),
    requiredResourceAccess: [{ resourceId: '99999999-0000-4000-8000-000000000009', scopes: ['Read'] }],
  },
]
const names = new Map([
  [webClient, 'a page and its API'],
  [middleTier, 'an API with a secret'],
  [todoApi, 'an API that others call'],
  [daemon, 'a daemon'],
  [tool, 'a tool'],
  [page, 'a page and an API without scopes'],
  [bare, 'an application of nothing'],
  [roles, 'an application of every tenant, with roles'],
  [lost, 'an application whose first secret ends now, and whose API is not there'],
])

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({
    directory: { ...defaultDirectory, applications },
    clock: { now: () => Date.parse('2026-01-01T00:00:00Z') },
  })
})
afterAll(() => emulator.stop())

const [http, https] = ['http://localhost:1', 'https://localhost:2']
const listeners = { http, https, isFixed: false }
const origins = {
  'over http': { origins: { issuer: http, http, https: undefined, isFixed: false } },
  'over https': { origins: { issuer: https, ...listeners } },
  'over https, with a file of the CA': {
    origins: { issuer: https, ...listeners },
    caFile: "/home/it's/ca.pem",
  },
  'behind a public origin': { origins: { issuer: 'https://login.example', http, https, isFixed: true } },
}

it.each(Object.keys(origins) as (keyof typeof origins)[])('settings %s are what they were', async (place) => {
  const source = { ...origins[place], directory: emulator.directory, clock: emulator.clock }
  const settings = (client: string, application: string): string => {
    try {
      return clientSettings(source, { client, application })
    } catch (error) {
      if (error instanceof EmulatorOptionsError) return error.message
      throw error
    }
  }
  const kinds = [...names].filter(([id]) => place === 'over https' || [middleTier, page, tool].includes(id))
  const sections = clientNames.flatMap((client) =>
    kinds.map(([id, name]) => `=== ${client}: ${name}\n${settings(client, id)}\n`),
  )
  const file = new URL(`settings/${place.replaceAll(/\W+/g, '-')}.txt`, import.meta.url)
  await expect(sections.join('\n')).toMatchFileSnapshot(fileURLToPath(file))
})
