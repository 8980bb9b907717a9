// What is handed to `next`, and what becomes of what `next` throws: no request gets through by it, and none waits for ever.
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { goOn, passOn } from '../../src/adapters/express/next.ts'
import { isOver } from '../../src/adapters/shared/node-exchange.ts'

const printed = vi.fn()

beforeEach(() => {
  printed.mockReset()
  vi.spyOn(console, 'error').mockImplementation(printed)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const createResponse = (writableEnded = false) => ({ writableEnded, destroyed: false, destroy: vi.fn() })

/** A `next` that throws the first of these at its first call, and so on; with what it was called with. */
function createNext(...thrown: readonly unknown[]) {
  const given: unknown[][] = []
  const next = (...args: unknown[]): void => {
    const failure = thrown[given.length]
    given.push(args)
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a handler throws may be anything
    if (failure !== undefined) throw failure
  }
  return { next, given }
}

describe('an error that is passed on', () => {
  it.each([[new Error('x')], ['text'], [7], [{}], ['routes']])('is handed over as it is: %s', (error) => {
    const { next, given } = createNext()
    passOn(error, createResponse(), next)
    expect(given).toEqual([[error]])
  })

  it.each([[undefined], [null], [false], [0], [''], ['route'], ['router']])(
    'becomes one where Express would let the request through: %j',
    (error) => {
      const { next, given } = createNext()
      passOn(error, createResponse(), next)
      expect(given).toEqual([[expect.any(Error)]])
      expect((given[0]![0] as Error).cause).toBe(error)
    },
  )

  it('that the last handler fails by is printed, and ends the connection', () => {
    const failure = new Error('of the handler')
    const response = createResponse()
    passOn(new Error('x'), response, createNext(failure).next)
    expect(printed.mock.calls).toEqual([['midtier: an error handler failed:', failure.stack]])
    expect(response.destroy).toHaveBeenCalledOnce()
  })

  it('is printed without what looks like a credential, and without its other members', () => {
    const thrown = Object.assign(new Error('sent Bearer s3cret-token to redis://me:hunter2@cache'), {
      request: { headers: { authorization: 'Bearer s3cret-token' } },
    })
    thrown.stack = `${String(thrown)}\n    at call (https://me:hunter2@host/eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.x:1:2)`
    passOn(new Error('x'), createResponse(), createNext(thrown).next)
    const text = JSON.stringify(printed.mock.calls)
    expect(text).toContain('Error: sent Bearer [redacted] to redis://[redacted]@cache')
    expect(text).toContain('at call (https://[redacted]@host/[redacted]:1:2)')
    expect(text).not.toMatch(/s3cret|hunter2|eyJ/)
  })

  it('is printed as an error though it is one of another realm', () => {
    passOn(new Error('x'), createResponse(), createNext(runInNewContext('new TypeError("far away")')).next)
    expect(printed.mock.calls).toEqual([
      ['midtier: an error handler failed:', expect.stringMatching(/^TypeError: far away\n +at /)],
    ])
  })

  it('is printed by its kind alone where it is no error, and leaves an ended answer alone', () => {
    const response = createResponse(true)
    passOn(new Error('x'), response, createNext('secret').next)
    expect(printed.mock.calls).toEqual([['midtier: an error handler failed:', 'string']])
    expect(response.destroy).not.toHaveBeenCalled()
  })
})

describe('a request that is let through', () => {
  it('goes on without an error', () => {
    const { next, given } = createNext()
    goOn(createResponse(), next)
    expect(given).toEqual([[]])
  })

  it('goes to the error handlers by what its handler throws, once', () => {
    const [first, second] = [new Error('of the handler'), new Error('of the error handler')]
    const { next, given } = createNext(first, second)
    const response = createResponse()
    goOn(response, next)
    expect(given).toEqual([[], [first]])
    expect(response.destroy).toHaveBeenCalledOnce()
  })
})

it.each([
  [false, false, false],
  [true, false, true],
  [false, true, true],
])(
  'an answer that has ended: %s, or whose client has gone: %s, is over: %s',
  (writableEnded, destroyed, over) => {
    expect(isOver({ writableEnded, destroyed })).toBe(over)
  },
)
