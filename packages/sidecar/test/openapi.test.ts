// The OpenAPI document says what each route is answered with: everything that can be brought about, and nothing else.
import { request as ask, type ClientRequest } from 'node:http'
import { afterAll, describe, expect, it } from 'vitest'
import { alice, problemOf, type Scenario, startScenario } from './scenario.ts'

interface Operation {
  readonly responses: Readonly<Record<string, unknown>>
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

const seen = new Map<string, Set<string>>()
let paths: Paths = {}

/** A request of every kind that the document has: its operation, and where it goes. */
function operations(): { readonly operation: string; readonly method: string; readonly path: string }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      operation: `${method} ${path}`,
      method: method.toUpperCase(),
      path: path.replace('{apiName}', 'todo').replace('{path}', 'x'),
    })),
  )
}

interface Way {
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Names it twice. */
  readonly hosts?: true
  readonly api?: string
  readonly body?: string
  readonly query?: string
}

/** Asks all of them in one way, and notes what they are answered with. */
async function askAll(url: string, way: Way): Promise<void> {
  const base = new URL(url)
  for (const { operation, method, path } of operations()) {
    const to = path.replace('todo', way.api ?? 'todo') + (way.query ?? '')
    const status = await statusOf(base, method, to, way)
    const all = seen.get(operation) ?? new Set()
    seen.set(operation, all.add(status))
  }
}

function statusOf({ hostname, port }: URL, method: string, path: string, way: Way): Promise<string> {
  const headers = {
    ...(way.token === undefined ? {} : { authorization: `Bearer ${way.token}` }),
    ...(way.body === undefined ? {} : { 'content-length': String(way.body.length) }),
    ...way.headers,
  }
  return new Promise((resolve, reject) => {
    const sent = way.hosts === true ? ['host', 'a', 'host', 'b'] : headers
    ask({ hostname, port, method, path, headers: sent }, (response) => {
      response.resume().on('end', () => resolve(String(response.statusCode)))
    })
      .on('error', reject)
      .end(way.body)
  })
}

const scenarios: Scenario[] = []
async function start(variables: Readonly<Record<string, string>> = {}): Promise<Scenario> {
  const scenario = await startScenario({
    Sidecar__Metrics: 'true',
    Sidecar__MaxRequestBodyBytes: '1000',
    Sidecar__AllowOverrides__GetAuthorizationHeaderUnauthenticated: 'true',
    Sidecar__AllowOverrides__CallDownstreamApiUnauthenticated: 'true',
    ...variables,
  })
  scenarios.push(scenario)
  const document = await scenario.ask('/openapi/v1.json', { token: null })
  paths = ((await document.json()) as { paths: Paths }).paths
  return scenario
}
afterAll(() => Promise.all(scenarios.map((each) => each.stop())))

describe('the document and the answers', () => {
  it('are brought about: what is well, and what is the caller’s fault', async () => {
    const scenario = await start()
    const token = await scenario.token()
    await expect
      .poll(async () => (await scenario.ask('/readyz', { token: null })).status, { timeout: 60_000 })
      .toBe(200)
    await askAll(scenario.url, { token })
    await askAll(scenario.url, {})
    await askAll(scenario.url, { token: await scenario.token(alice, { scopes: ['other'] }) })
    await askAll(scenario.url, { token, headers: { host: 'evil.example' } })
    await askAll(scenario.url, { token, hosts: true })
    await askAll(scenario.url, { token, headers: { origin: 'https://evil.example' } })
    await askAll(scenario.url, { token, api: 'unknown' })
    await askAll(scenario.url, { token, query: '?optionsOverride.Nothing=1' })
    await askAll(scenario.url, { token, body: 'x'.repeat(1001) })
    scenario.emulator.policies.add({ kind: 'require_mfa' })
    await askAll(scenario.url, { token: await scenario.token() })
  })

  it('are brought about: a registration at fault, and an authority that says what nobody knows', async () => {
    const scenario = await start()
    const token = await scenario.token()
    const { id } = scenario.emulator.faults.add({ when: { endpoint: 'token' }, then: { aadsts: 7000215 } })
    await askAll(scenario.url, { token })
    scenario.emulator.faults.remove(id)
    const body = { error: 'surprise', error_description: 'Nobody knows.' }
    scenario.emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 400, body } })
    await askAll(scenario.url, { token })
  })

  it('are brought about: an API and an authority that are down', async () => {
    const scenario = await start({ Sidecar__Metrics: 'false' })
    const token = await scenario.token()
    await scenario.todo.stop()
    await askAll(scenario.url, { token })
    const cold = await start({ AzureAd__Instance: 'http://127.0.0.1:9/' })
    await askAll(cold.url, { token })
  })

  it('are brought about: more requests than are allowed', async () => {
    const scenario = await start({ Sidecar__MaxConcurrentRequests: '1' })
    const token = await scenario.token()
    const { hostname, port } = new URL(scenario.url)
    const headers = { authorization: `Bearer ${token}`, 'content-length': '9' }
    const path = '/DownstreamApi/todo'
    const held: ClientRequest = ask({ hostname, port, method: 'POST', path, headers })
    held.on('error', () => undefined).write('half')
    await expect.poll(async () => (await scenario.ask('/readyz')).status).toBe(503)
    await askAll(scenario.url, { token })
    held.destroy()
  })

  it('agree', () => {
    const documented = operations().map(({ operation }) => {
      const [method = '', path = ''] = operation.split(' ')
      return [operation, Object.keys(paths[path]?.[method]?.responses ?? {}).sort()]
    })
    // What an API answers by itself is any status: /Proxy relays it, as it did the 200 here.
    const answered = [...seen].map(([operation, statuses]) => {
      const told = operation.includes('/Proxy/') ? [...statuses, 'default'] : [...statuses]
      return [operation, told.filter((status) => !operation.includes('/Proxy/') || status !== '200').sort()]
    })
    expect(Object.fromEntries(answered)).toEqual(Object.fromEntries(documented))
  })

  it('are problems wherever they are refusals', async () => {
    const [scenario] = scenarios
    const response = await scenario!.ask('/DownstreamApi/unknown')
    expect(await problemOf(response)).toMatchObject({ type: 'about:blank', status: 400 })
  })
})
