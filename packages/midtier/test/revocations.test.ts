// Revoked callers in front of a web API: who is refused from when on, what the answer is, and what happens while the store is down.
import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  BearerError,
  clientSecret,
  createWebApi,
  findClaimsChallenge,
  type KeyRingOptions,
  type ObservedEvent,
  parseChallenges,
  render,
  TokenStoreError,
  type WebApi,
  type WebApiOptions,
} from '../src/index.ts'
import { HandClock } from './acquire/scenario.ts'
import { createSharedTextStore, type SharedTextStore } from './acquire/shared-text-store.ts'
import { createFakeAuthority, serveEntra } from './authority/fake-authority.ts'
import {
  appClaims,
  clientId,
  createSigner,
  nowSeconds,
  otherTenantId,
  signToken,
  tenantId,
  userClaims,
  userId,
} from './jwt/token-builder.ts'

const signer = createSigner('entra-key')
const keyRing: KeyRingOptions = { current: 'k1', keys: { k1: new Uint8Array(randomBytes(32)) } }
const user = { objectId: userId, tenantId }

let clock: HandClock
let shared: SharedTextStore
let events: ObservedEvent[]

beforeEach(() => {
  clock = new HandClock()
  clock.ms = nowSeconds * 1000
  shared = createSharedTextStore(clock)
  events = []
})

function createApi(options: Partial<WebApiOptions> = {}): WebApi {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  serveEntra(authority, [signer], { segment: 'organizations' })
  return createWebApi({
    tenantId,
    clientId,
    fetch: authority.fetch,
    clock,
    revocations: {},
    observer: (event) => events.push(event),
    ...options,
  })
}

const withStore = (options: Partial<WebApiOptions> = {}): WebApi =>
  createApi({ tokenCache: { store: shared.store, keyRing, storeTimeoutMs: 60_000 }, ...options })

const token = (claims: Record<string, unknown> = {}): string =>
  signToken({ claims: userClaims({ sid: 'session-1', ...claims }), signer })
const issuedAt = (seconds: number, claims: Record<string, unknown> = {}): string =>
  token({ iat: seconds, nbf: seconds, ...claims })

async function present(api: WebApi, text: string): Promise<unknown> {
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${text}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' }).then(
    () => 'accepted',
    (error: unknown) => error,
  )
}

