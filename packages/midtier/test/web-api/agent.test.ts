// Agents of a blueprint: who acts and for whom, at the authority and at the downstream API; what is kept, dropped and told.
import { describe, expect, it } from 'vitest'
import {
  AcquisitionError,
  clientAssertion,
  ConfigurationError,
  createManagedIdentity,
  createWebApi,
  federatedManagedIdentity,
  imdsEndpoint,
  InteractionRequiredError,
  render,
  TokenRequestError,
  type ObservedEvent,
} from '../../src/index.ts'
import { applicationTokenCredential, tokenCredential } from '../../src/sdk/azure.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
import { HandClock } from '../acquire/scenario.ts'
import { clientId, otherTenantId, tenantId } from '../jwt/token-builder.ts'
import {
  accountOf,
  agentId,
  createAgentWorld,
  personId,
  read,
  refuse,
  type AgentWorld,
} from './agent-authority.ts'

const scopes = ['api://todolist/Todos.Read']
const appScopes = ['api://todolist/.default']
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const fields = (form: URLSearchParams | undefined): Record<string, string> => Object.fromEntries(form ?? [])
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )

const keyRing = { current: 'k1', keys: { k1: new Uint8Array(32) } }
function share(world: AgentWorld) {
  const clock = new HandClock()
  clock.ms = world.clock.nowMs()
  const { store } = createSharedTextStore(clock)
  return { tokenCache: { store, keyRing } }
}

describe('an agent on behalf of a caller', () => {
  it('shows what its blueprint got for it, and the caller’s token', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const caller = await world.caller(api, 1)
    const { accessToken } = await api.agent(agentId(1)).onBehalfOf(caller).acquireToken({ scopes })
    expect(read(accessToken)).toMatchObject({ actor: agentId(1), subject: personId(1), tenant: tenantId })
    expect(fields(world.asked[0]?.form)).toMatchObject({
      client_id: clientId,
      client_secret: 'the-secret-of-the-blueprint',
      grant_type: 'client_credentials',
      scope: 'api://AzureADTokenExchange/.default',
      fmi_path: agentId(1),
    })
    const exchange = fields(world.asked[1]?.form)
    expect(exchange).toMatchObject({
      client_id: agentId(1),
      grant_type: jwtBearer,
      requested_token_use: 'on_behalf_of',
      client_assertion_type: clientAssertionType,
      scope: 'api://todolist/Todos.Read openid profile',
    })
    expect(exchange['client_secret']).toBeUndefined()
    expect(read(exchange['client_assertion'] ?? '')).toMatchObject({ kind: 'T1', actor: agentId(1) })
    expect(read(exchange['assertion'] ?? '')).toMatchObject({ oid: personId(1) })
  })

  it('gives the caller as the handler knows it', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const caller = await world.caller(api, 1)
    const acting = api.agent(agentId(1).toUpperCase()).onBehalfOf(caller)
    expect(acting.principal).toBe(caller.principal)
    expect(acting.account).toEqual(caller.account)
    expect(await acting.downstream('todolist').getJson('todos')).toMatchObject({
      actor: agentId(1),
      subject: personId(1),
    })
    expect(await caller.downstream('todolist').getJson('todos')).toMatchObject({ actor: clientId })
    expect(
      await errorOf(api.agent(agentId(2)).onBehalfOf(caller).acquireTokenSilent({ scopes })),
    ).toMatchObject({
      reason: 'no_token_cached',
    })
    expect(world.proofs(agentId(2))).toBe(0) // the cache alone
  })

  it('acts as itself where the API is called with an application’s token', async () => {
    const world = createAgentWorld()
    const api = world.api({
      downstreamApis: { todolist: { baseUrl: 'https://todolist.example/api/', scopes, token: 'app' } },
    })
    const acting = api.agent(agentId(1)).onBehalfOf(await world.caller(api, 1))
    expect(await acting.downstream('todolist').getJson('todos')).toMatchObject({
      actor: agentId(1),
      subject: agentId(1),
    })
  })

  it('relays a missing consent, for the blueprint, and a claims challenge', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const acting = api.agent(agentId(1)).onBehalfOf(await world.caller(api, 1))
    world.refusal = ({ form }) =>
      form.has('assertion') ? refuse('invalid_grant', 65001, { suberror: 'consent_required' }) : undefined
    const consent = await errorOf(acting.downstream('todolist').getJson('todos'))
    expect(consent).toMatchObject({ code: 'interaction_required', reason: 'consent_required' })
    expect((consent as InteractionRequiredError).request?.consentUrl).toContain(`client_id=${clientId}`)
    expect(render(consent)?.status).toBe(403)
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    world.refusal = ({ form }) =>
      form.has('assertion') ? refuse('interaction_required', 50076, { claims }) : undefined
    expect(render(await errorOf(acting.acquireToken({ scopes })))?.status).toBe(401)
    world.refusal = undefined
    world.downstream = () =>
      new Response(null, {
        status: 401,
        headers: { 'www-authenticate': `Bearer error="insufficient_claims", claims="${btoa(claims)}"` },
      })
    expect(await errorOf(acting.downstream('todolist').getJson('todos'))).toMatchObject({
      code: 'interaction_required',
      reason: 'claims_required',
    })
    expect(world.exchanges().at(-1)?.get('claims')).toContain('acrs')
    expect(world.proofs()).toBe(1) // none of it is about the agent
  })

  it('is for callers of this API, in the tenant of the agent', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const foreign = await world.caller(world.api(), 1)
    expect(() => api.agent(agentId(1)).onBehalfOf(foreign)).toThrow(ConfigurationError)
    expect(() => api.agent(agentId(1)).onBehalfOf({} as never)).toThrow(ConfigurationError)
    const caller = await world.caller(api, 1)
    expect(() => api.agent(agentId(1), { tenantId: otherTenantId }).onBehalfOf(caller)).toThrow(
      expect.objectContaining({ reason: 'other_tenant' }) as AcquisitionError,
    )
    const byDomain = api.agent(agentId(1), { tenantId: 'fabrikam.com' })
    expect(() => byDomain.onBehalfOf(caller)).toThrow(/agent\.tenantId.*is a domain/)
    const daemon = await world.caller(api, 1, { scp: undefined, idtyp: 'app', roles: ['R'] })
    expect(await errorOf(api.agent(agentId(1)).onBehalfOf(daemon).acquireToken({ scopes }))).toMatchObject({
      reason: 'app_only_caller',
    })
  })
})

