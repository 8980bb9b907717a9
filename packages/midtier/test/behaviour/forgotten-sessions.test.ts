// Long-running sessions of people who are forgotten or revoked just then: in the same process or another one, on stores of two kinds.
import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Caller, clientSecret, createWebApi, type KeyRingOptions, type WebApi } from '../../src/index.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { HandClock } from '../acquire/scenario.ts'
import { createSharedTextStore, type SharedTextStore } from '../acquire/shared-text-store.ts'
import { createFakeAuthority, serveEntra } from '../authority/fake-authority.ts'
import {
  clientId,
  createSigner,
  nowSeconds,
  signToken,
  tenantId,
  userClaims,
  userId,
} from '../jwt/token-builder.ts'

const signer = createSigner('entra-key')
const keyRing: KeyRingOptions = { current: 'k1', keys: { k1: new Uint8Array(randomBytes(32)) } }
const account = { id: `${userId}.${tenantId}`, objectId: userId, tenantId }
const scopes = { scopes: ['User.Read'] }

let clock: HandClock
let shared: SharedTextStore
/** Done while the authority exchanges. */
let meanwhile: () => Promise<unknown>

beforeEach(() => {
  clock = new HandClock()
  clock.ms = nowSeconds * 1000
  shared = createSharedTextStore(clock)
  meanwhile = () => Promise.resolve()
})

function start(store: TokenStore): WebApi {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret('not~a~real~secret.but.long'),
    revocations: {},
    longRunning: {},
    logger: false,
    clock,
    tokenCache: { store, keyRing, storeTimeoutMs: 60_000 },
    fetch: async (url, init) => {
      if (!String(url).endsWith('/token')) return authority.fetch(url, init)
      await meanwhile()
      return Response.json({
        token_type: 'Bearer',
        access_token: 'downstream',
        refresh_token: 'refresh',
        expires_in: 3600,
      })
    },
  })
}

function authenticate(api: WebApi): Promise<Caller> {
  const text = signToken({ claims: userClaims({ iat: nowSeconds - 60, nbf: nowSeconds - 60 }), signer })
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${text}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' })
}

/** As Keyv does it: without comparing, leases or messages. */
const plain = (store: TokenStore): TokenStore => ({
  get: (slot) => store.get(slot),
  set: (slot, text, ttlMs) => store.set(slot, text, ttlMs),
  delete: (slot) => store.delete(slot),
  deletePartition: (partition) => store.deletePartition(partition),
})

const ways = {
  forgotten: (api: WebApi) => api.forget(account),
  revoked: (api: WebApi) => api.revocations.revokeUser(account),
} as const

const cases = (['forgotten', 'revoked'] as const).flatMap((how) =>
  ['the same process', 'another process'].map((where) => [how, where] as const),
)

describe.each(cases)('somebody who is %s by %s', (how, where) => {
  const processes = (store: TokenStore = shared.store): readonly [WebApi, WebApi] => {
    const api = start(store)
    return [api, where === 'the same process' ? api : start(store)]
  }

  it('has no session that was beginning', async () => {
    const [api, other] = processes()
    const caller = await authenticate(api)
    meanwhile = () => ways[how](other)
    await expect(api.longRunning.start(caller, scopes)).rejects.toMatchObject({ reason: 'session_unknown' })
  })

  it('begins none with a caller who was authenticated before', async () => {
    const [api, other] = processes()
    const caller = await authenticate(api)
    await ways[how](other)
    await expect(api.longRunning.start(caller, scopes)).rejects.toMatchObject({ reason: 'session_unknown' })
  })

  // A revocation takes as long as two time limits of a store that cannot compare.
  if (how === 'forgotten')
    it('has none on a store that carries no messages either', async () => {
      const [api, other] = processes(plain(shared.store))
      const caller = await authenticate(api)
      meanwhile = () => ways[how](other)
      await expect(api.longRunning.start(caller, scopes)).rejects.toMatchObject({ reason: 'session_unknown' })
      await expect(api.longRunning.start(caller, scopes)).rejects.toMatchObject({ reason: 'session_unknown' })
    })

  if (how === 'forgotten')
    it('begins one with the next request', async () => {
      const [api, other] = processes()
      await ways[how](other)
      clock.advanceSeconds(1)
      const key = await api.longRunning.start(await authenticate(api), scopes)
      expect((await other.longRunning.acquire(key)).accessToken).toBe('downstream')
    })
})

describe('a session of a tenant that is revoked while it begins', () => {
  it('is refused as the token would be, and leaves no refresh token', async () => {
    const api = start(shared.store)
    const caller = await authenticate(api)
    meanwhile = () => api.revocations.revokeTenant(tenantId)
    const before = shared.memory.size
    await expect(api.longRunning.start(caller, scopes)).rejects.toMatchObject({
      code: 'bearer_refused',
      status: 401,
      reason: 'revoked',
    })
    // The revocation, and the access token that nobody can reach without the session.
    expect(shared.memory.size - before).toBe(2)
  })

  it('is refused though it cannot be deleted', async () => {
    const api = start(shared.store)
    const caller = await authenticate(api)
    meanwhile = async () => {
      await api.revocations.revokeTenant(tenantId)
      shared.before = (operation) => {
        if (operation === 'delete') throw new Error('down')
      }
    }
    await expect(api.longRunning.start(caller, scopes)).rejects.toMatchObject({ reason: 'revoked' })
  })
})
