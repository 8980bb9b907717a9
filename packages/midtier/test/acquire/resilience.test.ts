import { afterEach, describe, expect, it, vi } from 'vitest'
import { AuthorityUnavailableError, InteractionRequiredError } from '../../src/kernel/errors/errors.ts'
import { createStubAuthority, granted, html, inTurn, recorded, throttled } from '../grants/stub-authority.ts'
import { faults, silentFaults } from './authority-faults.ts'
import { createCaller, createScenario, HandClock, settle, type Scenario } from './scenario.ts'
import { createSharedTextStore } from './shared-text-store.ts'

/** As in production: retries, breakers and pauses; chance and time are the test's. */
function createResilient(random: () => number = () => 0.5) {
  const clock = new HandClock()
  const sentAtMs: number[] = []
  const sleptMs: number[] = []
  const authority = createStubAuthority()
  const scenario = createScenario(
    { resilience: {} },
    {
      clock,
      random,
      fetch: (input, init) => {
        sentAtMs.push(clock.ms)
        return authority.fetch(input, init)
      },
      sleep: async (ms) => {
        sleptMs.push(ms)
        clock.ms += ms
      },
    },
    authority,
  )
  return { ...scenario, sentAtMs, sleptMs }
}

const users = (scenario: Scenario, count: number, name = 'user') =>
  Array.from({ length: count }, (_, index) => createCaller(scenario.clock, `${name}${index}`))

const outage = (work: Promise<unknown>) => expect(work).rejects.toBeInstanceOf(AuthorityUnavailableError)

afterEach(() => {
  vi.useRealTimers()
})

describe('a user whose token is cached', () => {
  it.each(faults)('notices nothing of %s, however old the token is', async (_name, fault) => {
    const scenario = createResilient()
    const warm = users(scenario, 20)
    for (const user of warm) await scenario.onBehalfOf(user)
    const ok = scenario.authority.answer
    scenario.authority.answer = fault
    for (const ageSeconds of [60, 1900, 1400]) {
      scenario.clock.advanceSeconds(ageSeconds) // fresh, due for renewal, in its last minutes
      for (const [index, user] of warm.entries()) {
        expect((await scenario.onBehalfOf(user)).accessToken).toBe(`token-${index + 1}`)
        await settle()
      }
    }
    scenario.authority.answer = ok
    scenario.clock.advanceSeconds(3)
    await scenario.onBehalfOf(warm[0]!)
    expect((await scenario.onBehalfOf(warm[1]!)).accessToken).toMatch(/^token-2\d$/)
  })

  it('waits for nothing once the endpoint is known to be down', async () => {
    const scenario = createResilient()
    const warm = users(scenario, 10)
    for (const user of warm) await scenario.onBehalfOf(user)
    scenario.authority.answer = html(503)
    scenario.clock.advanceSeconds(3400)
    for (const user of warm.slice(0, 5)) await scenario.onBehalfOf(user)
    const [asked, slept] = [scenario.sentAtMs.length, scenario.sleptMs.length]
    for (const user of warm.slice(5)) expect((await scenario.onBehalfOf(user)).origin).toBe('l1')
    expect([scenario.sentAtMs.length, scenario.sleptMs.length]).toEqual([asked, slept])
  })

  it('waits as long as for any other token where the one that a store still has is over', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const clock = new HandClock()
    const { store } = createSharedTextStore(new HandClock()) // its clock is behind: nothing in it has expired
    const one = createScenario({}, { clock, l2: store })
    const caller = createCaller(clock)
    await one.onBehalfOf(caller)
    clock.advanceSeconds(3601)
    const two = createScenario({}, { clock, l2: store }, one.authority)
    const ok = one.authority.answer
    one.authority.answer = async (seen) => {
      await new Promise((resolve) => setTimeout(resolve, 2000))
      return ok(seen)
    }
    const asked = two.onBehalfOf(caller).then(
      ({ accessToken }) => accessToken,
      (error: unknown) => error,
    )
    for (let ms = 0; ms <= 2000; ms += 250) {
      await settle()
      vi.advanceTimersByTime(250)
    }
    expect(await asked).toBe('token-2')
  })
  it('waits a moment for a new token in its last minutes, and gets the old one when the endpoint hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    const ok = scenario.authority.answer
    let release: () => void = () => undefined
    scenario.authority.answer = async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return ok(seen)
    }
    scenario.clock.advanceSeconds(3500)
    const served = Promise.all(Array.from({ length: 50 }, () => scenario.onBehalfOf(caller)))
    await settle()
    vi.advanceTimersByTime(1000)
    expect(new Set((await served).map((token) => token.accessToken))).toEqual(new Set(['token-1']))
    release()
    await settle()
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-2')
    expect(scenario.authority.requests).toHaveLength(2)
  })
})

