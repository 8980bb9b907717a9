// A web API whose application tokens are those of the host's managed identity, against stand-ins for Azure's endpoints.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  appServiceEndpoint,
  AuthorityUnavailableError,
  type Caller,
  ConfigurationError,
  createManagedIdentity,
  createWebApi,
  imdsEndpoint,
  type ManagedIdentityOptions,
  type ObservedEvent,
  render,
  type WebApi,
  type WebApiOptions,
} from '../../../src/index.ts'
import { createFakeAuthority, serveEntra } from '../../authority/fake-authority.ts'
import { failureOf, printed } from '../../client-auth/application.ts'
import { type Reply, type StandIn, startStandIn } from '../../client-auth/stand-in-endpoint.ts'
import {
  clientId,
  createSigner,
  nowSeconds,
  signToken,
  tenantId,
  userClaims,
} from '../../jwt/token-builder.ts'

const scopes = ['https://vault.azure.net/.default']
const day = 86_400
const signer = createSigner('entra-key')

let standIn: StandIn
let clock: { ms: number; nowMs(): number }
let events: ObservedEvent[]
/** What was asked of anybody but the endpoint of the host. */
let elsewhere: readonly string[]
beforeEach(async () => {
  standIn = await startStandIn((_seen, count) => token(count))
  clock = {
    ms: nowSeconds * 1000,
    nowMs: () => clock.ms,
  }
  events = []
})
afterEach(() => standIn.stop())

function token(count: number): Reply {
  return { status: 200, body: { access_token: `mi-token-${count}`, expires_in: String(day) } }
}

function createApi(
  identity: Partial<ManagedIdentityOptions> = {},
  options: Partial<WebApiOptions> = {},
): WebApi {
  const authority = createFakeAuthority()
  elsewhere = authority.requests
  serveEntra(authority, [signer])
  serveEntra(authority, [signer], { segment: 'organizations' })
  const wait = async (ms: number): Promise<void> => void (clock.ms += ms)
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: createManagedIdentity({
      endpoint: imdsEndpoint(standIn.origin),
      clock,
      wait,
      ...identity,
    }),
    observer: (event) => events.push(event),
    fetch: authority.fetch,
    clock,
    ...options,
  })
}

async function callerOf(api: WebApi): Promise<Caller> {
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${signToken({ claims: userClaims(), signer })}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' })
}