describe('an agent by itself', () => {
  it('gets what it was granted, and not what the application was', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const agent = api.agent(agentId(1))
    const [own, application, other] = await Promise.all([
      agent.acquireToken({ scopes: appScopes }),
      api.acquireTokenForClient({ scopes: appScopes }),
      api.agent(agentId(2)).acquireToken({ scopes: appScopes }),
    ])
    expect([own, application, other].map(({ accessToken }) => read(accessToken).subject)).toEqual([
      agentId(1),
      clientId,
      agentId(2),
    ])
    expect(await agent.downstream('todolist').getJson('todos')).toMatchObject({ subject: agentId(1) })
    expect(await (await agent.fetch('todolist')('todos')).json()).toMatchObject({ subject: agentId(1) })
    expect(world.asked).toHaveLength(5) // its downstream call found the token
    expect(await errorOf(agent.acquireToken({ scopes }))).toMatchObject({ reason: 'app_scope_not_default' })
    expect(() => agent.downstream('nobody')).toThrow('no downstream API')
  })

  it('has no caller who could answer a challenge: one new token, then the API’s refusal', async () => {
    const world = createAgentWorld()
    const agent = world.api().agent(agentId(1))
    world.downstream = () =>
      new Response(null, {
        status: 401,
        headers: {
          'www-authenticate': `Bearer error="insufficient_claims", claims="${btoa('{"access_token":{"nbf":{"value":"1"}}}')}"`,
        },
      })
    expect(await errorOf(agent.downstream('todolist').getJson('todos'))).toMatchObject({
      code: 'downstream_failed',
    })
    expect(world.seen).toHaveLength(2)
  })
})

