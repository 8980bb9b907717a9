// Sessions in a store under clocks that are wrong, or are set while sessions are kept: none outlives the days that it was begun for.
import { describe, expect, it } from 'vitest'
import { createSessions, type Session, type Sessions } from '../../../src/acquire/shared/sessions.ts'
import { createSharedStore } from '../../../src/acquire/shared/shared-store.ts'
import { Redacted } from '../../../src/kernel/redacted.ts'
import { steady } from '../../../src/kernel/time/steady-clock.ts'
import { HandClock, tenantId } from '../scenario.ts'
import { createSharedTextStore } from '../shared-text-store.ts'

const day = 86_400

/** A store whose own clock is right, and processes whose clocks are not. */
function createWorld() {
  const real = new HandClock()
  const shared = createSharedTextStore(real)
  /** Milliseconds for which each entry was to be kept, in the order in which they were written. */
  const ttls: number[] = []
  const versions: unknown[] = []
  const write = shared.store.set.bind(shared.store)
  shared.store.set = (slot, text, ttlMs) => {
    ttls.push(ttlMs)
    versions.push((JSON.parse(text) as { version?: unknown }).version)
    return write(slot, text, ttlMs)
  }
  const start = (): Process => {
    const clock = { wrongMs: 0, nowMs: () => real.ms + clock.wrongMs }
    const limits = { timeoutMs: 60_000 }
    const store = createSharedStore(shared.store, limits, { clock, random: () => 0 })
    return { clock, sessions: createSessions(store, clock) }
  }
  const pass = (days: number): void => {
    real.advanceSeconds(days * day)
    steady(real).passedMs() // the store is busy, and reads its clock all the time
  }
  /** What is read from now on was altered in the store. */
  const alter = (change: (record: Record<string, unknown>) => void): void => {
    shared.store.get = async (slot) => {
      const text = shared.memory.get(slot)
      if (text === undefined) return undefined
      const record = JSON.parse(text) as Record<string, unknown>
      change(record)
      return JSON.stringify(record)
    }
  }
  return { ttls, versions, start, pass, alter }
}

interface Process {
  readonly clock: { wrongMs: number; nowMs(): number }
  readonly sessions: Sessions
}

/** A session of ninety days, as a process begins one now. */
function sessionOf({ clock }: Process): Session {
  const startedAtMs = clock.nowMs()
  const endsAtMs = startedAtMs + 90 * day * 1000
  const accountId = `alice.${tenantId}`
  return { digest: 'd', tenantId, accountId, partition: 'alice', scopes: [], startedAtMs, endsAtMs }
}

const secret = new Redacted('refresh-1')

describe('a session', () => {
  it.each([
    ['ahead', 10],
    ['behind', -10],
  ])('begun by a process whose clock is days %s is there for all others at once', async (_how, days) => {
    const { start } = createWorld()
    const [wrong, right] = [start(), start()]
    wrong.clock.wrongMs = days * day * 1000
    const session = sessionOf(wrong)
    await wrong.sessions.begin(session, secret, { forgetting: undefined })
    expect(await right.sessions.find('d')).toMatchObject(session)
    expect((await right.sessions.readRefreshToken(session))?.reveal()).toBe('refresh-1')
  })

  it('begun while the clock ran ahead is over after ninety days, not when that time comes', async () => {
    const { ttls, start, pass } = createWorld()
    const process = start()
    process.clock.wrongMs = 10 * day * 1000
    const session = sessionOf(process)
    process.clock.wrongMs = 0
    await process.sessions.begin(session, secret, { forgetting: undefined })
    expect(Math.max(...ttls)).toBe(90 * day * 1000)
    pass(89)
    expect(await process.sessions.find('d')).toBeDefined()
    pass(1)
    expect(await process.sessions.find('d')).toBeUndefined()
    expect(await process.sessions.readRefreshToken(session)).toBeUndefined()
  })

  it('has no refresh token kept for longer than ninety days, though the clock is set back by more', async () => {
    const { ttls, start, pass } = createWorld()
    const process = start()
    const session = sessionOf(process)
    await process.sessions.begin(session, secret, { forgetting: undefined })
    pass(1)
    process.clock.wrongMs = -400 * day * 1000
    await process.sessions.replaceRefreshToken(session, new Redacted('refresh-2'))
    expect(ttls.at(-1)).toBe(90 * day * 1000)
    expect((await process.sessions.readRefreshToken(session))?.reveal()).toBe('refresh-2')
  })

  it('goes on when the clock is set back by days, and is over when its ninety days have passed', async () => {
    const { start, pass } = createWorld()
    const process = start()
    await process.sessions.begin(sessionOf(process), secret, { forgetting: undefined })
    pass(30)
    process.clock.wrongMs = -60 * day * 1000
    expect(await process.sessions.find('d')).toBeDefined()
    pass(60)
    expect(await process.sessions.find('d')).toBeUndefined()
  })

  it('is over when the clock jumps ahead of its end', async () => {
    const { start } = createWorld()
    const process = start()
    await process.sessions.begin(sessionOf(process), secret, { forgetting: undefined })
    process.clock.wrongMs = 90 * day * 1000
    expect(await process.sessions.find('d')).toBeUndefined()
  })
})

it('of an agent is none for processes that know no agents: they would go on with it as the application', async () => {
  const { start, versions } = createWorld()
  const own = start()
  const session = sessionOf(own)
  await own.sessions.begin(session, secret, { forgetting: undefined })
  expect(versions.splice(0)).toEqual([2, 2, 2])
  const agentId = '11111111-1111-4111-8111-111111111111'
  await own.sessions.begin({ ...session, digest: 'e', agentId }, secret, { forgetting: undefined })
  expect(versions.slice(0, 2)).toEqual([3, 3])
  expect(await start().sessions.find('e')).toMatchObject({ agentId })
})

describe('a record of a session', () => {
  const wrong: Readonly<Record<string, readonly unknown[]>> = {
    version: [undefined, 1, 4, '2'],
    digest: [undefined, 'e', 7],
    partition: [undefined, 'bob', 7],
    tenantId: [undefined, 7, null],
    accountId: [7, null, {}],
    agentId: [7, null, {}],
    scopes: [undefined, 'scope', [7], ['scope', null], {}],
    startedAtMs: [undefined, '0', null],
    endsAtMs: [undefined, '1900000000000', null],
  }
  const cases = Object.entries(wrong).flatMap(([name, values]) =>
    values.map((value) => [name, value] as const),
  )

  it.each(cases)('is none when its %s is %j', async (name, value) => {
    const { start, alter } = createWorld()
    const process = start()
    await process.sessions.begin(sessionOf(process), secret, { forgetting: undefined })
    alter((record) => {
      if (!('tenantId' in record) && name !== 'version') return // the others have a version alone in common
      record[name] = value
    })
    expect(await process.sessions.find('d')).toBeUndefined()
    alter(() => undefined)
    expect(await process.sessions.find('d')).toBeDefined()
  })

  it('may be of nobody', async () => {
    const { start, alter } = createWorld()
    const process = start()
    await process.sessions.begin(sessionOf(process), secret, { forgetting: undefined })
    alter((record) => delete record['accountId'])
    expect(await process.sessions.find('d')).toMatchObject({ partition: 'alice' })
  })

  it.each([undefined, 7, null])('has no refresh token that is %j', async (value) => {
    const { start, alter } = createWorld()
    const process = start()
    const session = sessionOf(process)
    await process.sessions.begin(session, secret, { forgetting: undefined })
    alter((record) => {
      record['refreshToken'] = value
    })
    expect(await process.sessions.readRefreshToken(session)).toBeUndefined()
  })
})
