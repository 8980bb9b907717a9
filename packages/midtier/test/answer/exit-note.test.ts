// What an error carries out of the library, and what a copy of it has.
import { describe, expect, it, vi } from 'vitest'
import { answer } from '../../src/answer/answer.ts'
import { addExitNote, copyError, exitNoteOf, orLeave } from '../../src/answer/exit-note.ts'
import {
  AcquisitionError,
  AuthorityUnavailableError,
  ConfigurationError,
  isMidtierError,
} from '../../src/index.ts'

const mark = Symbol.for('midtier.exit')
const note = { traceId: 'a'.repeat(32), answered: () => undefined }

describe('the note of an error', () => {
  it('is found, and printed by nobody', () => {
    const error = addExitNote(new Error('x'), note)
    expect(exitNoteOf(error)).toBe(note)
    expect([Object.keys(error), JSON.stringify(error)]).toEqual([[], '{}'])
  })

  it.each([undefined, null, 7, {}, { answered: 'no' }, () => undefined])('is none when it is %j', (other) => {
    expect(exitNoteOf(Object.defineProperty(new Error('x'), mark, { value: other }))).toBeUndefined()
  })

  it.each([undefined, null, 'text', new Error('x')])('is none of %s, which has not left', (error) => {
    expect(exitNoteOf(error)).toBeUndefined()
  })
})

describe('an error that has not left', () => {
  it('is told on the console when it is answered as the owner’s, and not otherwise', () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue()
    expect(answer(new ConfigurationError('clientId', 'is no GUID'), 'a'.repeat(32))?.status).toBe(500)
    expect(printed.mock.calls.flat().join()).toMatch(
      /^midtier: 500 configuration_invalid: clientId: is no GUID/,
    )
    printed.mockClear()
    expect(answer(new AcquisitionError('app_only_caller', 'An application'))?.status).toBe(403)
    expect(answer(new Error('of somebody else'))).toBeUndefined()
    expect(printed).not.toHaveBeenCalled()
    printed.mockRestore()
  })
})

describe('a copy of an error', () => {
  const original = new AuthorityUnavailableError('down', 7, { cause: new Error('why'), remedy: 'mend it' })
  Object.assign(original, { extra: 1 })

  it('is of the same kind, with the same members and the same stack', () => {
    const copy = copyError(original)
    expect(copy).not.toBe(original)
    expect(isMidtierError(copy)).toBe(true)
    expect(copy).toBeInstanceOf(AuthorityUnavailableError)
    expect(Object.entries(copy)).toEqual(Object.entries(original))
    expect([copy.message, copy.cause, copy.stack]).toEqual([original.message, original.cause, original.stack])
    expect(copy.toJSON()).toEqual(original.toJSON())
    expect(Object.keys(copy)).toEqual(Object.keys(original))
  })

  it('has its stack written out only if somebody looks', () => {
    const before: unknown = Reflect.get(Error, 'prepareStackTrace')
    let written = 0
    Object.assign(Error, { prepareStackTrace: () => `written ${++written}` })
    try {
      const copy = copyError(new Error('x'))
      expect(written).toBe(0)
      expect(copy.stack).toMatch(/^written/)
    } finally {
      Object.assign(Error, { prepareStackTrace: before })
    }
  })
})

describe('work for the application', () => {
  const leave = (error: unknown): unknown => ['left', error]

  it.each<[string, () => unknown]>([
    [
      'at once',
      () => {
        throw new Error('x')
      },
    ],
    ['later', () => Promise.reject(new Error('x'))],
  ])('leaves by what it throws %s', async (_when, work) => {
    await expect(orLeave(work, leave)).rejects.toEqual(['left', new Error('x')])
  })

  it('gives what it gives', async () => {
    expect(await orLeave(() => 1, leave)).toBe(1)
    expect(await orLeave(() => Promise.resolve(2), leave)).toBe(2)
  })
})
