// Where failures are written: a logger that can write lines, the console, or nowhere.
import { describe, expect, it } from 'vitest'
import { consoleLogger, type Logger } from '../../src/kernel/log/logger.ts'
import { resolveLogger } from '../../src/settings/logger.ts'

const nothing = (): void => undefined

describe('a logger', () => {
  it('is the console where none is handed in, and where the console itself is', () => {
    expect(resolveLogger(undefined)).toBe(consoleLogger)
    expect(resolveLogger(console as unknown as Logger)).toBe(consoleLogger)
  })

  it('is nobody when it is switched off', () => {
    expect(resolveLogger(false)).toBeUndefined()
  })

  it('is what can write errors and warnings', () => {
    const logger: Logger = { error: nothing, warn: nothing }
    expect(resolveLogger(logger)).toBe(logger)
  })

  it.each([
    [{ error: nothing }],
    [{ warn: nothing }],
    [{ error: nothing, warn: 'x' }],
    [null],
    [nothing],
    [true],
  ])('is not %j', (given) => {
    expect(() => resolveLogger(given as unknown as Logger)).toThrow(/^logger: has to have the methods/)
  })
})
