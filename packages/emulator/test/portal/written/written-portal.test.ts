// Every page of the portal is what was written down, element by element, with a directory and a bad day that show most of it.
// `npx vitest run --project emulator packages/emulator/test/portal/written -u` writes them anew.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../../src/index.ts'
import { agent, alice, contoso, daemon, fabrikam, middleTier, todoApi, webClient } from '../../scenario.ts'
import { expectWritten } from '../../written.ts'
import { openPortal, type Portal } from '../portal-browser.ts'
import { bare, full, fullDirectory } from './directory.ts'

const bob = defaultDirectory.users[1]!.id

let emulator: Emulator
let portal: Portal
beforeAll(async () => {
  const now = Date.parse('2026-05-04T03:02:01Z')
  emulator = await createEmulator({ directory: fullDirectory, clock: { now: () => now } })
  portal = openPortal(emulator)
  await emulator.directory.consents.grant({
    ...{ tenantId: fabrikam, clientId: full, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] },
  })
})
afterAll(() => emulator.stop())

const user = `/portal/users/${bob}`
const pages: readonly (readonly [file: string, ...paths: readonly string[]])[] = [
  ['entrance', '/'],
  ['tenants', '/portal/tenants', `/portal/tenants/${contoso}`, '/portal/tenants/nowhere'],
  ['users', '/portal/users', user],
  ['agents', '/portal/agents', `/portal/agents/${agent}`],
  ['applications', '/portal/applications', '/portal/applications?q=to+do', '/portal/applications?q=nothing'],
  ...[bare, full].map((id): readonly [string, ...string[]] => [
    id === bare ? 'bare-application' : 'full-application',
    ...['', '/authentication', '/secrets', '/claims', '/api', '/permissions', '/preview'].map(
      (tab) => `/portal/applications/${id}${tab}`,
    ),
  ]),
  [
    'preview',
    `/portal/applications/${daemon}/preview?scope=api://${todoApi}/.default`,
    `/portal/applications/${full}/preview?scope=User.Read&user=${alice}`,
  ],
  ['consents', '/portal/consents'],
  ['tokens', '/portal/tokens'],
  ['clock', '/portal/clock'],
  ['faults', '/portal/faults'],
  ['policies', '/portal/policies'],
  ['keys', '/portal/keys'],
  ['export', '/portal/export'],
  [
    'connect',
    ...[
      '',
      `?app=${middleTier}`,
      `?app=${agent}`,
      `?app=${webClient}&client=curl`,
      `?app=${daemon}&client=msal-browser`,
      '?q=nothing',
    ].map((query) => `/portal/connect${query}`),
  ],
]

/** What is of this run alone is named instead. */
async function write(paths: readonly string[], part: 'main' | 'body' = 'main'): Promise<string> {
  const parts: string[] = []
  for (const path of paths) {
    const { html } = await portal.open(path)
    const [shown = ''] = new RegExp(`<${part}.*</${part}>`, 's').exec(html) ?? []
    parts.push(`<!-- ${path} -->\n${shown}`)
  }
  await emulator.keys.ready()
  const keys = new Map(emulator.keys.list().map(({ kid }, index) => [kid, `key-${String(index)}`]))
  const known = JSON.stringify(emulator.directory.toData())
  return parts
    .join('\n')
    .replaceAll(emulator.origin, 'http://localhost')
    .replaceAll(new RegExp([...keys.keys()].join('|'), 'g'), (kid) => keys.get(kid) ?? kid)
    .replaceAll(/(name="(?:form|seen)" value=)"[^"]*"/g, '$1"proof"')
    .replaceAll(/(&quot;(?:iat|nbf|exp|aio|uti|xms_ftd)&quot;: )[^\n]*/g, '$1made here')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => (known.includes(id) ? id : 'made here'))
}
const file = (name: string): string => fileURLToPath(new URL(`${name}.html`, import.meta.url))

it.each(pages)('on a good day: %s', async (name, ...paths) => {
  await expectWritten(await write(paths), file(name))
})

it('on a bad day', async () => {
  emulator.clock.advance(-90 * 60)
  emulator.directory.revokeSessions(emulator.directory.findUser(bob)!, emulator.clock.now())
  emulator.directory.setEnabled(emulator.directory.findUser(bob)!, false)
  for (const { id } of emulator.policies.list()) emulator.policies.remove(id)
  emulator.policies.add({ name: 'Blocked', kind: 'block', users: [alice], enabled: false })
  emulator.policies.add({
    name: 'Daily',
    kind: 'sign_in_frequency',
    maxAgeSeconds: 86_400,
    resource: 'To Do API',
  })
  emulator.faults.add({ when: { endpoint: 'token', times: 2 }, then: { status: 503 } })
  emulator.faults.add({ when: { endpoint: 'graph', nth: 3 }, then: { drop: true } })
  emulator.faults.add({ when: { clientId: full, user: alice }, then: { delayMs: 1500 } })
  const bad = ['/portal/clock', '/portal/faults', '/portal/policies', user, '/portal/users']
  await expectWritten(await write(bad), file('bad-day'))
  const whole = [`/portal/tenants/${contoso}`, '/error?code=50011', '/error?code=90002', '/error?code=50020']
  await expectWritten(await write(whole, 'body'), file('around-a-page'))
  emulator.clock.freeze()
  await expectWritten(await write(['/portal/clock']), file('stopped-clock'))
})
