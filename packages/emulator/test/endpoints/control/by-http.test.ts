// What programs do to an emulator by HTTP is what was written down: the answer, and what changed.
// `npx vitest run --project emulator packages/emulator/test/endpoints/control/by-http.test.ts -u` writes it anew.
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { withoutChance } from '../../decisions.ts'
import { namingOf, stateOf } from '../../portal/written/state.ts'
import { changedLines } from '../../readable.ts'
import {
  agent,
  alice,
  blueprint,
  contoso,
  daemon,
  fabrikam,
  graph,
  middleTier,
  todoApi,
  webClient,
} from '../../scenario.ts'

const nobody = '99999999-0000-4000-8000-000000000009'
const mfa = 'b0000000-0000-4000-8000-000000000001'
const json = { 'content-type': 'application/json' }
const consent = { tenantId: contoso, clientId: webClient, resourceId: todoApi, scopes: ['Tasks.ReadWrite'] }
const helper = {
  id: '77777777-0000-4000-8000-000000000001',
  displayName: 'Helper',
  blueprintId: blueprint,
  tenantId: contoso,
}

type Call = readonly [
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
]

const changes: readonly Call[] = [
  ['POST', 'faults', { when: { endpoint: 'token' }, then: { status: 503 } }],
  ['POST', 'faults', { when: {}, then: {} }],
  ['POST', 'faults', 'no JSON'],
  ['DELETE', 'faults/fault-1'],
  ['DELETE', 'faults/fault-0'],
  ['DELETE', 'faults'],
  ['POST', 'policies', { kind: 'block', name: 'Nobody' }],
  ['POST', 'policies', { kind: 'block', id: mfa, name: 'Other' }],
  ['POST', 'policies', { kind: 'other' }],
  ['POST', 'policies', []],
  ['PUT', 'policies', { policies: [{ kind: 'block' }] }],
  ['PUT', 'policies', { policies: [{}] }],
  ['PUT', 'policies', { policies: 'none' }],
  ['PUT', 'policies', []],
  ['PATCH', `policies/${mfa}`, { enabled: true }],
  ['PATCH', `policies/${mfa}`, { enabled: false }],
  ['PATCH', `policies/${mfa}`, { enabled: 'yes' }],
  ['PATCH', 'policies/Nobody', { enabled: true }],
  ['PATCH', `policies/${encodeURIComponent('Block access for To Do API')}`, { enabled: true }],
  ['DELETE', `policies/${mfa}`],
  ['DELETE', 'policies/Nobody'],
  ['DELETE', 'policies'],
  ['POST', 'agents', helper],
  ['POST', 'agents', { ...helper, id: agent }],
  ['POST', 'agents', { ...helper, blueprintId: daemon }],
  ['POST', 'agents', {}],
  ['PATCH', `agents/${agent}`, { enabled: false }],
  ['PATCH', `agents/${agent}`, { enabled: true }],
  ['PATCH', `agents/${agent}`, {}],
  ['PATCH', `agents/${nobody}`, { enabled: false }],
  ['DELETE', `agents/${agent}`],
  ['DELETE', `agents/${nobody}`],
  ['POST', `users/${alice}/revoke-sessions`, {}],
  ['POST', `users/${nobody}/revoke-sessions`, {}],
  ['POST', 'consents', consent],
  ['POST', 'consents', { ...consent, userId: 'c0000000-0000-4000-8000-0000000000a1' }],
  ['POST', 'consents', { ...consent, scopes: 'x' }],
  ['POST', 'consents', []],
  ['DELETE', `consents?tenantId=${contoso}&clientId=${middleTier}`],
  ['DELETE', `consents?tenantId=${contoso}&clientId=${middleTier}&resourceId=${graph}`],
  ['DELETE', `consents?tenantId=${contoso}&clientId=${middleTier}&userId=${nobody}`],
  ['DELETE', `consents?tenantId=${fabrikam}&clientId=${nobody}`],
  ['DELETE', `consents?tenantId=${contoso}`],
  ['DELETE', `consents?clientId=${middleTier}`],
  ['POST', 'clock', { advanceSeconds: 3600 }],
  ['POST', 'clock', { advanceSeconds: -0.5 }],
  ['POST', 'clock', { advanceSeconds: '60' }],
  ['POST', 'clock', {}],
  ['POST', 'mint', {}],
  ['POST', 'mint', { client: nobody }],
  ['POST', 'mint', { client: daemon, audience: nobody }],
  ['POST', 'mint', { client: daemon, audience: todoApi, user: 'nobody' }],
  ['POST', 'mint', { client: 7 }],
  ['POST', 'settings', { client: 'curl', application: 'Nightly report daemon' }],
  ['POST', 'settings', { client: 'curl', application: daemon, listener: 'http' }],
  ['POST', 'settings', { client: 'curl', application: daemon, listener: 'https' }],
  ['POST', 'settings', { client: 'curl', application: daemon, listener: 'ftp' }],
  ['POST', 'settings', { client: 'azure-identity', application: daemon }],
  ['POST', 'settings', { client: 'other', application: daemon }],
  ['POST', 'settings', { client: 'curl', application: 7 }],
  ['POST', 'settings', { application: daemon }],
  ['POST', 'settings', []],
  ['GET', 'health'],
  ['GET', 'directory'],
  ['GET', 'faults'],
  ['GET', 'policies'],
  ['GET', 'consents'],
  ['GET', 'requests'],
  ['GET', 'assets/nothing.css'],
]

