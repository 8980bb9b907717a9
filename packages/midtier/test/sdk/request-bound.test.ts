// What is made for one request, under a wall clock that is set: it ends when its lifetime has passed, however the hands are turned.
import { describe, expect, it } from 'vitest'
import type { AcquireOptions } from '../../src/acquire/request/requests.ts'
import { AccessToken } from '../../src/acquire/token-source.ts'
import { bindToRequest } from '../../src/sdk/request-bound.ts'
import { Caller, type CallerHome } from '../../src/web-api/caller.ts'
import type { Principal } from '../../src/protect/principal.ts'
import type { Registration } from '../../src/protect/registration.ts'
import { createClock, type MovableClock } from '../authority/fake-authority.ts'
import { createCaller, HandClock } from '../acquire/scenario.ts'

const day = 86_400
const scopes = ['https://vault.azure.net/.default']
const token = new AccessToken({
  accessToken: 'of the caller',
  tokenType: 'Bearer',
  scopes,
  acquiredAtMs: 0,
  expiresAtMs: 0,
  refreshAtMs: 0,
  correlationId: 'c',
  origin: 'l1',
})

/** A caller to whom a token is always given, and whose own ends at `expiresAtMs`. */
function createCallerUntil(expiresAtMs: number): Caller {
  const facts = createCaller(new HandClock())
  const principal: Principal = { ...facts.principal, expiresAtMs }
  const give = (): Promise<AccessToken> => Promise.resolve(token)
  const home: CallerHome = {
    downstreamApis: new Map(),
    fetch: () => Promise.reject(new Error('nothing is called')),
    nowMs: () => 0,
    passedMs: () => 0,
    within: undefined,
    runWithCaller: undefined,
    acquire: give,
    acquireToken: give,
    acquireForClient: give,
    letOut: (error) => error,
    leave: (error) => error,
  }
  const own = {
    account: undefined,
    registration: {} as Registration,
    authenticatedAtMs: 0,
    forgettingsBefore: 0,
  }
  const validated = { ...facts, principal, ...own }
  return new Caller(home, { validated, context: { traceId: undefined, observe: () => undefined } })
}

/** The outcome of each use; the caller's token is valid for thirty days. */
function bind(clock: MovableClock): () => Promise<string> {
  const caller = createCallerUntil(clock.nowMs() + 30 * day * 1000)
  const acquire = bindToRequest(caller, { clock, lifetimeMs: 300_000 })
  return () =>
    acquire({ scopes }).then(
      () => 'given',
      (error: unknown) => (error as { reason: string }).reason,
    )
}

describe('what is made for one request', () => {
  it.each([
    ['the request’s alone', true, false],
    ['that of the call alone', false, true],
    ['both', true, true],
  ])('waits no longer than its signals allow: %s', async (_, ofRequest, ofCall) => {
    const asked: AcquireOptions[] = []
    const [request, call] = [new AbortController(), new AbortController()]
    const clock = createClock()
    const caller = createCallerUntil(clock.nowMs() + day * 1000)
    caller.acquireToken = (options) => {
      asked.push(options)
      return Promise.resolve(token)
    }
    const acquire = bindToRequest(caller, {
      clock,
      lifetimeMs: 1000,
      ...(ofRequest && { signal: request.signal }),
    })
    await acquire({ scopes, ...(ofCall && { signal: call.signal }) })
    if (ofCall && ofRequest) {
      expect(asked[0]?.signal?.aborted).toBe(false)
      call.abort()
    } else (ofRequest ? request : call).abort()
    expect(asked[0]?.signal?.aborted).toBe(true)
  })

  it('while the clock ran ahead ends five minutes later, not when that time comes', async () => {
    const clock = createClock()
    clock.advanceSeconds(2 * day)
    const use = bind(clock)
    clock.advanceSeconds(-2 * day)
    expect(await use()).toBe('given')
    clock.advanceSeconds(299)
    expect(await use()).toBe('given')
    clock.advanceSeconds(1)
    expect(await use()).toBe('request_ended')
  })

  it('does not live on when the clock is set back again and again', async () => {
    const clock = createClock()
    const use = bind(clock)
    for (let minutes = 1; minutes < 5; minutes++) {
      clock.advanceSeconds(60)
      expect(await use()).toBe('given')
      clock.advanceSeconds(-60)
      expect(await use()).toBe('given')
    }
    clock.advanceSeconds(60)
    expect(await use()).toBe('request_ended')
  })

  it('stays ended when the clock is set back after its end', async () => {
    const clock = createClock()
    const use = bind(clock)
    clock.advanceSeconds(300)
    expect(await use()).toBe('request_ended')
    clock.advanceSeconds(-day)
    expect(await use()).toBe('request_ended')
  })

  it('ends when the clock jumps ahead, since nobody can tell that from time that passed', async () => {
    const clock = createClock()
    const use = bind(clock)
    clock.advanceSeconds(2 * day)
    expect(await use()).toBe('request_ended')
  })

  it("is judged by the wall clock for the end of the caller's token, which the authority wrote down", async () => {
    const clock = createClock()
    const caller = createCallerUntil(clock.nowMs())
    const acquire = bindToRequest(caller, { clock, lifetimeMs: day * 1000 })
    clock.advanceSeconds(300)
    expect(await acquire({ scopes })).toBe(token)
    clock.advanceSeconds(1)
    await expect(acquire({ scopes })).rejects.toMatchObject({ reason: 'sign_in_required' })
    clock.advanceSeconds(-60)
    expect(await acquire({ scopes })).toBe(token)
  })
})