describe('an agent through its user account', () => {
  it.each(['objectId', 'userPrincipalName'] as const)(
    'is the account that is named by its %s',
    async (by) => {
      const world = createAgentWorld()
      const name = accountOf(1)[by]
      const user = world
        .api()
        .agent(agentId(1))
        .asUser({ [by]: name.toUpperCase() } as never)
      expect(await user.downstream('todolist').getJson('todos')).toMatchObject({
        actor: agentId(1),
        subject: name,
      })
      expect(read((await user.acquireToken({ scopes })).accessToken).serial).toBe(world.seen[0]?.serial)
      const [, own, exchange] = world.asked.map(({ form }) => fields(form))
      expect(own).toMatchObject({
        client_id: agentId(1),
        grant_type: 'client_credentials',
        scope: 'api://AzureADTokenExchange/.default',
      })
      expect(exchange).toMatchObject({
        client_id: agentId(1),
        grant_type: 'user_fic',
        requested_token_use: 'on_behalf_of',
        [by === 'objectId' ? 'user_id' : 'username']: name,
      })
      expect(world.asked).toHaveLength(3)
    },
  )

  it('tells the owner what nobody can be asked for', async () => {
    const world = createAgentWorld()
    world.refusal = ({ form }) =>
      form.get('grant_type') === 'user_fic'
        ? refuse('invalid_grant', 65001, { suberror: 'consent_required' })
        : undefined
    const user = world
      .api()
      .agent(agentId(1))
      .asUser({ objectId: accountOf(1).objectId })
    const error = await errorOf(user.acquireToken({ scopes }))
    expect(error).toBeInstanceOf(TokenRequestError)
    expect((error as TokenRequestError).facts.remedy).toContain('consent')
    expect(render(error)?.status).toBe(500)
  })

  it.each([[{}], [{ objectId: 'x' }], [{ userPrincipalName: 'nobody' }], [accountOf(1)], [undefined]])(
    'is not %j',
    (user) => {
      expect(() =>
        createAgentWorld()
          .api()
          .agent(agentId(1))
          .asUser(user as never),
      ).toThrow(expect.objectContaining({ reason: 'argument_invalid' }) as AcquisitionError)
    },
  )
})

describe('who is seen downstream', () => {
  it('is the right agent for the right person: 200 people and 5 agents, interleaved, cold and warm', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const people = Array.from({ length: 200 }, (_, person) => person)
    const agents = [1, 2, 3, 4, 5]
    const callers = await Promise.all(people.map((person) => world.caller(api, person)))
    for (let round = 0; round < 2; round += 1) {
      const calls = people.flatMap((person) => agents.map((agent) => [person, agent] as const))
      await Promise.all(
        calls
          .sort(
            ([onePerson, oneAgent], [person, agent]) =>
              ((onePerson * 7 + oneAgent * 3) % 11) - ((person * 7 + agent * 3) % 11),
          )
          .map(async ([person, agent]) => {
            const acting = api.agent(agentId(agent)).onBehalfOf(callers[person]!)
            const seen = await acting.downstream('todolist').getJson('todos')
            expect(seen).toMatchObject({ actor: agentId(agent), subject: personId(person) })
          }),
      )
    }
    expect(agents.map((agent) => world.proofs(agentId(agent)))).toEqual([1, 1, 1, 1, 1])
    expect(world.exchanges()).toHaveLength(1000)
    expect(world.seen).toHaveLength(2000)
  })
})

describe('what an agent is asked for at once', () => {
  it('is exchanged once: 200 cold requests of one person and agent', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const caller = await world.caller(api, 1)
    const tokens = await Promise.all(
      Array.from({ length: 200 }, () => api.agent(agentId(1)).onBehalfOf(caller).acquireToken({ scopes })),
    )
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(world.asked).toHaveLength(2)
  })

  it('is exchanged once over four APIs that share a store', async () => {
    const world = createAgentWorld()
    const shared = share(world)
    const apis = [1, 2, 3, 4].map(() => world.api(shared))
    const callers = await Promise.all(apis.map((api) => world.caller(api, 1)))
    const tokens = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        apis[index % 4]!.agent(agentId(1))
          .onBehalfOf(callers[index % 4]!)
          .acquireToken({ scopes }),
      ),
    )
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect([world.proofs(), world.exchanges().length]).toEqual([1, 1])
    await Promise.all(apis.map((api) => api.close()))
  })
})

