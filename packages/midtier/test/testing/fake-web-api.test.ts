// A web API that believes the test: whatever goes wrong is answered as the library answers it, and nothing leaves the process.
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { currentCaller, runWithCaller } from '../../src/adapters/context.ts'
import { explainToken, render, type Caller, type WebApi } from '../../src/index.ts'
import { createFakeWebApi, type FakeCaller, type FakeRefusal } from '../../src/testing/fake-web-api.ts'
import { endNoProcess } from '../adapters/express-server.ts'
import { adapters } from '../adapters/matrix/adapters.ts'
import { closeAll, start } from '../adapters/matrix/listening.ts'

const asked = { method: 'GET', url: '/' }
const authorized = (token?: string) => ({
  ...asked,
  header: (name: string) => (name === 'authorization' && token !== undefined ? `Bearer ${token}` : undefined),
})

/** The error of work that has to fail. */
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )
/** What a client sees of it: status, the challenge's error, problem type. */
async function answered(work: Promise<unknown>): Promise<readonly unknown[]> {
  const rendered = render(await errorOf(work))
  const challenge = [rendered?.headers['www-authenticate']].flat()[0]
  return [rendered?.status, /error="(\w+)"/.exec(challenge ?? '')?.[1]]
}

describe('the callers of a fake web API', () => {
  const api = createFakeWebApi()

  it('are the people that a test names', async () => {
    const { principal, account } = await api.caller({
      user: 'bob',
      scopes: ['read', 'write'],
      roles: ['Admin'],
    })
    expect(principal).toMatchObject({ kind: 'user', scopes: ['read', 'write'], roles: ['Admin'] })
    expect(account?.id).toBe(`${principal.objectId ?? ''}.${principal.tenantId}`)
    expect(principal.claims['name']).toBe('bob')
  })

  it('are nobody where a request says who calls twice, or nothing that a test has made', async () => {
    for (const fields of [[`Bearer ${api.token()}`, `Bearer ${api.token()}`], 'Bearer fault', '']) {
      const header = (name: string): string | string[] | undefined =>
        name === 'authorization' ? fields : undefined
      expect((await answered(api.authenticate({ ...asked, header })))[0]).toBeGreaterThanOrEqual(400)
    }
  })

  it('are one person for one name, in whatever fake, and another one for another', async () => {
    const [bob, again, carol] = await Promise.all([
      api.caller({ user: 'bob' }),
      createFakeWebApi().caller({ user: 'bob' }),
      api.caller({ user: 'carol' }),
    ])
    expect(again.account).toEqual(bob.account)
    expect(carol.account).not.toEqual(bob.account)
  })

  it('are applications by themselves, and have what claims a test likes', async () => {
    const job = await api.caller({ app: 'nightly job', roles: ['Todos.Read.All'] })
    expect([job.principal.kind, job.principal.roles]).toEqual(['app', ['Todos.Read.All']])
    const { principal } = await api.caller({ claims: { acrs: ['c1'], name: undefined } })
    expect([principal.claims['acrs'], principal.claims['name']]).toEqual([['c1'], undefined])
  })

  it.each([
    [{ app: 'job', user: 'bob' }, 'caller.app: '],
    [{ app: 'job', agent: 'expenses' }, 'caller.app: '],
    [{ app: 'job', agentUser: 'account' }, 'caller.app: '],
    [{ agentUser: 'account' }, 'caller.agentUser: '],
    [{ agent: 'expenses', agentUser: 'account', user: 'bob' }, 'caller.agentUser: '],
    [{ usr: 'bob' } as FakeCaller, "caller.usr: unknown option; did you mean 'user'?"],
  ] satisfies [FakeCaller, string][])('are nobody whom no token can be about: %j', async (who, message) => {
    expect(() => api.token(who)).toThrow(message)
    expect(() => createFakeWebApi({ caller: who })).toThrow(message)
    await expect(api.caller(who)).rejects.toThrow(message)
  })

  it('are agents: for a person, through an account of their own, or by themselves', async () => {
    const id = 'a9e00000-0000-4000-8000-000000000001'
    const forBob = await api.caller({ user: 'bob', agent: id })
    expect(forBob.principal.agent).toMatchObject({ id, kind: 'onBehalfOf' })
    expect(forBob.account).toEqual((await api.caller({ user: 'bob' })).account)
    const own = await api.caller({ agent: 'expenses', agentUser: 'expenses account' })
    expect(own.principal).toMatchObject({ kind: 'user', agent: { kind: 'userAccount' } })
    const alone = await api.caller({ agent: 'expenses', roles: ['Reports.File.All'] })
    expect(alone.principal).toMatchObject({
      kind: 'app',
      scopes: [],
      roles: ['Reports.File.All'],
      agent: { id: own.principal.agent?.id, kind: 'byItself' },
    })
    expect((await api.caller({ user: 'bob' })).principal.agent).toBeUndefined()
    const strict = createFakeWebApi({ requirements: { agents: { ids: [id], humanRequired: true } } })
    expect((await strict.caller({ user: 'bob', agent: id })).principal.agent?.id).toBe(id)
    expect(await answered(strict.caller({ agent: id }))).toEqual([403, 'insufficient_scope'])
  })

  it('come by a token that means nothing elsewhere', async () => {
    const token = api.token({ user: 'bob' })
    const { principal } = await api.authenticate(authorized(token))
    expect(principal.claims['name']).toBe('bob')
    expect(await answered(createFakeWebApi().authenticate(authorized(token)))).toEqual([401, 'invalid_token'])
  })

  it('come without a token where the test says who they are', async () => {
    const open = createFakeWebApi({ caller: { user: 'dora' } })
    expect((await open.authenticate(authorized())).principal.claims['name']).toBe('dora')
    expect((await open.authenticate(authorized(open.token({ user: 'bob' })))).principal.claims['name']).toBe(
      'bob',
    )
  })
})

