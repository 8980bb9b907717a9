// What a process knows of revocations: never less than it was told, and bounded without letting the revoked in again.
import { beforeEach, describe, expect, it } from 'vitest'
import { BearerError, TokenStoreError } from '../../../src/kernel/errors/errors.ts'
import type { ObserverEvent } from '../../../src/kernel/observer.ts'
import type { Principal } from '../../../src/protect/principal.ts'
import { sessionSubject, userSubject } from '../../../src/protect/revocations/revocation-subjects.ts'
import { Revocations, type RevocationStore } from '../../../src/protect/revocations/revocations.ts'
import { createClock, type MovableClock } from '../../authority/fake-authority.ts'
import { nowSeconds, tenantId, userClaims, userId } from '../../jwt/token-builder.ts'

const settings = {
  freshnessMs: 30_000,
  longestTokenLifetimeMs: 108_000_000,
  whenStoreFails: 'refuse',
} as const
const user = userSubject({ objectId: userId, tenantId })
const nowMs = nowSeconds * 1000

const principal = (claims: Record<string, unknown> = {}): Principal => ({
  kind: 'user',
  agent: undefined,
  tenantId,
  objectId: userId,
  subject: 'subject',
  clientId: 'client',
  scopes: [],
  roles: [],
  issuer: 'issuer',
  version: '2.0',
  expiresAtMs: 0,
  claims: userClaims(claims),
})

interface HeldStore extends RevocationStore {
  /** Tells the listener. */
  message: (subject: string, notBeforeMs: number) => void
  /** Messages begin to arrive, once more. */
  begin: () => void
  /** Answers every read that waits. */
  answer: (notBeforeMs: number | Error) => void
  reads: number
  readonly written: (readonly [string, number, number])[]
}

function createHeldStore(): HeldStore {
  let waiting: { resolve: (notBeforeMs: number) => void; reject: (error: Error) => void }[] = []
  const store: HeldStore = {
    reads: 0,
    written: [],
    message: () => undefined,
    begin: () => undefined,
    answer: (given) => {
      for (const { resolve, reject } of waiting.splice(0))
        if (given instanceof Error) reject(given)
        else resolve(given)
      waiting = []
    },
    read: () =>
      new Promise((resolve, reject) => {
        store.reads += 1
        waiting.push({ resolve, reject })
      }),
    raise: async (...written) => void store.written.push(written),
    tell: () => Promise.resolve(),
    hear: (listener, begun) => {
      store.message = listener
      store.begin = begun
    },
    close: () => Promise.resolve(),
  }
  return store
}

let clock: MovableClock
let store: HeldStore
let revocations: Revocations
let events: ObserverEvent[]
beforeEach(() => {
  clock = createClock()
  store = createHeldStore()
  events = []
  revocations = new Revocations(settings, { clock, store, observe: (event) => events.push(event) })
})

const outcomeOf = async (check: () => unknown): Promise<unknown> => {
  try {
    await check()
    return 'accepted'
  } catch (error) {
    return error
  }
}