describe('what lets an agent act', () => {
  it('is renewed ahead, while the old one serves', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const agent = api.agent(agentId(1))
    await agent.acquireToken({ scopes: appScopes })
    world.clock.advanceSeconds(1_900)
    const { accessToken } = await agent.acquireToken({ scopes: ['api://other/.default'] })
    expect(read(accessToken).actor).toBe(agentId(1))
    await expect.poll(() => world.proofs()).toBe(2)
    expect(read(world.exchanges().at(-1)?.get('client_assertion') ?? '').serial).toBe(1)
  })

  it('is asked for once more when one from the cache is refused', async () => {
    const world = createAgentWorld()
    const agent = world.api().agent(agentId(1))
    await agent.acquireToken({ scopes: appScopes })
    world.withdrawnUpTo = 2
    expect(read((await agent.acquireToken({ scopes: ['api://other/.default'] })).accessToken).actor).toBe(
      agentId(1),
    )
    expect([world.proofs(), world.exchanges().length]).toEqual([2, 3])
  })

  it('is dropped when the agent is disabled, also from a shared store, and the refusal is not tried again', async () => {
    const world = createAgentWorld()
    const shared = share(world)
    const [api, other] = [world.api(shared), world.api(shared)]
    await api.agent(agentId(1)).acquireToken({ scopes: appScopes })
    world.disabled.add(agentId(1))
    const refused = await errorOf(api.agent(agentId(1)).acquireToken({ scopes: ['api://second/.default'] }))
    expect(refused).toMatchObject({ code: 'token_request_refused', facts: { errorNumbers: [7000112] } })
    expect((refused as TokenRequestError).facts.remedy).toContain('enable')
    expect([world.proofs(), world.exchanges().length]).toEqual([2, 2])
    // What was asked for is refused itself now: there is nothing to be shown any more, in no process.
    await errorOf(other.agent(agentId(1)).acquireToken({ scopes: ['api://third/.default'] }))
    expect([world.proofs(), world.exchanges().length]).toEqual([3, 2])
    // Until it expires, what it got before is valid at the API, and is given.
    expect((await api.agent(agentId(1)).acquireToken({ scopes: appScopes })).origin).toBe('l1')
    expect(read((await api.agent(agentId(2)).acquireToken({ scopes: appScopes })).accessToken).actor).toBe(
      agentId(2),
    )
    await Promise.all([api.close(), other.close()])
  })

  it.each<[boolean, string, number]>([
    [true, 'invalid_client', 50000],
    [true, 'unauthorized_client', 50000],
    ...[700016, 7000112, 70021, 700021, 700024, 700027, 700211, 700212, 700213].map(
      (number): [boolean, string, number] => [true, 'invalid_grant', number],
    ),
    [false, 'invalid_grant', 65001],
    [false, 'invalid_scope', 70011],
  ])(
    'is asked for once more (%s) where the authority then refuses with %s and %i',
    async (again, name, number) => {
      const world = createAgentWorld()
      const api = world.api()
      await api.agent(agentId(1)).acquireToken({ scopes: appScopes })
      const before = world.proofs()
      world.refusal = ({ form }) => (form.has('fmi_path') ? undefined : refuse(name, number))
      const refused = await errorOf(api.agent(agentId(1)).acquireToken({ scopes: ['api://second/.default'] }))
      expect(refused).toMatchObject({ facts: { error: name, errorNumbers: [number] } })
      expect(world.proofs() - before).toBe(again ? 1 : 0)
      await api.close()
    },
  )

  it('is shown once, where the authority trusts none of it', async () => {
    const world = createAgentWorld()
    world.withdrawnUpTo = Infinity
    await errorOf(world.api().agent(agentId(1)).acquireToken({ scopes: appScopes }))
    expect([world.proofs(), world.exchanges().length]).toEqual([1, 1])
  })

  it('is not tried again and again by who waits for it while the authority is down', async () => {
    const world = createAgentWorld()
    world.refusal = () => new Response('down', { status: 503 })
    const agent = world.api({ resilience: { maxRetries: 1, retryBudgetMs: 5_000 } }).agent(agentId(1))
    expect(await errorOf(agent.acquireToken({ scopes: appScopes }))).toMatchObject({
      code: 'authority_unavailable',
    })
    expect(world.asked).toHaveLength(2)
  })

  it('comes by any credential of the blueprint, which the agent itself never shows', async () => {
    const identity = createManagedIdentity({
      endpoint: imdsEndpoint(),
      fetch: () =>
        Promise.resolve(Response.json({ access_token: 'i.d.m', expires_on: '4000000000', resource: 'x' })),
    })
    for (const [credential, shown] of [
      [clientAssertion(() => 'c.l.a'), 'c.l.a'],
      [federatedManagedIdentity(identity), 'i.d.m'],
    ] as const) {
      const world = createAgentWorld()
      const agent = world.api({ clientCredential: credential }).agent(agentId(1))
      await agent.acquireToken({ scopes: appScopes })
      const [proof, exchange] = world.asked
      expect(proof?.form.get('client_assertion')).toBe(shown)
      expect(read(exchange?.form.get('client_assertion') ?? '').kind).toBe('T1')
    }
  })
})