describe('an agent of a fake web API', () => {
  it('acts for the caller, by itself and through its user account, and the calls say so', async () => {
    const api = createFakeWebApi({ downstreamApis: { todolist: { answers: { 'GET todos': [] } } } })
    const id = 'a9e00000-0000-4000-8000-000000000001'
    const agent = api.agent(id)
    const caller = await api.caller({ user: 'bob' })
    await agent.onBehalfOf(caller).downstream('todolist').getJson('todos')
    await agent.downstream('todolist').getJson('todos')
    await agent.asUser({ userPrincipalName: 'expenses@contoso.com' }).downstream('todolist').getJson('todos')
    await caller.downstream('todolist').getJson('todos')
    expect(api.calls.map(({ as, agent, agentUser, caller }) => [as, agent, agentUser, caller?.user])).toEqual(
      [
        ['user', id, undefined, 'bob'],
        ['app', id, undefined, undefined],
        ['user', id, 'expenses@contoso.com', undefined],
        ['user', undefined, undefined, 'bob'],
      ],
    )
  })
})

describe('the gate of a fake web API', () => {
  const api = createFakeWebApi({ requirements: { deniedTenants: ['99999999-0000-4000-8000-000000000000'] } })

  it.each([
    ['without a token', undefined, [401, undefined]],
    ['with a token of nobody', 'not-a-token', [401, 'invalid_token']],
    ['that has expired', api.token({ claims: { exp: 1 } }), [401, 'invalid_token']],
    ['for another API', api.token({ claims: { aud: 'api://other' } }), [401, 'invalid_token']],
    [
      'of a foreign tenant',
      api.token({ tenantId: '88888888-0000-4000-8000-000000000000' }),
      [401, 'invalid_token'],
    ],
    ['without the scope', api.token({ scopes: ['other'] }), [403, 'insufficient_scope']],
  ])('refuses a request %s as the library does', async (_, token, expected) => {
    expect(await answered(api.authenticate(authorized(token), { scopes: ['access_as_user'] }))).toEqual(
      expected,
    )
  })

  it('demands a stronger sign-in as the library does', async () => {
    const stepUp = api.authenticate(authorized(api.token()), { authenticationContext: 'c1' })
    expect(await answered(stepUp)).toEqual([401, 'insufficient_claims'])
    const token = api.token({ claims: { acrs: ['c1'] } })
    await expect(api.authenticate(authorized(token), { authenticationContext: 'c1' })).resolves.toBeDefined()
  })

  it('is a real one to what looks into it', async () => {
    expect((await explainToken(api, 'x')).verdict).toBe('refused')
    expect(() => api.checkRequirements({ scopes: [] })).toThrow('scopes')
    expect(api.health()).toBeDefined()
  })

  it('lets each of several tenants in where they may call', async () => {
    const several = createFakeWebApi({ tenantId: 'organizations', allowedTenants: null })
    const tenantId = '77777777-0000-4000-8000-000000000000'
    expect((await several.caller({ tenantId })).principal.tenantId).toBe(tenantId)
  })
})

