// How much the event log remembers.
import type { ObservedEvent } from 'midtier'
import { describe, expect, it } from 'vitest'
import { createEventLog } from '../../tracing/event-log.ts'

function event(traceId: string | undefined, reason: string): ObservedEvent {
  return { type: 'token_refused', status: 401, error: 'invalid_token', reason, atMs: 0, traceId }
}

describe('the event log', () => {
  it('gives the events of one trace in their order', () => {
    const log = createEventLog()
    for (const [traceId, reason] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const)
      log.observer(event(traceId, reason))
    expect(log.eventsOf('a')).toEqual([event('a', '1'), event('a', '3')])
  })

  it('forgets the oldest trace first', () => {
    const log = createEventLog({ traces: 2 })
    for (const traceId of ['a', 'b', 'c']) log.observer(event(traceId, 'x'))
    expect(['a', 'b', 'c'].map((traceId) => log.eventsOf(traceId).length)).toEqual([0, 1, 1])
  })

  it('keeps so many events of a trace and no more', () => {
    const log = createEventLog({ eventsPerTrace: 3 })
    for (let count = 0; count < 10; count += 1) log.observer(event('a', String(count)))
    expect(log.eventsOf('a')).toHaveLength(3)
  })

  it('tells work that belongs to no request as a part of the trace that it was done in', async () => {
    const log = createEventLog()
    const trace = (digit: string): string => digit.repeat(32)
    await Promise.all(
      ['a', 'b'].map((digit) =>
        log.during(`00-${trace(digit)}-${'1'.repeat(16)}-01`, async () => {
          await Promise.resolve()
          log.observer(event(undefined, digit))
        }),
      ),
    )
    log.during('not a traceparent', () => log.observer(event(undefined, 'x')))
    log.during(undefined, () => log.observer(event(trace('a'), 'own')))
    expect(log.eventsOf(trace('a'))).toEqual([event(undefined, 'a'), event(trace('a'), 'own')])
    expect(log.eventsOf(trace('b'))).toEqual([event(undefined, 'b')])
  })

  it('tells the calls of a trace apart', async () => {
    const log = createEventLog()
    const traceId = 'a'.repeat(32)
    const spans = ['1', '2'].map((digit) => digit.repeat(16))
    await Promise.all(
      spans.map((span) =>
        log.during(`00-${traceId}-${span}-01`, async () => {
          await Promise.resolve()
          log.observer(event(traceId, span))
        }),
      ),
    )
    log.observer(event(traceId, 'of no call'))
    expect(log.eventsOf(traceId)).toHaveLength(3)
    for (const span of spans) expect(log.eventsOf(traceId, span)).toEqual([event(traceId, span)])
    expect(log.read(traceId, ['1', '2'])).toEqual({ events: log.eventsOf(traceId) })
  })

  it('keeps nothing that belongs to no request', () => {
    const log = createEventLog()
    log.observer(event(undefined, 'x'))
    expect(log.eventsOf('undefined')).toEqual([])
  })
})
