import {
  AuthenticationHandlerOptions,
  Client,
  MiddlewareFactory,
  PageIterator,
  type AuthenticationProvider,
  type Context,
  type Middleware,
  type PageCollection,
} from '@microsoft/microsoft-graph-client'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import {
  graphAuthenticationProvider,
  type GraphAuthenticationProvider,
  type GraphOptions,
} from '../../src/sdk/graph.ts'
import { ConfigurationError, DownstreamError, InteractionRequiredError } from '../../src/index.ts'
import type { Caller } from '../../src/index.ts'
import { listen } from '../behaviour/scenario.ts'
import {
  alice,
  bob,
  claimsChallenge,
  demanded,
  startSdkScenario,
  wantsSecondFactor,
  type SdkScenario,
} from '../adapters/sdk-scenario.ts'

let scenario: SdkScenario
let session = 0

beforeAll(async () => {
  scenario = await startSdkScenario()
})
afterAll(() => scenario.stop())

const freshCaller = (user = alice): Promise<Caller> => scenario.caller(user, { uti: `graph-${++session}` })
const atEmulator: GraphOptions = { hosts: ['localhost'] }

/** The SDK's own chain; its last link, which calls the global `fetch`, trusts the emulator instead. */
function clientFor(authProvider: AuthenticationProvider, customHosts: Set<string>): Client {
  const send: Middleware = {
    async execute(context: Context) {
      context.response = await scenario.fetch(context.request as string, context.options)
    },
  }
  const chain = [...MiddlewareFactory.getDefaultMiddlewareChain(authProvider).slice(0, -1), send]
  return Client.initWithMiddleware({
    middleware: chain,
    baseUrl: `https://${scenario.host}/`,
    customHosts,
  })
}

function connect(
  caller: Caller,
  options: GraphOptions = {},
): { provider: GraphAuthenticationProvider; client: Client } {
  const provider = graphAuthenticationProvider(caller, { ...atEmulator, ...options })
  return { provider, client: clientFor(provider, provider.customHosts) }
}

const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.unreachable('it succeeded'),
    (error: unknown) => error,
  )

/** Makes Graph refuse as it does after a revocation. */
const refuseWith = (times: number): { remove(): void } =>
  scenario.emulator.faults.add({
    when: { endpoint: 'graph', times },
    then: {
      status: 401,
      body: { error: { code: 'InvalidAuthenticationToken', message: 'Continuous access evaluation' } },
      headers: { 'www-authenticate': claimsChallenge },
    },
  })

describe('the Graph SDK with our authentication provider', () => {
  it('reads /me as the caller', async () => {
    for (const user of [alice, bob]) {
      const { provider, client } = connect(await freshCaller(user))
      const me = (await provider.relay(() => client.api('/me').get())) as unknown
      expect(me).toMatchObject({ id: user.oid, userPrincipalName: user.name })
    }
  })

  it('pages through /users, one user to a page, with one token', async () => {
    const { provider, client } = connect(await freshCaller())
    const before = scenario.tokenRequests()
    const first = (await provider.relay(() => client.api('/users').top(1).get())) as PageCollection
    const names: unknown[] = []
    const pages = new PageIterator(client, first, (user: { displayName: string }) => {
      names.push(user.displayName)
      return true
    })
    await provider.relay(() => pages.iterate())
    expect(names).toEqual(['Alice Adams', 'Bob Brown', 'Carol Chen', 'Contoso Assistant'])
    expect(
      scenario.emulator.requests
        .list({ endpoint: 'graph' })
        .slice(-4)
        .map(({ path }) => path),
    ).toEqual(Array.from({ length: 4 }, () => '/v1.0/users'))
    expect(scenario.tokenRequests() - before).toBe(1)
  })

  it('asks for the scopes of a single request, when that names some', async () => {
    const { provider, client } = connect(await freshCaller())
    const options = new AuthenticationHandlerOptions(undefined, { scopes: ['User.ReadBasic.All'] })
    await provider.relay(() => client.api('/users').middlewareOptions([options]).get())
    expect(scenario.emulator.requests.list({ endpoint: 'token' }).at(-1)?.scopes).toContain(
      'User.ReadBasic.All',
    )
  })

  it('gives the SDK no token for a host that was not named', async () => {
    const { provider } = connect(await freshCaller())
    const client = clientFor(provider, new Set(['graph.example']))
    const before = scenario.tokenRequests()
    const refusal = await thrownBy(provider.relay(() => client.api('/me').get()))
    expect(refusal).toMatchObject({ code: 'downstream_failed', downstreamStatus: 401 })
    expect(scenario.tokenRequests()).toBe(before)
  })

  it('takes claims in either spelling', async () => {
    const { provider } = connect(await freshCaller(), { scopes: ['User.Read'] })
    const tokens = [
      await provider.getAccessToken(),
      await provider.getAccessToken({ claims: demanded }),
      await provider.getAccessToken({ claims: btoa(demanded) }),
    ]
    expect(new Set(tokens).size).toBe(3)
    expect(await provider.getAccessToken()).toBe(tokens[2])
  })

  it('is not made for what is no caller, or with options that cannot work', async () => {
    expect(() => graphAuthenticationProvider(scenario.api as unknown as Caller)).toThrow(ConfigurationError)
    const caller = await freshCaller()
    expect(() => graphAuthenticationProvider(caller, { scope: [] } as object)).toThrow(
      /did you mean 'scopes'/,
    )
    for (const hosts of [
      [],
      ['https://graph.microsoft.com'],
      ['*.microsoft.com'],
      ['.microsoft.com'],
      ['localhost:8080'],
      [''],
    ])
      expect(() => graphAuthenticationProvider(caller, { hosts }), hosts[0]).toThrow(ConfigurationError)
  })

  it('ends with its request', async () => {
    const request = new AbortController()
    const { provider, client } = connect(await freshCaller(), { signal: request.signal })
    await provider.relay(() => client.api('/me').get())
    request.abort()
    expect(await thrownBy(provider.relay(() => client.api('/me').get()))).toMatchObject({
      reason: 'request_ended',
    })
  })
})