describe('the downstream APIs of a fake web API', () => {
  const logger = false as const

  it('answer what the test says, and remember what they were asked and for whom', async () => {
    const api = createFakeWebApi({
      downstreamApis: {
        todolist: {
          answers: {
            'GET todos': [{ title: 'Milk' }],
            'GET todos/*': { title: 'any' },
            'POST todos': (call: { body: string }) => Response.json(JSON.parse(call.body), { status: 201 }),
            'DELETE todos/1': undefined,
            'GET report': new Response('a,b', { headers: { 'content-type': 'text/csv' } }),
          },
        },
      },
    })
    const todolist = (await api.caller({ user: 'bob' })).downstream('todolist')
    expect(await todolist.getJson('todos?open=true')).toEqual([{ title: 'Milk' }])
    expect(await todolist.getJson('todos/7')).toEqual({ title: 'any' })
    expect(await todolist.postJson('todos', { title: 'Tea' })).toEqual({ title: 'Tea' })
    await todolist.delete('todos/1')
    for (let time = 0; time < 2; time++) expect(await (await todolist.get('report')).text()).toBe('a,b')
    api.downstream('todolist').answer('GET todos', [])
    expect(await todolist.getJson('todos')).toEqual([])

    expect(api.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET todos',
      'GET todos/7',
      'POST todos',
      'DELETE todos/1',
      'GET report',
      'GET report',
      'GET todos',
    ])
    expect(api.calls[0]).toMatchObject({ api: 'todolist', as: 'user', caller: { user: 'bob' } })
    expect(api.calls[0]?.query.get('open')).toBe('true')
    expect(api.calls[0]?.headers.has('authorization')).toBe(false)
    expect(api.calls[2]?.body).toBe('{"title":"Tea"}')
  })

  it('are called as the application where they are configured so', async () => {
    const api = createFakeWebApi({ downstreamApis: { audit: { token: 'app', answers: { 'GET log': [] } } } })
    await (await api.caller()).downstream('audit').getJson('log')
    expect(api.calls[0]).toMatchObject({ as: 'app', caller: undefined })
  })

  it('say what the test forgot to answer', async () => {
    const api = createFakeWebApi({ downstreamApis: { todolist: {} }, logger })
    const error = await errorOf((await api.caller()).downstream('todolist').getJson('todos'))
    expect(error).toMatchObject({ code: 'downstream_failed', downstreamStatus: 501 })
    expect(error).toHaveProperty('body', expect.stringContaining(`answer('GET todos', …)`))
    expect(() => api.downstream('nothing' as never)).toThrow('downstreamApis.nothing')
  })

  const refusals: readonly (readonly [FakeRefusal, object, readonly unknown[]])[] = [
    ['mfa', { code: 'interaction_required', reason: 'claims_required' }, [401, 'insufficient_claims']],
    ['consent', { code: 'interaction_required', reason: 'consent_required' }, [403, 'insufficient_scope']],
    ['sign_in', { code: 'interaction_required', reason: 'sign_in_required' }, [401, 'invalid_token']],
    ['blocked', { code: 'interaction_required', reason: 'blocked' }, [403, undefined]],
    [
      'step_up',
      { code: 'interaction_required', reason: 'claims_required', origin: 'resource' },
      [401, 'insufficient_claims'],
    ],
    ['authority_down', { code: 'authority_unavailable' }, [503, undefined]],
    ['api_down', { code: 'downstream_failed', downstreamStatus: undefined }, [502, undefined]],
  ]

  it.each(refusals)('fail by %s as the library does, and recover', async (refusal, error, expected) => {
    const api = createFakeWebApi({
      downstreamApis: { todolist: { refuses: refusal, answers: { 'GET todos': [] } } },
      logger,
    })
    const ask = async (): Promise<unknown> => (await api.caller()).downstream('todolist').getJson('todos')
    expect(await errorOf(ask())).toMatchObject(error)
    expect(await answered(ask())).toEqual(expected)
    api.downstream('todolist').recover()
    expect(await ask()).toEqual([])
    api.downstream('todolist').refuse(refusal) // for those who come now: nothing that was acquired is at hand
    expect(await errorOf(ask())).toMatchObject(error)
  })

  it('refuse tokens that are asked for by hand as well', async () => {
    const api = createFakeWebApi({
      downstreamApis: { graph: { scopes: ['User.Read'], refuses: 'consent' } },
      logger,
    })
    const caller = await api.caller()
    expect(await errorOf(caller.acquireToken({ scopes: ['Mail.Read'] }))).toMatchObject({
      reason: 'consent_required',
    })
    expect(
      await errorOf(
        caller.acquireToken({ scopes: ['https://graph.microsoft.com/Mail.Read', 'offline_access'] }),
      ),
    ).toMatchObject({ reason: 'consent_required' })
    expect((await caller.acquireToken({ scopes: ['api://other/.default'] })).accessToken).toMatch(
      /^fake-access-token-/,
    )
  })

  it('are known by their names', () => {
    const api = createFakeWebApi({ downstreamApis: { todolist: {} } })
    expectTypeOf(api.caller()).resolves.toEqualTypeOf<Caller<'todolist'>>()
    const real: WebApi<'todolist'> = api
    // @ts-expect-error -- no such API
    expect(() => api.downstream('todolits')).toThrow('todolits')
    expect(real).toBe(api)
  })
})

