// Who is told of an event, in which order, and that nobody who listens can break what is listened to.
import { describe, expect, it } from 'vitest'
import { both, createCallContext, type ObservedEvent, type ObserverEvent } from '../../src/kernel/observer.ts'
import { guarded } from '../../src/kernel/telemetry.ts'

const event = (): ObserverEvent => ({ type: 'authority_recovered', tenantId: 't' })

describe('the context of a call', () => {
  it('tells the log first, then the observer, when and for which request', () => {
    const told: unknown[] = []
    const observer = (observed: ObservedEvent): void => void told.push({ ...observed })
    const { observe, quiet, traceId } = createCallContext(
      observer,
      () => 7,
      'trace',
      () => void told.push('log'),
    )
    observe(event())
    expect(told).toEqual(['log', { type: 'authority_recovered', tenantId: 't', atMs: 7, traceId: 'trace' }])
    expect([quiet, traceId]).toEqual([undefined, 'trace'])
  })

  it('is quiet without an observer, and tells the log all the same', () => {
    const told: unknown[] = []
    const { observe, quiet, traceId } = createCallContext(
      undefined,
      () => 7,
      'trace',
      (heard) => void told.push(heard),
    )
    observe(event())
    expect(told).toEqual([event()])
    expect([quiet, traceId]).toEqual([true, 'trace'])
    createCallContext(undefined, () => 7, undefined).observe(event())
  })

  it('does not fail by an observer that does', () => {
    const fails = (): never => {
      throw new Error('a bug of its owner')
    }
    expect(() => {
      createCallContext(fails, () => 7, undefined).observe(event())
    }).not.toThrow()
  })
})

it('two observers are told both, though the first one throws', () => {
  const told: string[] = []
  const first = (): never => {
    told.push('first')
    throw new Error('a bug of its owner')
  }
  expect(() => both(first, () => void told.push('second'))(event() as ObservedEvent)).toThrow('a bug')
  expect(told).toEqual(['first', 'second'])
})

describe('telemetry that is guarded', () => {
  const fails = (): never => {
    throw new Error('telemetry')
  }
  const quiet = { observe: () => undefined, activeTraceId: () => undefined }

  it.each<[string, (span: string, work: () => unknown) => unknown]>([
    ['runs the work', (_, work) => work()],
    ['runs it twice', (_, work) => [work(), work()]],
    ['does not run it', () => undefined],
    ['throws before', fails],
    [
      'throws after',
      (_, work) => {
        work()
        throw new Error('telemetry')
      },
    ],
    ['gives something else', (_, work) => void work()],
    ['gives a promise of something else', async (_, work) => Promise.reject(new Error(String(work())))],
  ])('has the work done once, and gives what it gave, where it %s', (_what, within) => {
    let times = 0
    const { within: follow } = guarded({ ...quiet, within: within as never })
    expect(follow('acquire', () => (times += 1))).toBe(1)
    expect(times).toBe(1)
    expect(() =>
      follow('acquire', (): never => {
        throw new Error('work')
      }),
    ).toThrow('work')
  })

  it('has a trace id that is one, or none', () => {
    const traceOf = (activeTraceId: () => unknown): string | undefined =>
      guarded({ ...quiet, within: fails, activeTraceId: activeTraceId as never }).activeTraceId()
    expect(traceOf(() => 'a'.repeat(32))).toBe('a'.repeat(32))
    for (const other of ['a'.repeat(31), 'a'.repeat(33), 'A'.repeat(32), undefined, 7, ['a'.repeat(32)]])
      expect(traceOf(() => other)).toBeUndefined()
    expect(traceOf(fails)).toBeUndefined()
  })
})