describe('a user whose token is not cached', () => {
  it.each(silentFaults)('is refused after three tries by %s, within the budget', async (_name, fault) => {
    const scenario = createResilient()
    scenario.authority.answer = fault
    const startedMs = scenario.clock.ms
    await outage(scenario.onBehalfOf(createCaller(scenario.clock)))
    expect(scenario.sentAtMs).toHaveLength(3)
    expect(scenario.clock.ms - startedMs).toBeLessThan(8000)
  })

  it.each(silentFaults)('is served when %s is over by the next try', async (_name, fault) => {
    const scenario = createResilient()
    scenario.authority.answer = inTurn(fault, granted())
    expect((await scenario.onBehalfOf(createCaller(scenario.clock))).accessToken).toBe('token-1')
  })

  it('waits longer before each try, anything up to a limit that doubles', async () => {
    const waits = async (chance: number) => {
      const scenario = createResilient(() => chance)
      scenario.authority.answer = html(503)
      await outage(scenario.onBehalfOf(createCaller(scenario.clock)))
      return scenario.sleptMs
    }
    expect(await waits(0)).toEqual([0, 0])
    expect(await waits(0.5)).toEqual([125, 250])
    expect(await waits(1)).toEqual([250, 500])
  })

  it('is not tried again after a refusal', async () => {
    const scenario = createResilient()
    scenario.authority.answer = recorded.wrongSecret
    await expect(scenario.onBehalfOf(createCaller(scenario.clock))).rejects.toMatchObject({
      code: 'token_request_refused',
    })
    expect(scenario.sentAtMs).toHaveLength(1)
  })

  it('can stop waiting while the next try is waited for, and what it started goes on', async () => {
    let wake: () => void = () => undefined
    const sleep = () => new Promise<void>((resolve) => (wake = resolve))
    const scenario = createScenario({ resilience: {} }, { sleep })
    scenario.authority.answer = inTurn(html(503), granted())
    const caller = createCaller(scenario.clock)
    const abort = new AbortController()
    const given = expect(scenario.onBehalfOf(caller, { signal: abort.signal })).rejects.toThrow('gone')
    const limited = expect(scenario.onBehalfOf(caller, { timeoutMs: 5 })).rejects.toThrow('5 ms')
    const patient = scenario.onBehalfOf(caller)
    await settle()
    abort.abort(new Error('gone'))
    await Promise.all([given, limited])
    wake()
    expect((await patient).accessToken).toBe('token-1')
  })

  it('is told that nothing is cached, not that there is an outage, when it asks for the cache alone', async () => {
    const scenario = createResilient()
    scenario.authority.answer = html(503)
    for (const user of users(scenario, 5)) await outage(scenario.onBehalfOf(user))
    await expect(scenario.silent(createCaller(scenario.clock))).rejects.toMatchObject({
      reason: 'no_token_cached',
    })
  })
})