describe('a refusal, through the Graph SDK', () => {
  it('is the error that we threw, which the SDK alone would have lost', async () => {
    const fault = scenario.emulator.faults.add({ when: { endpoint: 'token' }, then: wantsSecondFactor })
    try {
      const { provider, client } = connect(await freshCaller())
      expect(await thrownBy(client.api('/me').get() as Promise<unknown>)).not.toBeInstanceOf(
        InteractionRequiredError,
      )
      const refusal = await thrownBy(provider.relay(() => client.api('/me').get()))
      expect(refusal).toBeInstanceOf(InteractionRequiredError)
      expect(refusal).toMatchObject({ facts: { claims: wantsSecondFactor.body.claims } })
    } finally {
      fault.remove()
    }
  })

  it('of each of several requests at once is its own', async () => {
    const { provider, client } = connect(await freshCaller())
    const scopes = ['Mail.Read', 'a/b c/d']
    const refusals = scopes.map((scope) =>
      thrownBy(
        provider.relay(() =>
          client
            .api('/me')
            .middlewareOptions([new AuthenticationHandlerOptions(undefined, { scopes: [scope] })])
            .get(),
        ),
      ),
    )
    expect(await Promise.all(refusals)).toMatchObject([
      { reason: 'consent_required' },
      { reason: 'several_resources' },
    ])
  })

  it('with a claims challenge is answered with a new token, and the request sent once more', async () => {
    const fault = refuseWith(1)
    try {
      const { provider, client } = connect(await freshCaller())
      const before = scenario.tokenRequests()
      expect(await provider.relay(() => client.api('/me').get())).toMatchObject({ id: alice.oid })
      expect(scenario.tokenRequests() - before).toBe(2)
    } finally {
      fault.remove()
    }
  })

  it('of two requests at once through one provider is about the scopes of its own', async () => {
    const caller = await freshCaller()
    const asked: string[] = []
    const provider = graphAuthenticationProvider(caller, atEmulator)
    const graphError = (fields: object): Error =>
      Object.assign(new Error('refused'), { code: null, requestId: null, body: null, ...fields })
    const refused = (): Error =>
      graphError({ statusCode: 401, headers: new Headers({ 'www-authenticate': claimsChallenge }) })
    let release: () => void = () => undefined
    const bothAsked = new Promise<void>((resolve) => (release = resolve))
    const call = (scopes: readonly string[], wait: Promise<void> | undefined) => async () => {
      await provider.getAccessToken({ scopes })
      asked.push(scopes.join(' '))
      if (asked.length === 2) release()
      await wait
      throw refused()
    }
    const before = scenario.emulator.requests.list({ endpoint: 'token' }).length
    const refusals = await Promise.all([
      thrownBy(provider.relay(call(['User.Read'], bothAsked))),
      thrownBy(provider.relay(call(['User.ReadBasic.All'], bothAsked))),
    ])
    expect(refusals).toMatchObject([
      { reason: 'claims_required', facts: { scopes: ['User.Read'] } },
      { reason: 'claims_required', facts: { scopes: ['User.ReadBasic.All'] } },
    ])
    const requested = scenario.emulator.requests.list({ endpoint: 'token' }).slice(before)
    const count = (scope: string): number => requested.filter(({ scopes }) => scopes?.includes(scope)).length
    expect([count('User.Read'), count('User.ReadBasic.All')]).toEqual([2, 2])
  })

  it('of two acquisitions at once that fail alike is its own', async () => {
    const caller = await freshCaller()
    const provider = graphAuthenticationProvider(caller, atEmulator)
    const outcomes = await Promise.all(
      ['Mail.Read', 'Mail.Send'].map((scope) =>
        thrownBy(
          provider.relay(async () => {
            const { message, stack } = (await thrownBy(provider.getAccessToken({ scopes: [scope] }))) as Error
            const copy = { statusCode: -1, code: null, requestId: null, body: null, stack }
            throw Object.assign(new Error(message), copy)
          }),
        ),
      ),
    )
    expect(outcomes).toMatchObject([
      { facts: { scopes: ['Mail.Read'] } },
      { facts: { scopes: ['Mail.Send'] } },
    ])
  })

  it("with a claims challenge again is a challenge for the API's own caller", async () => {
    const fault = refuseWith(2)
    try {
      const { provider, client } = connect(await freshCaller())
      const refusal = await thrownBy(provider.relay(() => client.api('/me').get()))
      expect(refusal).toBeInstanceOf(InteractionRequiredError)
      expect(refusal).toMatchObject({
        reason: 'claims_required',
        origin: 'resource',
        facts: { claims: demanded },
        resource: { clientId: 'a0000000-0000-4000-8000-000000000002' },
      })
    } finally {
      fault.remove()
    }
  })

  it('by Graph is a DownstreamError with its status and a little of its body', async () => {
    const { provider, client } = connect(await freshCaller())
    const refusal = await thrownBy(provider.relay(() => client.api('/users/nobody').get()))
    expect(refusal).toBeInstanceOf(DownstreamError)
    expect(refusal).toMatchObject({ downstreamStatus: 404, api: 'Microsoft Graph' })
    expect((refusal as DownstreamError).body).toContain('Request_ResourceNotFound')
  })

  it("by the network is a DownstreamError without a status, and what is nobody else's stays what it is", async () => {
    const { provider, client } = connect(await freshCaller())
    const drop = scenario.emulator.faults.add({ when: { endpoint: 'graph' }, then: { drop: true } })
    try {
      const refusal = await thrownBy(provider.relay(() => client.api('/me').get()))
      expect(refusal).toBeInstanceOf(DownstreamError)
      expect(refusal).toMatchObject({ downstreamStatus: undefined })
    } finally {
      drop.remove()
    }
    const given = client.api('/me').options({ signal: AbortSignal.abort() })
    expect(await thrownBy(provider.relay(() => given.get()))).toMatchObject({ code: 'AbortError' })
    const own = new RangeError('mine')
    expect(await thrownBy(provider.relay(() => Promise.reject(own)))).toBe(own)
  })

  it('reaches the caller of the API as status and challenge, and no token with it', async () => {
    const app = express()
    app.get('/:path', protect(scenario.api, { scopes: ['access_as_user'] }), async (req, res) => {
      const { provider, client } = connect(req.caller, { scopes: [req.get('x-scope') ?? 'User.Read'] })
      res.json(await provider.relay(() => client.api(`/${req.params['path'] as string}`).get()))
    })
    app.use(renderErrors())
    const { server, url } = await listen(app)
    const authorization = `Bearer ${await scenario.token(alice, { uti: `graph-${++session}` })}`
    const get = (path: string, headers = {}): Promise<Response> =>
      fetch(url + path, { headers: { authorization, ...headers } })
    try {
      expect(await (await get('/me')).json()).toMatchObject({ id: alice.oid })
      const consent = await get('/me', { 'x-scope': 'Mail.Read' })
      expect(consent.status).toBe(403)
      expect(consent.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri="https:/)
      expect(await consent.json()).toMatchObject({ reason: 'consent_required' })
      const forbidden = await get('/users')
      expect(forbidden.status).toBe(502)
      expect(await forbidden.text()).not.toMatch(/eyJ|Insufficient/)
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})
