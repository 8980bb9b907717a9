// What an answer tells of itself: where it came from, why the authority was asked, until when it is good, and what it took.
import { describe, expect, it } from 'vitest'
import type { ObservedEvent } from '../../src/kernel/observer.ts'
import { createCaller, createScenario, settle, type Scenario } from './scenario.ts'
import { createSharedTextStore } from './shared-text-store.ts'

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'

type Acquired = Extract<ObservedEvent, { readonly type: 'token_acquired' }>

const acquired = ({ events }: Scenario): readonly Acquired[] =>
  events.filter((event): event is ObservedEvent & Acquired => event.type === 'token_acquired')

describe('the result of an acquisition', () => {
  it('says where it came from and why the authority was asked', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const told: unknown[] = []
    const note = async (options?: Parameters<Scenario['onBehalfOf']>[1]): Promise<void> => {
      const { origin, reason } = await scenario.onBehalfOf(caller, options)
      told.push([origin, reason])
    }
    await note()
    await note()
    await note({ forceRefresh: true })
    await note({ claims })
    await note()
    scenario.clock.advanceSeconds(3500)
    await note()
    expect(told).toEqual([
      ['authority', 'not_cached'],
      ['l1', undefined],
      ['authority', 'force_refresh'],
      ['authority', 'claims'],
      ['l1', undefined],
      ['authority', 'expired'],
    ])
    expect(acquired(scenario).map(({ origin, reason }) => [origin, reason])).toEqual(told)
  })

  it('says that a token was renewed before anybody had to wait, to the observer alone', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    scenario.clock.advanceSeconds(2000)
    const served = await scenario.onBehalfOf(caller)
    expect([served.origin, served.reason]).toEqual(['l1', undefined])
    await settle()
    expect(acquired(scenario).at(-1)).toMatchObject({ origin: 'authority', reason: 'refreshed_ahead' })
    const renewed = await scenario.onBehalfOf(caller)
    expect(renewed).toMatchObject({ origin: 'l1', reason: undefined })
    expect(renewed.correlationId).not.toBe(served.correlationId)
  })

  it('says that another process asked', async () => {
    const first = createScenario()
    const { store } = createSharedTextStore(first.clock)
    const ports = { clock: first.clock, l2: store }
    const [here, there] = [
      createScenario({}, ports, first.authority),
      createScenario({}, ports, first.authority),
    ]
    const caller = createCaller(first.clock)
    const asked = await here.onBehalfOf(caller)
    const shared = await there.onBehalfOf(caller)
    expect([asked.reason, shared.origin, shared.reason]).toEqual(['not_cached', 'l2', undefined])
    expect(shared.correlationId).toBe(asked.correlationId)
  })

  it('tells correlation id, time of expiry and time taken, the same to the caller and to the observer', async () => {
    const scenario = createScenario()
    const { answer } = scenario.authority
    scenario.authority.answer = (seen) => {
      scenario.clock.ms += 40
      return answer(seen)
    }
    const token = await scenario.onBehalfOf(createCaller(scenario.clock))
    const [requested, got] = scenario.events
    expect(requested).toMatchObject({
      type: 'token_requested',
      durationMs: 40,
      correlationId: token.correlationId,
    })
    expect(got).toMatchObject({
      type: 'token_acquired',
      durationMs: 40,
      correlationId: token.correlationId,
      expiresAtMs: token.expiresAtMs,
    })
    expect(scenario.authority.requests[0]?.headers.get('client-request-id')).toBe(token.correlationId)
  })

  it('has the correlation id that was asked for, and its renewal one of its own', async () => {
    const scenario = createScenario()
    const caller = createCaller(scenario.clock)
    const correlationId = '5D3C2B1A-0000-4000-8000-00000000abcd'
    expect((await scenario.onBehalfOf(caller, { correlationId })).correlationId).toBe(correlationId)
    scenario.clock.advanceSeconds(2000)
    await scenario.onBehalfOf(caller, { correlationId })
    await settle()
    const [asked, renewed] = scenario.authority.requests.map(({ headers }) =>
      headers.get('client-request-id'),
    )
    expect(asked).toBe(correlationId)
    expect(renewed).toMatch(/^[\da-f-]{36}$/)
    expect(renewed).not.toBe(correlationId)
  })

  it('is refused for a correlation id that is none: it becomes a header', async () => {
    const scenario = createScenario()
    const asked = scenario.onBehalfOf(createCaller(scenario.clock), { correlationId: 'a\r\nb' })
    await expect(asked).rejects.toMatchObject({ reason: 'argument_invalid' })
  })
})