describe('an endpoint that keeps failing', () => {
  it.each(silentFaults)('is probed no more than once a second during %s', async (_name, fault) => {
    const scenario = createResilient(() => 0)
    scenario.authority.answer = fault
    for (const user of users(scenario, 3)) await outage(scenario.onBehalfOf(user))
    const opened = scenario.sentAtMs.length
    for (const user of users(scenario, 100, 'later')) {
      scenario.clock.advanceSeconds(0.1)
      await outage(scenario.onBehalfOf(user))
    }
    const probes = scenario.sentAtMs.slice(opened - 1)
    expect(probes.length).toBeGreaterThan(3)
    for (const [index, atMs] of probes.entries())
      if (index > 0) expect(atMs - probes[index - 1]!).toBeGreaterThanOrEqual(1000)
  })

  it('is refused at once with the seconds that remain', async () => {
    const scenario = createResilient()
    scenario.authority.answer = html(503)
    for (const user of users(scenario, 5)) await outage(scenario.onBehalfOf(user))
    const asked = scenario.sentAtMs.length
    await expect(scenario.onBehalfOf(createCaller(scenario.clock, 'next'))).rejects.toMatchObject({
      code: 'authority_unavailable',
      retryAfterSeconds: 2,
    })
    expect(scenario.sentAtMs).toHaveLength(asked)
  })

  it.each(faults)('serves everybody again within one back-off after %s', async (_name, fault) => {
    const scenario = createResilient(() => 1)
    const ok = scenario.authority.answer
    scenario.authority.answer = fault
    for (const user of users(scenario, 10)) await outage(scenario.onBehalfOf(user))
    scenario.authority.answer = ok
    scenario.clock.advanceSeconds(2)
    for (const user of users(scenario, 10)) await scenario.onBehalfOf(user)
    expect(scenario.events.findLast(({ type }) => type.startsWith('authority_'))).toMatchObject({
      type: 'authority_recovered',
    })
  })

  it('is back with its first refusal, which is an answer', async () => {
    const scenario = createResilient()
    scenario.authority.answer = html(503)
    for (const user of users(scenario, 5)) await outage(scenario.onBehalfOf(user))
    scenario.clock.advanceSeconds(2)
    scenario.authority.answer = recorded.mfaDemanded
    const refused = scenario.onBehalfOf(createCaller(scenario.clock, 'refused'))
    await expect(refused).rejects.toBeInstanceOf(InteractionRequiredError)
    expect(scenario.events.filter(({ type }) => type === 'authority_recovered')).toHaveLength(1)
  })

  it('lets one request through at a time until one succeeds', async () => {
    const scenario = createResilient()
    scenario.authority.answer = html(503)
    for (const user of users(scenario, 5)) await outage(scenario.onBehalfOf(user))
    scenario.clock.advanceSeconds(2)
    const asked = scenario.sentAtMs.length
    let release: () => void = () => undefined
    const ok = granted()
    scenario.authority.answer = async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return ok(seen)
    }
    const herd = users(scenario, 20, 'herd').map((user) => scenario.onBehalfOf(user))
    const outcome = Promise.allSettled(herd)
    await settle()
    expect(scenario.sentAtMs).toHaveLength(asked + 1)
    release()
    expect((await outcome).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is left alone in one tenant and not in another', async () => {
    const scenario = createResilient()
    const ok = granted()
    scenario.authority.answer = (seen) => (seen.url.includes('/other/') ? ok(seen) : html(503)(seen))
    for (const user of users(scenario, 5)) await outage(scenario.onBehalfOf(user))
    const guest = createCaller(scenario.clock, 'guest', '1', { tenantId: 'other' })
    expect((await scenario.onBehalfOf(guest)).accessToken).toBe('token-1')
  })

  it('is left alone by an application without users, too', async () => {
    const scenario = createResilient()
    scenario.authority.answer = html(503)
    for (let call = 0; call < 4; call += 1) await outage(scenario.forClient())
    expect(scenario.sentAtMs.length).toBeLessThan(8)
  })

  it('tells the observer when it is left alone and when it is back', async () => {
    const scenario = createResilient()
    scenario.authority.answer = html(503)
    for (const user of users(scenario, 5)) await outage(scenario.onBehalfOf(user))
    scenario.authority.answer = granted()
    scenario.clock.advanceSeconds(2)
    await scenario.onBehalfOf(createCaller(scenario.clock))
    const { tenantId } = createCaller(scenario.clock).principal
    expect(scenario.events.filter(({ type }) => type.startsWith('authority_'))).toMatchObject([
      { type: 'authority_paused', tenantId, whom: 'endpoint', reason: 'failing', pauseMs: 1250 },
      { type: 'authority_recovered', tenantId },
    ])
  })
})

