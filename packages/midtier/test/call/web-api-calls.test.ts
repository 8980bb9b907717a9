// Calling as `createWebApi` wires it, with the emulator as authority: whose token goes where, and what several processes share.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { render } from '../../src/answer/render.ts'
import {
  clientSecret,
  createWebApi,
  type Caller,
  type DownstreamApiOptions,
  type ObservedEvent,
  type WebApi,
  type WebApiOptions,
} from '../../src/index.ts'
import { HandClock, settle } from '../acquire/scenario.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
import { alice, bob, ids } from '../behaviour/scenario.ts'
import { failureOf } from './called-api.ts'

const nbf = JSON.stringify({ access_token: { nbf: { essential: true, value: '1893456000' } } })

let emulator: Emulator
let server: Server
let downstreamUrl: string
/** Tokens that the downstream API saw, and those it wants no more. */
let seen: string[] = []
let refused = new Set<string>()
let events: ObservedEvent[] = []
const open: WebApi[] = []

beforeAll(async () => {
  emulator = await createEmulator()
  emulator.directory.assignRole({
    tenantId: ids.contoso,
    principalId: ids.middleTier,
    resourceId: ids.todoApi,
    role: 'Tasks.Read.All',
  })
  server = createServer((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    seen.push(token)
    const claims = btoa(nbf)
    if (!refused.has(token)) response.end(JSON.stringify(claimsOf(token)))
    else
      response
        .writeHead(401, { 'www-authenticate': `Bearer error="insufficient_claims", claims="${claims}"` })
        .end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  downstreamUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await emulator.stop()
})
beforeEach(() => {
  seen = []
  refused = new Set()
  events = []
})
afterEach(async () => {
  for (const api of open.splice(0)) await api.close()
})

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

function createApi(
  apis: Readonly<Record<string, Partial<DownstreamApiOptions>>>,
  more: Partial<WebApiOptions> = {},
): WebApi {
  const scopes = [`api://${ids.todoApi}/Tasks.ReadWrite`]
  const api = createWebApi({
    tenantId: ids.contoso,
    clientId: ids.middleTier,
    instance: emulator.origin,
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    downstreamApis: Object.fromEntries(
      Object.entries(apis).map(([name, each]) => [name, { baseUrl: downstreamUrl, scopes, ...each }]),
    ),
    clock: { nowMs: () => emulator.clock.now() },
    observer: (event) => events.push(event),
    ...more,
  })
  open.push(api)
  return api
}

const tokenOf = (user: string): Promise<string> =>
  emulator.mint({ user, client: ids.webClient, audience: ids.middleTier, scopes: ['access_as_user'] })

const tokenOfDaemon = (): Promise<string> =>
  emulator.mint({ client: ids.daemon, audience: ids.middleTier, tenant: ids.contoso, roles: ['Anything'] })

function authenticate(api: WebApi, token: string): Promise<Caller> {
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' })
}

const exchanges = (): readonly ObservedEvent[] => events.filter(({ type }) => type === 'token_requested')

describe('whose token a downstream API gets', () => {
  const apis = {
    user: { token: 'onBehalfOf' },
    app: { token: 'app' },
    either: { token: 'either' },
    unsaid: {},
  } as const

  it.each([
    ['user', 'onBehalfOf'],
    ['unsaid', 'onBehalfOf'],
    ['either', 'onBehalfOf'],
    ['app', 'app'],
  ] as const)('for a user, on the API of policy %s: %s, and the event says so', async (name, kind) => {
    const caller = await authenticate(createApi(apis), await tokenOf(alice))
    const claims = await caller.downstream(name).getJson<Record<string, unknown>>('x')
    expect(claims['oid'] === ids.alice).toBe(kind === 'onBehalfOf')
    expect(claims['scp']).toBe(kind === 'onBehalfOf' ? 'Tasks.ReadWrite' : undefined)
    expect(claims['roles']).toEqual(kind === 'app' ? ['Tasks.Read.All'] : undefined)
    expect(events.findLast(({ type }) => type === 'downstream_called')).toMatchObject({ token: kind })
  })

  it.each(['app', 'either'] as const)(
    "for an application, on the API of policy %s: this API's own",
    async (name) => {
      const caller = await authenticate(createApi(apis), await tokenOfDaemon())
      const claims = await caller.downstream(name).getJson<Record<string, unknown>>('x')
      expect(claims).toMatchObject({ azp: ids.middleTier, roles: ['Tasks.Read.All'], idtyp: 'app' })
      expect(events.findLast(({ type }) => type === 'downstream_called')).toMatchObject({ token: 'app' })
    },
  )

  it.each(['user', 'unsaid'] as const)(
    'for an application, on the API of policy %s: none, and it is told 403',
    async (name) => {
      const caller = await authenticate(createApi(apis), await tokenOfDaemon())
      const error = await failureOf(caller.downstream(name).getJson('x'))
      expect(error).toMatchObject({ code: 'acquisition_impossible', reason: 'app_only_caller' })
      expect(render(error)).toMatchObject({ status: 403 })
      expect(seen).toEqual([])
      expect(exchanges()).toEqual([])
    },
  )

  it('is never another kind by way of the cache, nor by the scopes of a call', async () => {
    const caller = await authenticate(createApi(apis), await tokenOf(alice))
    const scopes = [`api://${ids.todoApi}/.default`]
    for (let round = 0; round < 3; round += 1)
      for (const name of ['app', 'user', 'either', 'unsaid'] as const) {
        const claims = await caller.downstream(name).getJson<Record<string, unknown>>('x', { scopes })
        expect([name, 'scp' in claims]).toEqual([name, name !== 'app'])
      }
    expect(exchanges()).toHaveLength(2)
  })

  it("is, for an API of several tenants, the application's in the tenant of its caller", async () => {
    const more = { tenantId: 'organizations', allowedTenants: [ids.contoso, ids.fabrikam] }
    const token = await emulator.mint({
      user: 'carol@fabrikam.onmicrosoft.com',
      client: ids.webClient,
      audience: ids.middleTier,
      scopes: ['access_as_user'],
    })
    const caller = await authenticate(createApi(apis, more), token)
    expect(await caller.downstream('app').getJson('x')).toMatchObject({ tid: ids.fabrikam })
  })

  it('cannot be left open: an API without scopes, or of a policy that is none, is refused at the start', () => {
    expect(() => createApi({ open: { scopes: [] } })).toThrow('downstreamApis.open.scopes')
    expect(() => createApi({ open: { token: 'none' as 'app' } })).toThrow(
      'downstreamApis.open.token: must be one of onBehalfOf, app, either',
    )
  })
})

describe('several calls of one handler at once', () => {
  it('make one exchange for each resource', async () => {
    const graph = { scopes: ['User.Read'] }
    const caller = await authenticate(createApi({ todolist: {}, graph }), await tokenOf(alice))
    const [todolist, again, direct] = [
      caller.downstream('todolist'),
      caller.downstream('todolist'),
      caller.fetch('graph'),
    ]
    const answers = await Promise.all([
      todolist.getJson('a'),
      again.getJson('b'),
      todolist.postJson('c', {}),
      direct('d'),
      caller.downstream('graph').getJson('e'),
    ])
    expect(answers).toHaveLength(5)
    expect(exchanges()).toHaveLength(2)
    expect(new Set(seen).size).toBe(2)
  })

  it('make one more exchange for a challenge that all of them meet', async () => {
    const caller = await authenticate(createApi({ todolist: {} }), await tokenOf(alice))
    const api = caller.downstream('todolist')
    await api.getJson('warm')
    refused = new Set(seen)
    const answers = await Promise.all(Array.from({ length: 10 }, (_, call) => api.getJson(String(call))))
    expect(answers).toHaveLength(10)
    expect(exchanges()).toHaveLength(2)
  })

  it('of two people never cross', async () => {
    const api = createApi({ todolist: {} })
    const callers = await Promise.all(
      [alice, bob].map(async (user) => authenticate(api, await tokenOf(user))),
    )
    const oids = await Promise.all(
      Array.from({ length: 40 }, async (_, call) => {
        const caller = callers[call % 2]!
        const { oid } = await caller.downstream('todolist').getJson<{ oid: string }>(String(call))
        return oid === caller.principal.objectId
      }),
    )
    expect(oids).toEqual(Array.from({ length: 40 }, () => true))
  })
})

describe('a challenge that nothing answers', () => {
  it('is asked about once in a request, however often its handler tries', async () => {
    const caller = await authenticate(createApi({ todolist: {} }), await tokenOf(alice))
    refused = { has: () => true } as unknown as Set<string>
    for (let call = 0; call < 3; call += 1)
      expect(await failureOf(caller.downstream('todolist').getJson('x'))).toMatchObject({
        code: 'interaction_required',
        origin: 'resource',
        facts: { claims: nbf },
        resource: { clientId: ids.middleTier },
      })
    expect(exchanges()).toHaveLength(2)
    expect(seen).toHaveLength(4)
  })

  it('does not bring the refused token back while the authority is down', async () => {
    const api = createApi({ todolist: {} })
    const token = await tokenOf(alice)
    const call = async (): Promise<unknown> =>
      failureOf((await authenticate(api, token)).downstream('todolist').getJson('x'))
    await call()
    refused = new Set(seen)
    const outage = emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 400, body: 'no' } })
    try {
      for (let round = 0; round < 2; round += 1) await call()
    } finally {
      outage.remove()
    }
    expect(seen).toHaveLength(2)
  })
})