describe('a fake web API', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.unstubAllGlobals()
  })

  it('takes every option of the real one that matters to a test', async () => {
    const api = createFakeWebApi({
      tenantId: '77777777-0000-4000-8000-000000000000',
      clientId: '66666666-0000-4000-8000-000000000000',
      allowedTenants: null,
      requirements: { scopes: ['read'] },
      acceptTokensWithoutPermissions: false,
      resource: { identifier: 'https://mcp.contoso.com/mcp', scopes: ['https://mcp.contoso.com/mcp/read'] },
      challengeStyle: 'identity-web',
      consentRedirectUri: 'https://api.contoso.com/consented',
      revocations: {},
      observer: () => undefined,
      logger: false,
      clock: { nowMs: () => 1_800_000_000_000 },
      runWithCaller,
      telemetry: { observe: () => undefined, within: (_, work) => work(), activeTraceId: () => undefined },
      caller: { scopes: ['read'] },
      downstreamApis: {},
    })
    expect((await api.authenticate(authorized())).principal).toMatchObject({
      tenantId: '77777777-0000-4000-8000-000000000000',
      scopes: ['read'],
      claims: { aud: '66666666-0000-4000-8000-000000000000' },
    })
  })

  it('is not made in production', () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect(() => createFakeWebApi()).toThrow(/NODE_ENV is production: use createWebApi/)
  })

  it('is made where there is no process to ask', () => {
    vi.stubGlobal('process', undefined)
    expect(createFakeWebApi().validatesNothing).toBe(true)
  })

  it('asks no network', async () => {
    vi.stubGlobal('fetch', () => expect.unreachable())
    const log = vi.spyOn(console, 'error')
    const api = createFakeWebApi({ downstreamApis: { todolist: { answers: { 'GET todos': [] } } } })
    await api.warmUp()
    expect(log).not.toHaveBeenCalled()
    expect(await (await api.caller()).downstream('todolist').getJson('todos')).toEqual([])
    await api.acquireTokenForClient({ scopes: ['api://todolist/.default'] })
    await api.forget({ id: 'x.y' })
    await api.close()
  })

  it.each([
    ['an option', () => createFakeWebApi({ downstreamApi: {} } as never), 'downstreamApi'],
    [
      'a member of an API',
      () => createFakeWebApi({ downstreamApis: { a: { answer: {} } } } as never),
      'downstreamApis.a.answer',
    ],
    ['a member of a caller', () => createFakeWebApi().token({ scope: 'x' } as never), 'caller.scope'],
    [
      'a member of the default caller',
      () => createFakeWebApi({ caller: { oid: 'x' } } as never),
      'caller.oid',
    ],
    [
      'an address of an API',
      () => createFakeWebApi({ downstreamApis: { a: { baseUrl: 'todolist' } } }),
      'downstreamApis.a.baseUrl: is not an absolute URL',
    ],
  ])('knows no other than %s', (_, make, option) => {
    expect(make).toThrow(option)
  })
})

describe.each(adapters)('behind protect of $name, a fake web API', (adapter) => {
  endNoProcess()
  closeAll()
  beforeEach(() => void vi.stubEnv('NODE_ENV', 'test'))

  it('lets in, refuses and challenges as a real one', async () => {
    const api = createFakeWebApi({
      downstreamApis: { todolist: { answers: { 'GET todos': [1] } } },
      logger: false,
      runWithCaller,
    })
    const { url } = await start(adapter, {
      routes: [
        {
          path: '/',
          protect: [api, { scopes: ['access_as_user'] }],
          handle: async ({ answerJson }) =>
            answerJson(await currentCaller().downstream('todolist').getJson('todos')),
        },
      ],
    })
    const ask = async (token?: string): Promise<readonly unknown[]> => {
      const answer = await fetch(
        url,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      )
      const said: unknown = answer.ok ? await answer.json() : answer.headers.get('www-authenticate')
      return [answer.status, said]
    }
    expect(await ask(api.token())).toEqual([200, [1]])
    expect(await ask()).toEqual([401, expect.stringMatching(/^Bearer/)])
    expect(await ask(api.token({ scopes: ['other'] }))).toEqual([
      403,
      expect.stringContaining('insufficient_scope'),
    ])
    api.downstream('todolist').refuse('mfa')
    expect(await ask(api.token())).toEqual([401, expect.stringContaining('insufficient_claims')])
  })
})

it('a refusal that nobody knows is refused, and does not refuse nothing', () => {
  const typo = 'mfaa' as FakeRefusal
  const known = 'must be one of mfa, consent, sign_in, blocked, step_up, authority_down, api_down'
  expect(() => createFakeWebApi({ downstreamApis: { graph: { refuses: typo } } })).toThrow(
    `downstreamApis.graph.refuses: ${known}`,
  )
  const graph = createFakeWebApi({ downstreamApis: { graph: {} } }).downstream('graph')
  expect(() => {
    graph.refuse(typo)
  }).toThrow(`downstream('graph').refuse: ${known}`)
})
