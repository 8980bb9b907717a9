// What goes on behind a request's back is handed to the owner's `waitUntil`: it comes to its end, and never fails.
import { describe, expect, it } from 'vitest'
import { carefully, keepAlive } from '../../src/kernel/wait-until.ts'
import { createCaller, createScenario, HandClock, settle } from '../acquire/scenario.ts'
import { createClock } from '../authority/fake-authority.ts'
import { createStubAuthority } from '../grants/stub-authority.ts'
import { Revocations } from '../../src/protect/revocations/revocations.ts'
import { tenantId, userClaims, userId } from '../jwt/token-builder.ts'
import type { Principal } from '../../src/protect/principal.ts'

describe('what is handed to waitUntil', () => {
  it.each(['succeeds', 'fails'])(
    'is the renewal of a token that is served meanwhile, which %s',
    async (how) => {
      const clock = new HandClock()
      const authority = createStubAuthority()
      const waiting: Promise<unknown>[] = []
      const waitUntil = (work: Promise<unknown>): void => void waiting.push(work)
      const scenario = createScenario({}, { clock, waitUntil }, authority)
      const caller = createCaller(clock)
      const { accessToken } = await scenario.onBehalfOf(caller)
      expect(waiting).toEqual([])
      clock.advanceSeconds(2000)
      if (how === 'fails') authority.answer = () => new Response('', { status: 503 })
      expect((await scenario.onBehalfOf(caller)).accessToken).toBe(accessToken)
      await Promise.all(waiting)
      expect(waiting).toHaveLength(1)
      expect(scenario.events.map(({ type }) => type)).toContain(
        how === 'fails' ? 'acquisition_failed' : 'token_acquired',
      )
    },
  )

  it('is the reading of revocations that are half as old as they may get', async () => {
    const clock = createClock()
    const waiting: Promise<unknown>[] = []
    const done = (): Promise<void> => Promise.resolve()
    const store = { read: async () => 0, raise: done, tell: done, hear: () => undefined, close: done }
    const revocations = new Revocations(
      { freshnessMs: 30_000, longestTokenLifetimeMs: 108_000_000, whenStoreFails: 'refuse' },
      { clock, observe: () => undefined, store, waitUntil: (work) => void waiting.push(work) },
    )
    const principal = { tenantId, objectId: userId, claims: userClaims() } as unknown as Principal
    await revocations.check(principal)
    expect(waiting).toEqual([])
    clock.advanceSeconds(16)
    expect(revocations.check(principal)).toBeUndefined()
    expect(waiting.length).toBeGreaterThan(0)
    await Promise.all(waiting)
  })

  it('is handed to the first of a platform that can wait, or to nobody', () => {
    const handed: unknown[] = []
    const work = Promise.resolve()
    const able = { waitUntil: (left: unknown) => void handed.push(left) }
    const unable = [undefined, null, 'text', {}, { waitUntil: true }]
    keepAlive(work, () => [...unable, able, able])
    keepAlive(work, () => unable)
    keepAlive(work, undefined)
    expect(handed).toEqual([work])
  })

  it('does not disturb a request when the platform will not have it', async () => {
    const work = settle()
    carefully(() => {
      throw new Error('there is no request to keep alive')
    })(work)
    await work
  })
})