describe('a pause that the authority asks for', () => {
  it.each([
    ['seconds', '30'],
    ['a date', new Date(new HandClock().ms + 30_000).toUTCString()],
  ])('in %s is kept by the user that was told, and over when it is over', async (_name, retryAfter) => {
    const scenario = createResilient()
    const ok = scenario.authority.answer
    const told = createCaller(scenario.clock)
    scenario.authority.answer = throttled(retryAfter)
    await expect(scenario.onBehalfOf(told)).rejects.toMatchObject({ retryAfterSeconds: 30 })
    scenario.authority.answer = ok
    for (let second = 1; second < 30; second += 1) {
      scenario.clock.advanceSeconds(1)
      await outage(scenario.onBehalfOf(told))
    }
    expect(scenario.sentAtMs).toHaveLength(1)
    scenario.clock.advanceSeconds(1)
    await scenario.onBehalfOf(told)
  })

  it.each(['1', '300', '3600', undefined])(
    'of one user (%s) closes the endpoint to nobody else, nor to the application',
    async (retryAfter) => {
      const scenario = createResilient()
      const ok = granted()
      scenario.authority.answer = (seen) =>
        seen.body.get('assertion')?.includes('mallory') ? throttled(retryAfter)(seen) : ok(seen)
      for (const [index, user] of users(scenario, 20).entries()) {
        const mallory = createCaller(scenario.clock, 'mallory', String(index))
        await outage(scenario.onBehalfOf(mallory))
        await scenario.onBehalfOf(user)
        await scenario.forClient({ forceRefresh: true })
      }
      expect(scenario.events).not.toContainEqual(expect.objectContaining({ whom: 'endpoint' }))
    },
  )

  it('of two users closes it to nobody else either, though they are the only ones for a while', async () => {
    const scenario = createResilient()
    const ok = scenario.authority.answer
    scenario.authority.answer = throttled('300')
    for (const user of users(scenario, 2, 'told')) await outage(scenario.onBehalfOf(user))
    scenario.authority.answer = ok
    await scenario.onBehalfOf(createCaller(scenario.clock))
    await scenario.forClient()
  })

  it('of several users in a row is kept by everybody, for as long as the least of them was told', async () => {
    const scenario = createResilient()
    const ok = scenario.authority.answer
    scenario.authority.answer = inTurn(throttled('300'), throttled('30'), throttled('200'))
    for (const user of users(scenario, 3, 'told')) await outage(scenario.onBehalfOf(user))
    expect(scenario.events).toContainEqual(
      expect.objectContaining({
        type: 'authority_paused',
        whom: 'endpoint',
        reason: 'throttled',
        pauseMs: 30_000,
      }),
    )
    scenario.authority.answer = ok
    for (const user of users(scenario, 29)) {
      scenario.clock.advanceSeconds(1)
      await outage(scenario.onBehalfOf(user))
      await outage(scenario.forClient())
    }
    expect(scenario.sentAtMs).toHaveLength(3)
    scenario.clock.advanceSeconds(1)
    for (const user of users(scenario, 5)) await scenario.onBehalfOf(user)
  })

  it('of users that others succeed between is theirs alone', async () => {
    const scenario = createResilient()
    const ok = scenario.authority.answer
    for (const [index, user] of users(scenario, 10).entries()) {
      scenario.authority.answer = throttled('300')
      await outage(scenario.onBehalfOf(createCaller(scenario.clock, `told-${index}`)))
      scenario.authority.answer = ok
      await scenario.onBehalfOf(user)
    }
  })

  it('is waited for when it fits into the budget', async () => {
    const scenario = createResilient(() => 0)
    scenario.authority.answer = inTurn(throttled('3'), granted())
    expect((await scenario.onBehalfOf(createCaller(scenario.clock))).accessToken).toBe('token-1')
    expect(scenario.sleptMs).toEqual([3000])
  })

  it('is not ended by an answer that was under way', async () => {
    const scenario = createResilient()
    let release: () => void = () => undefined
    const ok = granted()
    scenario.authority.answer = inTurn(async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return ok(seen)
    }, throttled('60'))
    const slow = scenario.onBehalfOf(createCaller(scenario.clock, 'alice', 'slow session'))
    await settle()
    await outage(scenario.onBehalfOf(createCaller(scenario.clock, 'alice', 'next session')))
    release()
    await slow
    await outage(scenario.onBehalfOf(createCaller(scenario.clock, 'alice', 'third session')))
    expect(scenario.sentAtMs).toHaveLength(2)
  })

  it('is capped when it is absurd', async () => {
    const scenario = createResilient()
    const ok = scenario.authority.answer
    scenario.authority.answer = throttled('999999999')
    await expect(scenario.onBehalfOf(createCaller(scenario.clock))).rejects.toMatchObject({
      retryAfterSeconds: 300,
    })
    scenario.authority.answer = ok
    scenario.clock.advanceSeconds(301)
    expect((await scenario.onBehalfOf(createCaller(scenario.clock))).accessToken).toBe('token-1')
  })

  it('with a 503 is kept for the user that it was told to, until the endpoint is down for several', async () => {
    const scenario = createResilient()
    const ok = scenario.authority.answer
    const [first, second] = users(scenario, 2)
    scenario.authority.answer = inTurn(html(503, { 'retry-after': '60' }), ok)
    await outage(scenario.onBehalfOf(first!))
    await scenario.onBehalfOf(second!)
    await outage(scenario.onBehalfOf(first!))
    expect(scenario.sentAtMs).toHaveLength(2)
    scenario.authority.answer = html(503, { 'retry-after': '60' })
    for (const user of users(scenario, 10, 'more')) await outage(scenario.onBehalfOf(user))
    expect(scenario.sentAtMs).toHaveLength(7)
    scenario.authority.answer = ok
    scenario.clock.advanceSeconds(61)
    await scenario.onBehalfOf(first!)
  })
})