async function refusal(api: WebApi, text: string): Promise<BearerError> {
  const outcome = await present(api, text)
  expect(outcome).toBeInstanceOf(BearerError)
  return outcome as BearerError
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a revoked user', () => {
  it('is refused with a token that was issued before, from the moment of the revocation, though it was verified before', async () => {
    const api = createApi()
    const before = token()
    expect(await present(api, before)).toBe('accepted')
    await api.revocations.revokeUser(user)
    expect(await refusal(api, before)).toMatchObject({ status: 401, reason: 'revoked' })
    expect(await refusal(api, before)).toMatchObject({ status: 401, reason: 'revoked' })
    expect(await present(api, issuedAt(nowSeconds, { uti: 'new' }))).toBe('accepted')
  })

  it('is asked for a newer token, in the words of Graph, when the client understands that', async () => {
    const api = createApi()
    await api.revocations.revokeUser(user)
    const answer = render(await refusal(api, token({ xms_cc: ['CP1'] })))!
    expect(answer.status).toBe(401)
    const [challenge] = parseChallenges(answer.headers['www-authenticate'])
    expect(Object.fromEntries(challenge?.parameters ?? [])).toEqual({
      authorization_uri: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`,
      client_id: clientId,
      error: 'insufficient_claims',
      error_description: 'The session of this token was revoked; the user has to sign in again',
      claims: btoa(`{"access_token":{"nbf":{"essential":true,"value":"${nowSeconds}"}}}`),
    })
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'insufficient_claims', reason: 'revoked' })
  })

  it('is refused plainly when the client does not', async () => {
    const api = createApi()
    await api.revocations.revokeUser(user)
    const answer = render(await refusal(api, token()))!
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+"$/,
    )
    expect(findClaimsChallenge(parseChallenges(answer.headers['www-authenticate']))).toBeUndefined()
  })

  it('is no other user, and no user of another tenant', async () => {
    const api = createApi({ allowedTenants: null, tenantId: 'organizations' })
    await api.revocations.revokeUser(user)
    expect(await present(api, token({ oid: otherTenantId, uti: 'b' }))).toBe('accepted')
    expect(await present(api, token({ tid: otherTenantId, uti: 'c' }))).toBe('accepted')
    expect(await refusal(api, token({ sid: undefined }))).toMatchObject({ reason: 'revoked' })
  })

  it('is found by identifiers in upper case', async () => {
    const api = createApi()
    await api.revocations.revokeUser({ objectId: userId.toUpperCase(), tenantId: tenantId.toUpperCase() })
    expect(await refusal(api, token())).toMatchObject({ reason: 'revoked' })
  })

  it('may be an application', async () => {
    const api = createApi()
    const claims = appClaims({ iat: nowSeconds - 60 })
    await api.revocations.revokeUser({ objectId: String(claims['oid']), tenantId })
    expect(await refusal(api, signToken({ claims, signer }))).toMatchObject({ reason: 'revoked' })
  })

  it('is refused when the token does not say when it was issued', async () => {
    const api = createApi()
    await api.revocations.revokeUser(user)
    expect(await refusal(api, token({ iat: undefined }))).toMatchObject({ reason: 'revoked' })
  })

  it('is refused by the instant that is given, and an earlier one takes nothing back', async () => {
    const api = createApi()
    const middle = issuedAt(nowSeconds - 500)
    await api.revocations.revokeUser(user, { notBefore: (nowSeconds - 600) * 1000 })
    expect(await present(api, middle)).toBe('accepted')
    await api.revocations.revokeUser(user, { notBefore: new Date((nowSeconds - 400) * 1000) })
    expect(await refusal(api, middle)).toMatchObject({ reason: 'revoked' })
    await api.revocations.revokeUser(user, { notBefore: 0 })
    expect(await refusal(api, middle)).toMatchObject({ reason: 'revoked' })
  })

  it('of the same second is refused: nobody knows which came first', async () => {
    const api = createApi()
    clock.ms += 500
    await api.revocations.revokeUser(user)
    expect(await refusal(api, issuedAt(nowSeconds))).toMatchObject({
      expected: `iat of at least ${nowSeconds + 1}`,
    })
  })

  it.each([
    ['an instant to come', { notBefore: (nowSeconds + 1) * 1000 }],
    ['no instant', { notBefore: new Date('x') }],
    ['a negative one', { notBefore: -1 }],
  ])('is never revoked before %s', async (_, options) => {
    await expect(createApi().revocations.revokeUser(user, options)).rejects.toThrow('notBefore')
  })

  it.each([{ objectId: '', tenantId }, { objectId: userId, tenantId: ' ' }, { objectId: userId }])(
    'has to be named in full: %j',
    async (account) => {
      await expect(createApi().revocations.revokeUser(account as typeof user)).rejects.toThrow('account.')
    },
  )

  it('loses what was acquired on their behalf', async () => {
    const api = withStore({ clientCredential: clientSecret('s3cret') })
    await api.revocations.revokeUser(user)
    expect(shared.operations.filter((operation) => operation === 'deletePartition')).toHaveLength(1)
  })

  it('loses what was acquired on their own behalf, however their ids are written, and nobody else does', async () => {
    const api = withStore({ clientCredential: clientSecret('s3cret') })
    const deleted: string[] = []
    const deletePartition = shared.store.deletePartition.bind(shared.store)
    shared.store.deletePartition = (partition) => {
      deleted.push(partition)
      return deletePartition(partition)
    }
    const accountOf = async (text: string) => {
      const header = (name: string): string | undefined =>
        name === 'authorization' ? `Bearer ${text}` : undefined
      const { account } = await api.authenticate({ header, method: 'GET', url: '/' })
      return account ?? expect.unreachable('a user has an account')
    }
    await api.forget(await accountOf(token()))
    await api.forget(await accountOf(token({ oid: clientId })))
    await api.revocations.revokeUser(user)
    await api.revocations.revokeUser({
      objectId: user.objectId.toUpperCase(),
      tenantId: user.tenantId.toUpperCase(),
    })
    const [hers, his, ...revoked] = deleted
    expect(revoked).toEqual([hers, hers])
    expect(his).not.toBe(hers)
  })
})

describe('what ends while a request is being let in', () => {
  const request = (text: string) => ({
    header: (name: string) => (name === 'authorization' ? `Bearer ${text}` : undefined),
    method: 'GET',
    url: '/',
  })

  it('is a user who is revoked while the own check of the route runs', async () => {
    const api = createApi()
    const check = async (): Promise<boolean> => {
      await api.revocations.revokeUser(user)
      return true
    }
    await expect(api.authenticate(request(token()), { check })).rejects.toMatchObject({ reason: 'revoked' })
  })

  it('is a token that ends while the own check of the route runs', async () => {
    const api = createApi()
    const check = (): boolean => {
      clock.advanceSeconds(5000)
      return true
    }
    await expect(api.authenticate(request(token()), { check })).rejects.toMatchObject({ reason: 'expired' })
  })

  it.each(['for the first time', 'remembered'])(
    'is a token that ends while revocations are read, %s',
    async (how) => {
      const api = withStore()
      const endSeconds = nowSeconds + 4_200 + 300
      for (const beforeEnd of how === 'remembered' ? [100, 60] : []) {
        clock.ms = (endSeconds - beforeEnd) * 1000
        expect(await present(api, token())).toBe('accepted')
      }
      clock.ms = (endSeconds - 20) * 1000
      shared.before = (operation) => {
        if (operation === 'get') clock.ms = (endSeconds + 5) * 1000
      }
      expect(await refusal(api, token())).toMatchObject({ reason: 'expired' })
    },
  )
})

describe('a revoked tenant, and a revoked session', () => {
  it('is everybody of the tenant', async () => {
    const api = createApi({ tenantId: 'organizations', allowedTenants: null })
    await api.revocations.revokeTenant(tenantId)
    expect(await refusal(api, token({ oid: clientId }))).toMatchObject({ reason: 'revoked' })
    expect(await present(api, token({ tid: otherTenantId, uti: 'b' }))).toBe('accepted')
  })

  it('is every token with that sid, and no other', async () => {
    const api = createApi()
    await api.revocations.revokeSession('session-1')
    expect(await refusal(api, token())).toMatchObject({ reason: 'revoked' })
    expect(await present(api, token({ sid: 'session-2', uti: 'b' }))).toBe('accepted')
    expect(await present(api, token({ sid: undefined, uti: 'c' }))).toBe('accepted')
  })

  it('cannot be imitated by the identifier of another kind', async () => {
    const api = createApi()
    await api.revocations.revokeSession(tenantId)
    await api.revocations.revokeTenant('session-1')
    expect(await present(api, token())).toBe('accepted')
  })
})

describe('two web APIs on one store', () => {
  it('open it once each, for tokens and revocations alike', async () => {
    const api = withStore({ clientCredential: clientSecret('s3cret') })
    expect(await present(api, token())).toBe('accepted')
    await api.acquireTokenForClient({ scopes: ['api://x/.default'] }).catch(() => undefined)
    expect(shared.operations).toContain('lease') // it has been asked for tokens, too
    expect(shared.listeners.size).toBe(1)
    await api.close()
    expect(shared.listeners.size).toBe(0)
  })

  it.each([
    ['revocations', {}],
    ['both', { clientCredential: clientSecret('s3cret') }],
  ])(
    'are closed in time though the store does not say that it stopped to listen: for %s',
    async (_, options) => {
      const subscribe = () => ({ ready: Promise.resolve(), close: () => new Promise<void>(() => undefined) })
      const tokenCache = { store: { ...shared.store, subscribe }, keyRing, storeTimeoutMs: 5 }
      const api = createApi({ tokenCache, ...options })
      await present(api, token())
      await api.acquireTokenForClient({ scopes: ['api://x/.default'] }).catch(() => undefined)
      await expect(api.close()).rejects.toMatchObject({
        code: 'token_store_failed',
        message: 'close: no answer within 5 ms',
      })
    },
  )

  it('know of a revocation at once, by its message', async () => {
    const [here, there] = [withStore(), withStore()]
    expect(await present(there, token())).toBe('accepted')
    await here.revocations.revokeUser(user)
    await settle()
    await settle()
    expect(await refusal(there, token())).toMatchObject({ reason: 'revoked' })
  })

  it('know of it after half a minute at the latest when the message is lost', async () => {
    const [here, there] = [withStore(), withStore()]
    expect(await present(there, token())).toBe('accepted')
    shared.listeners.clear()
    await here.revocations.revokeUser(user)
    expect(await present(there, token())).toBe('accepted')
    clock.ms += 30_000
    expect(await refusal(there, token())).toMatchObject({ reason: 'revoked' })
  })

  it('know of it before the first token comes, and after a restart', async () => {
    await withStore().revocations.revokeTenant(tenantId)
    expect(await refusal(withStore(), token())).toMatchObject({ reason: 'revoked' })
  })

  it('never know of that of another registration', async () => {
    await withStore().revocations.revokeUser(user)
    const other = withStore({ clientId: otherTenantId, audience: clientId })
    expect(await present(other, token())).toBe('accepted')
  })

  it('keep it for as long as an older token can be alive, and no longer', async () => {
    await withStore().revocations.revokeUser(user)
    const api = withStore()
    clock.ms += 30 * 3600 * 1000 - 1000
    const longLived = token({ exp: nowSeconds + 40 * 3600 })
    expect(await refusal(api, longLived)).toMatchObject({ reason: 'revoked' })
    clock.ms += 1000
    expect(shared.memory.get(shared.written[0]!)).toBeUndefined()
  })

  it('read each subject once for two hundred requests, and again in the background before it is too old', async () => {
    const api = withStore()
    const text = token()
    const reads = (): number => shared.operations.filter((operation) => operation === 'get').length
    await Promise.all(Array.from({ length: 200 }, () => present(api, text)))
    expect(reads()).toBe(3) // user, tenant and session
    clock.ms += 14_000
    await present(api, text)
    expect(reads()).toBe(3)
    clock.ms += 2_000
    shared.before = () => new Promise(() => undefined)
    expect(await present(api, text)).toBe('accepted') // without waiting for the store
    await settle()
    expect(reads()).toBe(6)
  })

  it('let no identifier of a person out to the store, nor to its messages', async () => {
    const api = withStore()
    await api.revocations.revokeUser(user)
    const outside = JSON.stringify([shared.written, shared.messages, shared.memory])
    expect(shared.messages).toHaveLength(1)
    expect(outside).not.toContain(userId)
    expect(outside).not.toContain(tenantId)
  })

  it('believe no message that was not sealed by one of them', async () => {
    const api = withStore()
    await present(api, token())
    for (const listener of shared.listeners)
      listener(`revoke/1 x ${nowSeconds * 1000} ["user","${tenantId}","${userId}"]`)
    await settle()
    expect(await present(api, token())).toBe('accepted')
  })
})

describe('while the store is down', () => {
  const breakStore = (): void => {
    shared.before = () => {
      throw new Error('ECONNREFUSED')
    }
  }

  it('tokens of which nothing is known are refused with a 503', async () => {
    const api = withStore()
    breakStore()
    const outcome = await present(api, token())
    expect(outcome).toBeInstanceOf(TokenStoreError)
    expect(render(outcome)?.status).toBe(503)
    expect(events).toContainEqual(expect.objectContaining({ type: 'store_failed', operation: 'revocations' }))
  })

  it('what is known holds until it is too old', async () => {
    const api = withStore()
    expect(await present(api, token())).toBe('accepted')
    breakStore()
    clock.ms += 29_999
    expect(await present(api, token())).toBe('accepted')
    clock.ms += 1
    expect(render(await present(api, token()))?.status).toBe(503)
  })

  it('tokens are accepted if that was asked for, and those that are known to be revoked still are not', async () => {
    const api = withStore({ revocations: { whenStoreFails: 'accept' } })
    await api.revocations.revokeSession('session-1')
    breakStore()
    clock.ms += 3_600_000
    expect(await present(api, token({ sid: 'session-2' }))).toBe('accepted')
    expect(await refusal(api, token())).toMatchObject({ reason: 'revoked' })
  })

  it('a revocation fails aloud, and holds in this process nonetheless', async () => {
    const api = withStore()
    breakStore()
    await expect(api.revocations.revokeUser(user)).rejects.toBeInstanceOf(TokenStoreError)
    expect(await refusal(api, token())).toMatchObject({ reason: 'revoked' })
  })

  it.each([
    ['fails', (): never => expect.unreachable('a store that fails')],
    ['is silent', (): Promise<void> => new Promise(() => undefined)],
  ])(
    'a revocation that is not written, since it %s, is told to the others nonetheless, and fails aloud',
    async (_, fault) => {
      const tokenCache = { store: shared.store, keyRing, storeTimeoutMs: 500 }
      const [here, there] = [createApi({ tokenCache }), createApi({ tokenCache })]
      await present(there, token()) // it listens
      shared.before = (operation) => (operation === 'publish' ? undefined : fault())
      await expect(here.revocations.revokeSession('session-1')).rejects.toMatchObject({
        code: 'token_store_failed',
        message: expect.stringMatching(/^setIfGreater: /) as unknown,
      })
      await settle()
      await settle()
      expect(await refusal(there, token())).toMatchObject({ reason: 'revoked' })
    },
  )

  it('a revocation that is neither written nor told fails with why it was not written', async () => {
    const api = withStore()
    shared.before = (operation) => {
      throw new Error(operation)
    }
    await expect(api.revocations.revokeSession('session-1')).rejects.toThrow('setIfGreater')
    const told = { type: 'store_failed', operation: 'revocations', message: 'publish: Error: publish' }
    expect(events).toContainEqual(expect.objectContaining(told))
  })

  it('tokens are checked again as soon as it answers', async () => {
    const api = withStore()
    breakStore()
    await present(api, token())
    shared.before = () => undefined
    clock.ms += 3_000
    expect(await present(api, token())).toBe('accepted')
  })
})

describe('a store that is slower than what is known may be old', () => {
  it('has not said what holds now: the token is refused, and one that is known to be revoked as that', async () => {
    const api = withStore()
    const answering = (operation: string): void => {
      if (operation === 'get') clock.advanceSeconds(31)
    }
    shared.before = answering
    expect(await present(api, token())).toBeInstanceOf(TokenStoreError)
    shared.before = () => undefined
    expect(await present(api, token())).toBe('accepted')
    await withStore().revocations.revokeUser(user)
    clock.advanceSeconds(31)
    shared.before = answering
    expect(await refusal(api, token())).toMatchObject({ reason: 'revoked' })
  })

  it('is trusted nonetheless where that was asked for', async () => {
    const api = withStore({ revocations: { whenStoreFails: 'accept' } })
    shared.before = (operation) => {
      if (operation === 'get') clock.advanceSeconds(31)
    }
    expect(await present(api, token())).toBe('accepted')
    expect(events).toContainEqual(expect.objectContaining({ type: 'store_failed', operation: 'revocations' }))
  })
})

describe('revoking while the store fails', () => {
  it('tells that neither the revocation nor the forgetting was done', async () => {
    const api = withStore({ clientCredential: clientSecret('not~a~real~secret.but.long') })
    shared.before = (operation) => {
      if (operation === 'setIfGreater') throw new Error('not revoked')
      if (operation === 'deletePartition') throw new Error('not forgotten')
    }
    const failure: unknown = await api.revocations.revokeUser(user).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TokenStoreError)
    expect((failure as Error).message).toMatch(
      /setIfGreater: Error: not revoked; deletePartition: Error: not forgotten/,
    )
  })
})

describe('without the option', () => {
  it('revoking says how to switch it on', async () => {
    const api = createWebApi({ tenantId, clientId, clock })
    for (const attempt of [
      api.revocations.revokeUser(user),
      api.revocations.revokeTenant(tenantId),
      api.revocations.revokeSession('s'),
    ])
      await expect(attempt).rejects.toThrow('revocations: is not switched on')
  })

  it('the store is never asked', async () => {
    const { store } = shared
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    const api = createWebApi({
      tenantId,
      clientId,
      clock,
      fetch: authority.fetch,
      tokenCache: { store, keyRing },
    })
    expect(await present(api, token())).toBe('accepted')
    expect(shared.operations).toEqual([])
  })

  it.each([
    ['freshnessSeconds', 0],
    ['longestTokenLifetimeSeconds', 10],
    ['whenStoreFails', 'hope'],
    ['freshness', 30],
  ])('a wrong %s is refused at start-up', (option, value) => {
    expect(() => createApi({ revocations: { [option]: value } })).toThrow(`revocations.${option}`)
  })
})