/** Who asks: the same change by others, or in another way. */
const callers: readonly (readonly [name: string, headers: Readonly<Record<string, string>>])[] = [
  ['a program', json],
  ['a program that says its charset', { 'content-type': 'application/json; charset=utf-8' }],
  ['a program without a type', {}],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a page of its own', { ...json, origin: '<emulator>' }],
  ['a page of nowhere', { ...json, origin: 'null' }],
  ['a page of nowhere, from another site', { ...json, origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['a page of nowhere, from here', { ...json, origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ['a page of an application', { ...json, origin: 'http://localhost:3000' }],
  ['a page of another origin', { ...json, origin: 'https://elsewhere.example' }],
]

const open = (): Promise<Emulator> =>
  createEmulator({
    clock: { now: () => Date.parse('2026-05-04T03:02:01Z') },
    accessTokenLifetimeSeconds: 3600,
  })

async function tell(emulator: Emulator, [method, path, body, headers = json]: Call): Promise<string> {
  const before = stateOf(emulator)
  const response = await fetch(`${emulator.origin}/_emulator/${path}`, {
    method,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('<emulator>', emulator.origin)]),
    ),
    ...(body !== undefined && { body: body === 'no JSON' ? '{' : JSON.stringify(body) }),
  })
  const shown = ['cache-control', 'vary', 'access-control-allow-origin', 'x-content-type-options'].flatMap(
    (name) => (response.headers.has(name) ? [`${name}: ${response.headers.get(name) ?? ''}`] : []),
  )
  const text = (await response.text()).replace(/(?<="token":")[^"]*/, '…')
  return [
    `${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`,
    `  ${String(response.status)} ${shown.join(' | ')}`.trimEnd(),
    ...(text === '' ? [] : [`  ${text.slice(0, 600)}`]),
    ...changedLines(before, stateOf(emulator)).map((line) => `  ${line}`),
  ].join('\n')
}

it('each change, of an emulator as at its start', async () => {
  const emulator = await open()
  const named = namingOf(emulator)
  const parts: string[] = []
  for (const call of changes) {
    emulator.faults.add({ when: { user: 'somebody' }, then: { status: 500 } })
    const id = emulator.faults.list()[0]?.id ?? ''
    const [method, path, ...rest] = call
    const told = await tell(emulator, [method, path.replace('fault-1', id), ...rest])
    parts.push(named(withoutChance(told, emulator.origin)))
    await emulator.reset()
  }
  await emulator.stop()
  await expect(`${parts.join('\n')}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL('written/changes.txt', import.meta.url)),
  )
})

it('whoever asks', async () => {
  const emulator = await open()
  const parts: string[] = []
  for (const [name, headers] of callers)
    for (const [method, path, body] of [
      ['POST', 'clock', { advanceSeconds: 1 }],
      ['DELETE', 'faults'],
      ['GET', 'policies'],
    ] as const) {
      const told = await tell(emulator, [method, path, body, headers])
      parts.push(
        `${name}: ${told.replaceAll(/\{"policies".*/g, '{"policies"…}').replaceAll(/ *[-+] clock.*\n?/g, '')}`.trimEnd(),
      )
    }
  const text = withoutChance(parts.join('\n'), emulator.origin)
  await emulator.stop()
  await expect(`${text}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL('written/callers.txt', import.meta.url)),
  )
})
