// What an API says of itself without asking anybody: its store, the token endpoints that are left alone, and when its credential ends.
import { beforeEach, describe, expect, it } from 'vitest'
import {
  clientCertificate,
  clientCertificateFile,
  clientSecret,
  createManagedIdentity,
  createWebApi,
  firstOf,
  imdsEndpoint,
  type ClientCredential,
  type WebApi,
  type WebApiHealth,
  type WebApiOptions,
} from '../../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  down,
  serveEntra,
  type FakeAuthority,
  type MovableClock,
} from '../authority/fake-authority.ts'
import { createCertificate } from '../client-auth/certificates.ts'
import { clientId, createSigner, nowSeconds, signToken, tenantId, userClaims } from '../jwt/token-builder.ts'
import { createOpenStore, onlyK1 } from '../token-cache/open-store.ts'

const signer = createSigner('entra-key')
const dayMs = 24 * 60 * 60 * 1000
let clock: MovableClock
let authority: FakeAuthority
let tokenEndpoint: () => Response

const granted = (): Response =>
  Response.json({ token_type: 'Bearer', access_token: 'downstream-token', expires_in: 3600 })

beforeEach(() => {
  clock = createClock()
  authority = createFakeAuthority()
  serveEntra(authority, [signer])
  tokenEndpoint = granted
})

function createApi(options: Partial<WebApiOptions> = {}): WebApi {
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret('s3cret-of-the-api'),
    resilience: { maxRetries: 0, failuresToOpen: 3 },
    fetch: async (input, init) =>
      String(input).endsWith('/token') ? tokenEndpoint() : authority.fetch(input, init),
    clock,
    logger: false,
    ...options,
  })
}

const person = (index: number): string => `a11ce000-0000-4000-8000-00000000000${index}`

async function acquireFor(api: WebApi, index: number): Promise<unknown> {
  const token = signToken({ claims: userClaims({ oid: person(index) }), signer })
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  const caller = await api.authenticate({ header, method: 'GET', url: '/' })
  return caller.acquireToken({ scopes: ['User.Read'] })
}

describe('keys', () => {
  it('say how long the authority is left alone', async () => {
    const api = createApi()
    authority.weather = down
    expect(api.health().issuers[0]?.retryAfterMs).toBe(0)
    await expect(api.warmUp()).rejects.toThrow()
    expect(api.health().issuers[0]?.retryAfterMs).toBe(1000)
    clock.advanceSeconds(0.4)
    expect(api.health().issuers[0]?.retryAfterMs).toBe(600)
    clock.advanceSeconds(0.6)
    expect(api.health().issuers[0]?.retryAfterMs).toBe(0)
  })
})

describe('the shared store', () => {
  it('is nothing where there is none', () => {
    expect(createApi().health().sharedStore).toBeUndefined()
  })

  it('fails from its latest failure until it answers again', async () => {
    const { store } = createOpenStore()
    let fails = true
    const api = createApi({
      tokenCache: {
        keyRing: onlyK1,
        store: {
          ...store,
          get: (slot) => {
            if (fails) throw new Error('connect ECONNREFUSED')
            return store.get(slot)
          },
          set: (slot, text, ttlMs) => {
            if (fails) throw new Error('connect ECONNREFUSED')
            return store.set(slot, text, ttlMs)
          },
        },
      },
    })
    expect(api.health().sharedStore).toEqual({ failing: false, lastFailure: undefined })
    await acquireFor(api, 1)
    expect(api.health().sharedStore).toMatchObject({ failing: true })
    expect(api.health().sharedStore?.lastFailure).toContain('ECONNREFUSED')
    fails = false
    await acquireFor(api, 2)
    await expect.poll(() => api.health().sharedStore).toEqual({ failing: false, lastFailure: undefined })
    await api.close()
  })
})

