// A store whose subscribe throws: requests are served, the owner reads it once with what to do, and the process hears again by itself.
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { clientSecret, createWebApi, type Caller, type WebApi } from '../../src/index.ts'
import type { TokenStore } from '../../src/token-cache/store.ts'
import { HandClock } from '../acquire/scenario.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
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
const keyRing = { current: 'k1', keys: { k1: new Uint8Array(randomBytes(32)) } }
const user = { objectId: userId, tenantId }
const scopes = { scopes: ['User.Read'] }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function startWorld() {
  const clock = new HandClock()
  clock.ms = nowSeconds * 1000
  const shared = createSharedTextStore(clock)
  const world = { isDeaf: true, lines: [] as string[] }
  const deaf: TokenStore = {
    ...shared.store,
    subscribe: (hear, begun) => {
      if (world.isDeaf) throw new Error('no second connection')
      return shared.store.subscribe(hear, begun)
    },
  }
  const start = (store: TokenStore): WebApi => {
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    const grant = { token_type: 'Bearer', access_token: 'downstream', expires_in: 3600 }
    return createWebApi({
      tenantId,
      clientId,
      clientCredential: clientSecret('not~a~real~secret.but.long'),
      revocations: {},
      clock,
      tokenCache: { store, keyRing },
      logger: {
        error: (_fields, message) => void world.lines.push(message),
        warn: (_fields, message) => void world.lines.push(message),
      },
      fetch: async (url, init) =>
        String(url).endsWith('/token') ? Response.json(grant) : authority.fetch(url, init),
    })
  }
  return { world, clock, api: start(deaf), other: start(shared.store) }
}

function authenticate(api: WebApi): Promise<Caller> {
  const text = signToken({ claims: userClaims({ iat: nowSeconds - 60, nbf: nowSeconds - 60 }), signer })
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${text}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' })
}

it('serves, says so once with a remedy, and hears again within five seconds of when it can', async () => {
  const { world, api, other } = startWorld()
  const caller = await authenticate(api)
  expect((await caller.acquireToken(scopes)).origin).toBe('authority')
  await (await authenticate(api)).acquireToken(scopes)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(world.lines).toEqual([
    expect.stringMatching(/^the shared store failed: subscribe: Error: no second connection\..*Remedy: /),
  ])
  world.isDeaf = false
  await vi.advanceTimersByTimeAsync(5000)
  await (await authenticate(api)).acquireToken(scopes)
  await other.revocations.revokeUser(user)
  await expect(authenticate(api)).rejects.toMatchObject({ reason: 'revoked' })
  await expect(caller.acquireTokenSilent(scopes)).rejects.toMatchObject({ reason: 'no_token_cached' })
  await api.close()
  await other.close()
})