describe('forgetting an account', () => {
  it('reaches what agents got for it, in every process that shares the store', async () => {
    const world = createAgentWorld()
    const shared = share(world)
    const [api, other] = [world.api(shared), world.api(shared)]
    const acquire = async (by: typeof api, person: number) =>
      by
        .agent(agentId(1))
        .onBehalfOf(await world.caller(by, person))
        .acquireToken({ scopes })
    const asAccount = (by: typeof api) =>
      by
        .agent(agentId(1))
        .asUser({ objectId: accountOf(1).objectId })
        .acquireToken({ scopes })
    for (const by of [api, other]) await Promise.all([acquire(by, 1), acquire(by, 2), asAccount(by)])
    const before = world.exchanges().length
    await other.forget({ id: `${personId(1)}.${tenantId}` })
    await other.forget({ id: `${accountOf(1).objectId}.${tenantId}` })
    for (const by of [api, other]) {
      expect((await acquire(by, 2)).origin).not.toBe('authority')
      await Promise.all([acquire(by, 1), asAccount(by)])
    }
    expect(world.exchanges().length - before).toBe(3) // each anew, what the agent shows for its account too, and shared again
    await Promise.all([api.close(), other.close()])
  })
})

describe('a long-running session of an agent', () => {
  it('is continued by the agent, from any process', async () => {
    const world = createAgentWorld()
    const shared = { ...share(world), longRunning: {} }
    const [api, worker] = [world.api(shared), world.api(shared)]
    const acting = api.agent(agentId(1)).onBehalfOf(await world.caller(api, 1))
    const sessionKey = await api.longRunning.start(acting, { scopes })
    const { accessToken } = await worker.longRunning.acquire(sessionKey, {
      scopes: ['api://other/Other.Read'],
    })
    expect(read(accessToken)).toMatchObject({ actor: agentId(1), subject: 'of the session' })
    expect(fields(world.exchanges().at(-1))).toMatchObject({
      client_id: agentId(1),
      grant_type: 'refresh_token',
      refresh_token: `refresh-of-${agentId(1)}`,
      client_assertion_type: clientAssertionType,
    })
    await Promise.all([api.close(), worker.close()])
  })
})

describe('the tenant of an agent', () => {
  it('is the caller’s, for a blueprint of several tenants', async () => {
    const world = createAgentWorld()
    const api = world.api({ tenantId: 'organizations', allowedTenants: null })
    for (const tid of [tenantId, otherTenantId]) {
      const acting = api.agent(agentId(1)).onBehalfOf(await world.caller(api, 1, { tid }))
      expect(read((await acting.acquireToken({ scopes })).accessToken).tenant).toBe(tid)
    }
    expect(world.asked.map(({ tenant }) => tenant)).toEqual([
      tenantId,
      tenantId,
      otherTenantId,
      otherTenantId,
    ])
  })

  it('is named where no caller says it, and is never an alias', async () => {
    const world = createAgentWorld()
    const api = world.api({ tenantId: 'organizations', allowedTenants: null })
    expect(await errorOf(api.agent(agentId(1)).acquireToken({ scopes: appScopes }))).toMatchObject({
      reason: 'tenant_not_concrete',
    })
    const common = api.agent(agentId(1), { tenantId: 'common' }).acquireToken({ scopes: appScopes })
    expect(await errorOf(common)).toMatchObject({ reason: 'tenant_not_concrete' })
    const { accessToken } = await api
      .agent(agentId(1), { tenantId: otherTenantId })
      .acquireToken({ scopes: appScopes })
    expect(read(accessToken).tenant).toBe(otherTenantId)
    expect(new Set(world.asked.map(({ tenant }) => tenant))).toEqual(new Set([otherTenantId]))
  })
})

describe('an agent that cannot be', () => {
  it.each(['', 'expenses', `${agentId(1)} `, `{${agentId(1)}}`, undefined, 5])(
    'is refused by its id: %j',
    (id) => {
      const api = createAgentWorld().api()
      expect(() => api.agent(id as string)).toThrow(ConfigurationError)
      expect(() => createWebApi(() => expect.unreachable()).agent(id as string)).toThrow('agentId')
    },
  )

  it('is refused with options that are none', () => {
    const api = createAgentWorld().api()
    expect(() => api.agent(agentId(1), { tenant: tenantId } as never)).toThrow('tenantId')
    expect(() => api.agent(agentId(1), { tenantId: 'a/b' })).toThrow(ConfigurationError)
  })

  it('is refused at an issuer that is not Entra, and without a credential of the blueprint', async () => {
    const options = { clientId, audience: 'x', logger: false } as const
    const foreign = createWebApi({ ...options, authority: { issuer: 'https://id.example' } })
    expect(() => foreign.agent(agentId(1))).toThrow('authority: is not Entra')
    const world = createAgentWorld()
    const validating = world.api({ clientCredential: undefined, downstreamApis: {} })
    expect(await errorOf(validating.agent(agentId(1)).acquireToken({ scopes: appScopes }))).toMatchObject({
      code: 'configuration_invalid',
    })
    const identity = createManagedIdentity({ endpoint: imdsEndpoint() })
    const itself = world.api({ clientCredential: identity, downstreamApis: {} })
    expect(await errorOf(itself.agent(agentId(1)).acquireToken({ scopes: appScopes }))).toMatchObject({
      reason: 'agents_not_supported',
    })
  })
})