/** Lets a renewal in the background arrive. */
async function renewed(): Promise<void> {
  const isRenewal = (event: ObservedEvent): boolean =>
    event.type === 'token_acquired' && event.reason === 'refreshed_ahead'
  while (!events.some(isRenewal)) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('an app-only token of a managed identity', () => {
  it('comes straight from the metadata service, which is told the resource instead of the scope', async () => {
    const { accessToken, expiresAtMs, origin, reason, ...more } = await createApi().acquireTokenForClient({
      scopes,
    })
    expect({ accessToken, expiresAtMs, origin, reason }).toEqual({
      accessToken: 'mi-token-1',
      expiresAtMs: clock.ms + day * 1000,
      origin: 'authority',
      reason: 'not_cached',
    })
    expect(more).toMatchObject({ tokenType: 'Bearer', scopes })
    expect(standIn.requests).toMatchObject([
      { parameters: { resource: 'https://vault.azure.net' }, headers: { metadata: 'true' } },
    ])
    expect(elsewhere).toEqual([])
  })

  it('comes from App Service or Container Apps, for the user-assigned identity that was chosen', async () => {
    const endpoint = appServiceEndpoint({ endpoint: `${standIn.origin}/msi/token`, header: 'the-header' })
    const end = Math.floor(clock.ms / 1000) + 3600
    standIn.answer = () => ({ status: 200, body: { access_token: 'mi-token', expires_on: String(end) } })
    const api = createApi({ endpoint, clientId: 'c-1' })
    expect((await api.acquireTokenForClient({ scopes })).expiresAtMs).toBe(end * 1000)
    expect(standIn.requests).toMatchObject([
      {
        path: '/msi/token',
        parameters: { client_id: 'c-1' },
        headers: { 'x-identity-header': 'the-header' },
      },
    ])
    expect(printed(events)).not.toMatch(/the-header|mi-token/)
  })

  it('is cached like any other, and asked for once by two hundred who ask at the same time', async () => {
    const api = createApi()
    const tokens = await Promise.all(Array.from({ length: 200 }, () => api.acquireTokenForClient({ scopes })))
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['mi-token-1']))
    expect(standIn.requests).toHaveLength(1)
    expect(await api.acquireTokenForClient({ scopes })).toMatchObject({ origin: 'l1', reason: undefined })
    expect(events.at(-1)).toMatchObject({
      type: 'token_acquired',
      grant: 'client_credentials',
      origin: 'l1',
      accountId: undefined,
    })
  })

  it('is served no longer than it was given for by a cache that got it late, after the clock was set back', async () => {
    const shared = createManagedIdentity({ endpoint: imdsEndpoint(standIn.origin), clock })
    const [early, late] = [
      createApi({}, { clientCredential: shared }),
      createApi({}, { clientCredential: shared }),
    ]
    await early.acquireTokenForClient({ scopes })
    clock.ms += 3 * 3_600_000
    await early.acquireTokenForClient({ scopes })
    clock.ms -= 2 * 3_600_000
    expect(await late.acquireTokenForClient({ scopes })).toMatchObject({ accessToken: 'mi-token-1' })
    clock.ms += 21 * 3_600_000
    expect(await late.acquireTokenForClient({ scopes })).toMatchObject({ accessToken: 'mi-token-2' })
  })

  it('is replaced when an API rejected it, or a new one is demanded, whatever the identity has kept', async () => {
    const api = createApi()
    await api.acquireTokenForClient({ scopes })
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    expect(await api.acquireTokenForClient({ scopes, claims })).toMatchObject({
      accessToken: 'mi-token-2',
      reason: 'claims',
    })
    expect(await api.acquireTokenForClient({ scopes, forceRefresh: true })).toMatchObject({
      accessToken: 'mi-token-3',
      reason: 'force_refresh',
    })
    expect((await api.acquireTokenForClient({ scopes })).accessToken).toBe('mi-token-3')
  })

  it('is renewed in the background after half of its life', async () => {
    const api = createApi()
    await api.acquireTokenForClient({ scopes })
    clock.ms += (day / 2) * 1000
    expect((await api.acquireTokenForClient({ scopes })).accessToken).toBe('mi-token-1')
    await renewed()
    expect(events.at(-1)).toMatchObject({ type: 'token_acquired', reason: 'refreshed_ahead' })
    expect((await api.acquireTokenForClient({ scopes })).accessToken).toBe('mi-token-2')
  })

  it('serves to its end while the endpoint fails, and then it is an outage', async () => {
    const api = createApi()
    await api.acquireTokenForClient({ scopes })
    standIn.answer = () => ({ status: 503 })
    clock.ms += (day - 200) * 1000
    expect((await api.acquireTokenForClient({ scopes })).accessToken).toBe('mi-token-1')
    clock.ms += 200_000
    const failure = await failureOf(api.acquireTokenForClient({ scopes }))
    expect(failure).toBeInstanceOf(AuthorityUnavailableError)
    expect(render(failure)?.status).toBe(503)
  })

  it('is not had when the endpoint refuses: somebody has to act', async () => {
    standIn.answer = () => ({ status: 400, body: { error_description: 'Identity not found' } })
    const failure = await failureOf(createApi().acquireTokenForClient({ scopes }))
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(failure.message).toContain('Identity not found')
  })

  it('stays in the process: another host may share the store, and has another identity', async () => {
    const operations: string[] = []
    const note = (operation: string) => () => void operations.push(operation)
    const store = {
      get: note('get'),
      set: note('set'),
      delete: note('delete'),
      deletePartition: note('deletePartition'),
    }
    const keyRing = { current: 'k', keys: { k: Buffer.alloc(32, 1).toString('base64') } }
    const api = createApi(
      {},
      { tokenCache: { store: { ...store, get: () => undefined }, keyRing, storeTimeoutMs: 60_000 } },
    )
    await api.acquireTokenForClient({ scopes })
    await api.acquireTokenForClient({ scopes })
    expect(operations).toEqual([])
    expect(standIn.requests).toHaveLength(1)
  })

  it.each([
    ['one permission', { scopes: ['https://vault.azure.net/user_impersonation'] }, 'app_scope_not_default'],
    ['two APIs', { scopes: [...scopes, 'https://storage.azure.com/.default'] }, 'several_resources'],
    ['another tenant', { scopes, tenantId }, 'tenant_not_supported'],
    ['an audience', { scopes, audience: 'https://vault.azure.net' }, 'audience_not_supported'],
  ])('cannot be asked for by %s', async (_name, options, reason) => {
    await expect(createApi().acquireTokenForClient(options)).rejects.toMatchObject({ reason })
    expect(standIn.requests).toEqual([])
  })

  it('is given to an API of many tenants, too: an identity has the one of its host', async () => {
    const api = createApi({}, { tenantId: 'organizations', allowedTenants: null })
    expect((await api.acquireTokenForClient({ scopes })).accessToken).toBe('mi-token-1')
  })
})

describe('a caller of an API with a managed identity', () => {
  const downstreamApis = {
    asUser: { baseUrl: 'https://vault.azure.net/', scopes, token: 'either' },
    asItself: { baseUrl: 'https://vault.azure.net/', scopes, token: 'app' },
  } as const

  it('is not acted on behalf of, with an error that says what to do, and nothing is sent', async () => {
    const caller = await callerOf(createApi({}, { downstreamApis }))
    const attempts = [
      caller.acquireToken({ scopes }),
      caller.acquireTokenOnBehalfOf({ scopes }),
      caller.acquireTokenSilent({ scopes }),
      caller.downstream('asUser').getJson('secrets'),
    ]
    for (const attempt of attempts) {
      const failure = await failureOf(attempt)
      expect(failure).toMatchObject({ code: 'acquisition_impossible', reason: 'managed_identity' })
      expect(failure.message).toContain('federatedManagedIdentity')
      expect(render(failure)?.status).toBe(500)
    }
    expect(standIn.requests).toEqual([])
  })

  it.each([
    ['one tenant', {}],
    ['many tenants', { tenantId: 'organizations', allowedTenants: null }],
  ])('is served by a downstream API that takes the token of the identity: %s', async (_name, options) => {
    const sent: (string | null)[] = []
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    serveEntra(authority, [signer], { segment: 'organizations' })
    const api = createApi(
      {},
      {
        ...options,
        downstreamApis,
        fetch: (input, init) => {
          if (!String(input).startsWith('https://vault.azure.net/')) return authority.fetch(input, init)
          sent.push(new Headers(init?.headers).get('authorization'))
          return Promise.resolve(Response.json({}))
        },
      },
    )
    await (await callerOf(api)).downstream('asItself').getJson('secrets')
    expect(sent).toEqual(['Bearer mi-token-1'])
  })
})