describe('with a store', () => {
  it('a slow answer takes nothing back that a message has told since', async () => {
    const waiting = outcomeOf(() => revocations.check(principal()))
    store.message(user, nowMs)
    store.answer(0)
    expect(await waiting).toMatchObject({ reason: 'revoked' })
  })

  it('a message is no reason not to read: the store may know of a later instant', async () => {
    const first = outcomeOf(() => revocations.check(principal()))
    store.answer(0)
    await first
    clock.advanceSeconds(40)
    store.message(user, nowMs - 3_600_000)
    const waiting = outcomeOf(() => revocations.check(principal({ uti: 'b' })))
    expect(store.reads).toBe(4)
    store.answer(nowMs)
    expect(await waiting).toMatchObject({ reason: 'revoked' })
  })

  it('a message is no reason to read anew either: what was read a moment ago is as good as before', async () => {
    const first = outcomeOf(() => revocations.check(principal()))
    store.answer(0)
    await first
    expect(store.reads).toBe(2)
    store.message(user, nowMs - 3_600_000)
    expect(revocations.check(principal())).toBeUndefined()
    expect(store.reads).toBe(2)
    store.message(user, nowMs)
    expect(() => revocations.check(principal())).toThrow(BearerError)
  })

  it.each([
    ['understands claims challenges', { xms_cc: ['cp1'] }, 'insufficient_claims', String(nowSeconds)],
    ['does not', {}, 'invalid_token', undefined],
  ])('a client that %s is told so', (_what, claims, error, value) => {
    store.hear = (listener) => (store.message = listener)
    void outcomeOf(() => revocations.check(principal(claims)))
    store.message(user, nowMs)
    expect(() => revocations.check(principal(claims))).toThrow(
      expect.objectContaining({
        ...{ status: 401, reason: 'revoked', error },
        claims:
          value === undefined
            ? undefined
            : JSON.stringify({ access_token: { nbf: { essential: true, value } } }),
      }) as Error,
    )
  })

  it('what can be read counts, although something else cannot and that is accepted', async () => {
    const failing: RevocationStore = {
      ...createHeldStore(),
      read: async (subject) => {
        if (subject !== user) throw new TokenStoreError('down')
        await new Promise((resolve) => setImmediate(resolve)) // later than the failure
        return nowMs
      },
    }
    const ports = { clock, store: failing, observe: (event: ObserverEvent) => events.push(event) }
    const accepting = new Revocations({ ...settings, whenStoreFails: 'accept' }, ports)
    expect(await outcomeOf(() => accepting.check(principal()))).toMatchObject({ reason: 'revoked' })
  })

  it('an answer is as old as its question', async () => {
    const first = outcomeOf(() => revocations.check(principal()))
    clock.advanceSeconds(29)
    store.answer(0)
    expect(await first).toBe('accepted')
    clock.advanceSeconds(1)
    const second = outcomeOf(() => revocations.check(principal()))
    expect(store.reads).toBe(4)
    store.answer(nowMs)
    expect(await second).toMatchObject({ reason: 'revoked' })
  })

  it('the store is told the instant, and decides which is later', async () => {
    await revocations.revoke(user, nowMs - 1_000)
    expect(store.written).toEqual([[user, nowMs - 1_000, 108_000_000]])
    expect(store.reads).toBe(0)
  })

  it('what was read before messages began to arrive anew is read again, and what is known to be revoked stays so', async () => {
    const first = outcomeOf(() => revocations.check(principal()))
    store.answer(0)
    expect(await first).toBe('accepted')
    expect(await outcomeOf(() => revocations.check(principal({ uti: 'b' })))).toBe('accepted') // without reading
    store.begin()
    const second = outcomeOf(() => revocations.check(principal({ uti: 'c' })))
    expect(store.reads).toBe(4)
    store.answer(nowMs)
    expect(await second).toMatchObject({ reason: 'revoked' })
    store.begin()
    expect(await outcomeOf(() => revocations.check(principal({ uti: 'd' })))).toMatchObject({
      reason: 'revoked',
    })
  })

  it('what was asked before messages began to arrive anew is read again when the answer has come', async () => {
    const first = outcomeOf(() => revocations.check(principal()))
    store.begin()
    store.answer(0)
    await first
    const second = outcomeOf(() => revocations.check(principal({ uti: 'b' })))
    expect(store.reads).toBe(4)
    store.answer(nowMs)
    expect(await second).toMatchObject({ reason: 'revoked' })
  })

  it('is written for the longest lifetime of a token, though the clock runs so far ahead that none seems alive', async () => {
    clock.advanceSeconds(2 * 86_400)
    await revocations.revoke(user, nowMs)
    expect(store.written).toEqual([[user, nowMs, 108_000_000]])
  })

  it('is read again when it was read "in the future"', async () => {
    clock.advanceSeconds(2 * 86_400)
    const first = outcomeOf(() => revocations.check(principal()))
    store.answer(0)
    await first
    clock.advanceSeconds(-2 * 86_400)
    const later = outcomeOf(() => revocations.check(principal({ uti: 'b' })))
    store.answer(nowMs)
    expect(await later).toMatchObject({ reason: 'revoked' })
  })

  it('is as old as what passed since it was read, wherever the hands of the clock stand', async () => {
    const first = outcomeOf(() => revocations.check(principal()))
    store.answer(0)
    await first
    clock.advanceSeconds(14)
    expect(await outcomeOf(() => revocations.check(principal({ uti: 'b' })))).toBe('accepted')
    clock.advanceSeconds(-10)
    expect(await outcomeOf(() => revocations.check(principal({ uti: 'b' })))).toBe('accepted')
    clock.advanceSeconds(16)
    const later = outcomeOf(() => revocations.check(principal({ uti: 'c' })))
    store.answer(nowMs)
    expect(await later).toMatchObject({ reason: 'revoked' })
  })

  it('a bug of ours is not taken for a failure of the store', async () => {
    const accepting = new Revocations(
      { ...settings, whenStoreFails: 'accept' },
      { clock, store, observe: () => undefined },
    )
    const waiting = outcomeOf(() => accepting.check(principal()))
    store.answer(new TypeError('a bug'))
    expect(await waiting).toBeInstanceOf(TypeError)
  })

  it('a failure is told to the owner, without a name of anybody', async () => {
    const waiting = outcomeOf(() => revocations.check(principal()))
    store.answer(new TokenStoreError('get: no answer'))
    expect(await waiting).toBeInstanceOf(TokenStoreError)
    expect(events).toEqual([{ type: 'store_failed', operation: 'revocations', message: 'get: no answer' }])
  })
})

describe('without a store', () => {
  beforeEach(() => {
    revocations = new Revocations(settings, { clock, store: undefined, observe: () => undefined })
  })

  it('answers at once', () => {
    expect(revocations.check(principal())).toBeUndefined()
  })

  it('rather lets everybody sign in again than the revoked in, when there are too many of them to keep', async () => {
    await revocations.revoke(user, nowMs)
    for (let index = 0; index < 100_000; index++)
      await revocations.revoke(sessionSubject(`s${index}`), nowMs - 90_000)
    expect(await outcomeOf(() => revocations.check(principal()))).toBeInstanceOf(BearerError)
    const other = principal({ uti: 'b' })
    const bystander: Principal = { ...other, objectId: 'somebody-else' }
    expect(await outcomeOf(() => revocations.check(bystander))).toBeInstanceOf(BearerError)
    const anew = { ...bystander, claims: userClaims({ iat: nowSeconds }) }
    expect(await outcomeOf(() => revocations.check(anew))).toBe('accepted')
  })

  it('does not take a revocation for past because the clock runs ahead while it gives way to others', async () => {
    await revocations.revoke(user, nowMs)
    clock.advanceSeconds(30 * 86_400)
    for (let index = 0; index < 100_000; index++)
      await revocations.revoke(sessionSubject(`s${index}`), nowMs - 90_000)
    clock.advanceSeconds(-30 * 86_400)
    expect(await outcomeOf(() => revocations.check(principal()))).toMatchObject({ reason: 'revoked' })
  })
})