describe('a challenge that one process answers', () => {
  function createTwoProcesses(without: readonly ('publish' | 'subscribe')[] = []) {
    const clock = Object.defineProperty(new HandClock(), 'ms', { get: () => emulator.clock.now() })
    const { store: shared } = createSharedTextStore(clock)
    const store = Object.fromEntries(
      Object.entries(shared).filter(([name]) => !without.includes(name as 'publish') && name !== 'sealed'),
    ) as unknown as typeof shared
    const keyRing = { current: 'k1', keys: { k1: Buffer.alloc(32, 7).toString('base64') } }
    const process = (): WebApi =>
      createApi({ todolist: {} }, { tokenCache: { store, keyRing, storeTimeoutMs: 60_000 } })
    return [process(), process()] as const
  }

  it('is answered for the other too: the refused token is nowhere any more', async () => {
    const [one, two] = createTwoProcesses()
    const token = await tokenOf(alice)
    const callOf = async (api: WebApi) => (await authenticate(api, token)).downstream('todolist').getJson('x')
    await callOf(one)
    await callOf(two)
    expect(exchanges()).toHaveLength(1)
    refused = new Set(seen)
    seen = []
    await callOf(one)
    await settle()
    await callOf(two)
    await callOf(one)
    expect(exchanges()).toHaveLength(2)
    expect(seen.map((each) => refused.has(each))).toEqual([true, false, false, false])
  })

  it('is answered by each for itself when they cannot tell each other, and neither comes back to the refused token', async () => {
    const [one, two] = createTwoProcesses(['publish', 'subscribe'])
    const token = await tokenOf(bob)
    const callOf = async (api: WebApi) => (await authenticate(api, token)).downstream('todolist').getJson('x')
    await callOf(one)
    await callOf(two)
    refused = new Set(seen)
    seen = []
    for (const api of [one, two, one, two]) await callOf(api)
    expect(seen.filter((each) => refused.has(each))).toHaveLength(2)
    expect(exchanges()).toHaveLength(3)
  })
})