describe('token endpoints', () => {
  const failures = async (api: WebApi): Promise<void> => {
    for (const index of [1, 2, 3]) await expect(acquireFor(api, index)).rejects.toThrow()
  }

  it('are none while nothing fails', async () => {
    const api = createApi()
    await acquireFor(api, 1)
    expect(api.health().pausedTokenEndpoints).toEqual([])
  })

  it('are those that keep failing, until one of their answers', async () => {
    const api = createApi()
    tokenEndpoint = () => new Response('', { status: 503 })
    await failures(api)
    const [paused, ...others] = api.health().pausedTokenEndpoints
    expect(others).toEqual([])
    expect(paused).toMatchObject({ tenantId, reason: 'failing' })
    expect(paused?.retryAfterMs).toBeGreaterThan(0)
    clock.advanceSeconds(60)
    expect(api.health().pausedTokenEndpoints).toEqual([{ tenantId, reason: 'failing', retryAfterMs: 0 }])
    tokenEndpoint = granted
    await acquireFor(api, 4)
    expect(api.health().pausedTokenEndpoints).toEqual([])
  })

  it('are those that asked for a pause', async () => {
    const api = createApi()
    tokenEndpoint = () => new Response('', { status: 429, headers: { 'retry-after': '30' } })
    await failures(api)
    expect(api.health().pausedTokenEndpoints).toEqual([
      { tenantId, reason: 'throttled', retryAfterMs: 30_000 },
    ])
  })
})

describe('the client credential', () => {
  const certificate = (days: number): ReturnType<typeof createCertificate> =>
    createCertificate('midtier', {
      notBefore: (nowSeconds - 1000) * 1000,
      notAfter: nowSeconds * 1000 + days * dayMs,
    })
  const stateOf = (clientCredential: ClientCredential): WebApiHealth =>
    createApi({ clientCredential }).health()

  it('is nothing without one, and by a managed identity', () => {
    const identity = createManagedIdentity({ endpoint: imdsEndpoint('http://127.0.0.1:9') })
    expect(createApi({ clientCredential: undefined }).health().clientCredential).toBeUndefined()
    expect(createApi({ clientCredential: identity }).health().clientCredential).toBeUndefined()
  })

  it('does not say when a secret ends, for nobody here knows', () => {
    expect(createApi().health().clientCredential).toEqual({
      kind: 'secret',
      expiresAtMs: undefined,
      endsSoon: false,
    })
  })

  it.each([
    [31, false],
    [29, true],
  ])('says when a certificate ends: in %i days', (days, endsSoon) => {
    const { pem, keyPem } = certificate(days)
    const credential = clientCertificate({ certificate: pem, privateKey: keyPem, clock })
    const expiresAtMs = nowSeconds * 1000 + days * dayMs
    const expected = { clientCredential: { kind: 'certificate', expiresAtMs, endsSoon } }
    expect(stateOf(credential)).toMatchObject(expected)
    expect(stateOf(firstOf([credential]))).toMatchObject({ clientCredential: { expiresAtMs, endsSoon } })
  })

  it('says of a file what was told of it, though nobody has asked for a token', async () => {
    const { pem, keyPem } = certificate(10)
    const path = '/certs/app.pem'
    const credential = clientCertificateFile({ path, readFile: () => Promise.resolve(pem + keyPem) })
    const told = await credential.describe?.()
    expect(told?.notAfterMs).toBe(nowSeconds * 1000 + 10 * dayMs)
    expect(stateOf(credential).clientCredential).toEqual({
      kind: 'certificate_file',
      expiresAtMs: told?.notAfterMs,
      endsSoon: true,
    })
  })

  it('says of a file what was read last, and nothing before', async () => {
    let current = certificate(10)
    const clientCredential = clientCertificateFile({
      path: '/certs/app.pem',
      readFile: () => Promise.resolve(current.pem + current.keyPem),
    })
    const api = createApi({ clientCredential: firstOf([() => clientCredential]) })
    const ends = (): number | undefined => api.health().clientCredential?.expiresAtMs
    expect(ends()).toBeUndefined()
    await acquireFor(api, 1)
    expect(ends()).toBe(nowSeconds * 1000 + 10 * dayMs)
    expect(api.health().clientCredential?.endsSoon).toBe(true)
    current = certificate(300)
    clock.advanceSeconds(301)
    await acquireFor(api, 2)
    expect(ends()).toBe(nowSeconds * 1000 + 300 * dayMs)
    expect(api.health().clientCredential?.endsSoon).toBe(false)
  })
})
