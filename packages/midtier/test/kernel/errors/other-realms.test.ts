import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { abortReason } from '../../../src/kernel/errors/abort-reason.ts'
import { isError, isPromise } from '../../../src/kernel/errors/other-realms.ts'
import { passOwnCheck } from '../../../src/protect/requirements/meet-requirements.ts'
import { createCaller, HandClock } from '../../acquire/scenario.ts'

const foreign = (expression: string): unknown => runInNewContext(expression)

describe('values of another realm', () => {
  it.each(['new Error("x")', 'new TypeError("x")', 'new (class Mine extends Error {})()'])(
    '%s is an error',
    (text) => {
      expect(foreign(text)).not.toBeInstanceOf(Error)
      expect(isError(foreign(text))).toBe(true)
    },
  )

  it('a DOMException is an error', () => {
    expect(isError(new DOMException('x', 'AbortError'))).toBe(true)
  })

  it.each([undefined, null, 'Error', { name: 'Error', message: 'x', stack: '' }, [], () => undefined])(
    '%j is no error and no promise',
    (value) => {
      expect(isError(value)).toBe(false)
      expect(isPromise(value)).toBe(false)
    },
  )

  it('a foreign promise is to be awaited, and so is what a query builder gives', () => {
    expect(isPromise(foreign('Promise.resolve(7)'))).toBe(true)
    expect(isPromise({ then: () => undefined })).toBe(true)
  })

  it("an API's own check may promise what another realm promises, or give what a query builder gives", async () => {
    const { principal } = createCaller(new HandClock())
    const ask = (answer: unknown): Promise<void> =>
      passOwnCheck(() => answer as boolean, principal, undefined)
    await expect(ask(foreign('Promise.resolve(true)'))).resolves.toBeUndefined()
    await expect(ask({ then: (next: (passed: boolean) => void) => next(true) })).resolves.toBeUndefined()
    await expect(ask(foreign('Promise.resolve(false)'))).rejects.toMatchObject({ reason: 'own_check' })
  })

  it('a signal keeps the reason that its owner gave', () => {
    const reason = foreign('new RangeError("enough")')
    expect(abortReason(AbortSignal.abort(reason))).toBe(reason)
  })
})

// Where `instanceof` is right: an error that the language throws in this very realm, a class that is to be told from a look-alike.
const allowed = [
  'adapters/shared/missing-caller.ts', // the engine's own TypeError, on the line above
  'adapters/express/next.ts',
  'sdk/graph-relay.ts', // errors that the Graph client rethrows, of its own realm
  'bin/', // a program of its own
  'kernel/crypto/crypto.web.ts', // platforms without Node, which have one realm
  'kernel/errors/other-realms.ts',
  'kernel/errors/safe-cause.ts',
]

it('nothing else asks a thrown or promised value for its class', () => {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url))
  const asking = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !allowed.some((start) => path.startsWith(start)))
    .filter((path) => /instanceof (Error|TypeError|Promise)\b/.test(readFileSync(`${src}${path}`, 'utf8')))
  expect(asking).toEqual([])
})