describe('what is told of agents', () => {
  it('names the agent in every event of its tokens, and nobody’s name', async () => {
    const world = createAgentWorld()
    const events: ObservedEvent[] = []
    const api = world.api({ observer: (event) => void events.push(event) })
    await api
      .agent(agentId(1))
      .onBehalfOf(await world.caller(api, 1))
      .acquireToken({ scopes })
    await api.acquireTokenForClient({ scopes: appScopes })
    const { userPrincipalName } = accountOf(1)
    await api.agent(agentId(2)).asUser({ userPrincipalName }).acquireToken({ scopes })
    world.disabled.add(agentId(3))
    await errorOf(api.agent(agentId(3)).acquireToken({ scopes: appScopes }))
    const told = events.flatMap((event) =>
      event.type === 'token_requested' ||
      event.type === 'token_acquired' ||
      event.type === 'acquisition_failed'
        ? [[event.type, event.grant, event.agentId]]
        : [],
    )
    const of = (agent: string | undefined) =>
      told.filter(([, , id]) => id === agent).map(([type, grant]) => `${type} ${grant}`)
    expect(of(agentId(1))).toEqual([
      ...['token_requested client_credentials', 'token_acquired client_credentials'],
      ...['token_requested on_behalf_of', 'token_acquired on_behalf_of'],
    ])
    expect(of(undefined)).toEqual(['token_requested client_credentials', 'token_acquired client_credentials'])
    expect(of(agentId(2)).slice(-2)).toEqual(['token_requested user_fic', 'token_acquired user_fic'])
    expect(of(agentId(3)).at(-1)).toBe('acquisition_failed client_credentials')
    expect(JSON.stringify(events)).not.toContain(userPrincipalName)
  })
})

describe('SDK clients', () => {
  it('act as an agent: for a caller, by itself, through its user account', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const agent = api.agent(agentId(1))
    const acting = agent.onBehalfOf(await world.caller(api, 1))
    const options = { tenantId, clock: world.clock }
    const credentials = [
      tokenCredential(acting, { clock: world.clock }),
      applicationTokenCredential(agent, options),
      applicationTokenCredential(agent.asUser({ objectId: accountOf(1).objectId }), options),
    ]
    const subjects = []
    for (const credential of credentials)
      subjects.push(read((await credential.getToken(appScopes)).token).subject)
    expect(subjects).toEqual([personId(1), agentId(1), accountOf(1).objectId])
    const elsewhere = credentials[1]!.getToken(appScopes, { tenantId: otherTenantId })
    expect(await errorOf(elsewhere)).toMatchObject({ reason: 'other_tenant' })
    expect(() => applicationTokenCredential(acting as never, options)).toThrow(ConfigurationError)
  })
})

describe('an agent of an API whose options are read later', () => {
  it('acts when it is first asked to', async () => {
    const world = createAgentWorld()
    let reads = 0
    const api = createWebApi(() => {
      reads += 1
      return world.options()
    })
    const agent = api.agent(agentId(1))
    const user = agent.asUser({ objectId: accountOf(1).objectId })
    expect([agent.id, reads]).toEqual([agentId(1), 0])
    const acting = agent.onBehalfOf(await world.caller(api, 1))
    const tokens = [
      await acting.acquireToken({ scopes }),
      await agent.acquireToken({ scopes: appScopes }),
      await user.acquireToken({ scopes }),
    ]
    expect(tokens.map(({ accessToken }) => read(accessToken).subject)).toEqual([
      personId(1),
      agentId(1),
      accountOf(1).objectId,
    ])
    expect(await agent.downstream('todolist').getJson('todos')).toMatchObject({ subject: agentId(1) })
    expect((await user.fetch('todolist')('todos')).status).toBe(200)
    await user.forget()
    expect(reads).toBe(1)
  })
})