describe('the trouble of two users', () => {
  it('who fail for hours with nobody else around leaves the endpoint to the next one', async () => {
    const scenario = createResilient(() => 0)
    const ok = granted()
    scenario.authority.answer = (seen) =>
      seen.body.get('assertion')?.includes('broken') ? html(500)(seen) : ok(seen)
    for (let round = 0; round < 50; round += 1) {
      for (const user of users(scenario, 2, 'broken')) await outage(scenario.onBehalfOf(user))
      scenario.clock.advanceSeconds(60)
    }
    expect((await scenario.onBehalfOf(createCaller(scenario.clock))).origin).toBe('authority')
  })

  it('and of a third one hours later is no outage', async () => {
    const scenario = createResilient()
    scenario.authority.answer = html(500)
    for (const user of users(scenario, 2, 'broken')) await outage(scenario.onBehalfOf(user))
    scenario.clock.advanceSeconds(7200)
    await outage(scenario.onBehalfOf(createCaller(scenario.clock, 'broken-3')))
    expect(scenario.events).not.toContainEqual(expect.objectContaining({ whom: 'endpoint' }))
  })
})

describe('users who keep failing while the endpoint is left alone', () => {
  it('leave the probe to one who does not, who opens it for all', async () => {
    const scenario = createResilient(() => 0)
    const ok = granted()
    scenario.authority.answer = (seen) =>
      seen.body.get('assertion')?.includes('broken') ? html(500)(seen) : ok(seen)
    const alice = createCaller(scenario.clock)
    let served = false
    // They always come first.
    for (let tenth = 0; tenth < 300 && !served; tenth += 1) {
      for (const user of users(scenario, 5, 'broken')) await outage(scenario.onBehalfOf(user))
      served = await scenario.onBehalfOf(alice).then(
        () => tenth > 0,
        () => false,
      )
      scenario.clock.advanceSeconds(0.1)
    }
    expect(served).toBe(true)
  })
})

describe('the trouble of one user', () => {
  it.each(silentFaults)('with %s stays the trouble of one user', async (_name, fault) => {
    const scenario = createResilient()
    const ok = granted()
    scenario.authority.answer = (seen) =>
      seen.body.get('assertion')?.includes('mallory') ? fault(seen) : ok(seen)
    const mallory = createCaller(scenario.clock, 'mallory')
    for (let call = 0; call < 10; call += 1) await outage(scenario.onBehalfOf(mallory))
    const tries = scenario.sentAtMs.length
    for (const user of users(scenario, 20)) await scenario.onBehalfOf(user)
    expect(scenario.sentAtMs).toHaveLength(tries + 20)
    expect(tries).toBeLessThan(30)
  })

  it('with a refusal closes no door, however often it comes', async () => {
    const scenario = createResilient()
    scenario.authority.answer = recorded.mfaDemanded
    for (let round = 0; round < 3; round += 1)
      for (const user of users(scenario, 10))
        await expect(scenario.onBehalfOf(user)).rejects.toBeInstanceOf(InteractionRequiredError)
    expect(scenario.sentAtMs).toHaveLength(30)
    scenario.authority.answer = granted()
    await scenario.onBehalfOf(createCaller(scenario.clock))
  })
})

describe('renewing ahead', () => {
  it('spreads tokens that were obtained together', async () => {
    let chance = 0
    const scenario = createResilient(() => (chance += 0.1) - 0.1)
    const tokens = []
    for (const user of users(scenario, 5)) tokens.push(await scenario.onBehalfOf(user))
    const sinceStart = tokens.map(({ refreshAtMs }) => Math.round((refreshAtMs - scenario.clock.ms) / 1000))
    expect(sinceStart).toEqual([1800, 1782, 1764, 1746, 1728])
  })

  it('keeps no request waiting and asks once for each user', async () => {
    const scenario = createResilient()
    const warm = users(scenario, 5)
    for (const user of warm) await scenario.onBehalfOf(user)
    scenario.authority.answer = () => new Promise(() => undefined)
    scenario.clock.advanceSeconds(1900)
    for (const user of warm)
      for (let call = 0; call < 20; call += 1) expect((await scenario.onBehalfOf(user)).origin).toBe('l1')
    await settle()
    expect(scenario.sentAtMs).toHaveLength(10)
  })
})
