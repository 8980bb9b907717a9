// Code of the application that fails: what is told of it, and what is not.
import { describe, expect, it } from 'vitest'
import { runWithin, unusable } from '../../src/client-auth/credential-error.ts'
import { AuthorityUnavailableError, ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { failureOf } from './application.ts'

const failing = (error: unknown): Promise<unknown> =>
  failureOf(
    runWithin('signing', 60_000, () => {
      throw error
    }),
  )

describe('code of the application', () => {
  it('gives what it gives, at once or later', async () => {
    expect(await runWithin('signing', 60_000, () => 7)).toBe(7)
    expect(await runWithin('signing', 60_000, async () => Promise.resolve(8))).toBe(8)
  })

  it.each([
    [new TypeError('Bearer hunter2'), 'signing failed (TypeError)'],
    [Object.assign(new Error('hunter2'), { code: 'ECONNREFUSED' }), 'signing failed (Error, ECONNREFUSED)'],
    [Object.assign(new Error('hunter2'), { code: 503 }), 'signing failed (Error)'],
    [Object.assign(new Error('hunter2'), { code: 'hunter 2' }), 'signing failed (Error)'],
    [Object.assign(new Error('hunter2'), { name: 'N'.repeat(40) }), `signing failed (${'N'.repeat(40)})`],
    [Object.assign(new Error('hunter2'), { name: 'N'.repeat(41) }), 'signing failed'],
    ['hunter2', 'signing failed'],
    [undefined, 'signing failed'],
    [{ name: 'hunter2', code: 'hunter2' }, 'signing failed'],
  ])('that throws %o is an outage that tells its name and code alone', async (thrown, message) => {
    const failure = await failing(thrown)
    expect(failure).toBeInstanceOf(AuthorityUnavailableError)
    expect(failure).toMatchObject({ message, retryAfterSeconds: 5 })
    expect((failure as Error).cause).toBeUndefined()
  })

  it('may throw an error of this library, which goes on as it is', async () => {
    const error = unusable('the file is gone')
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option: 'clientCredential' })
    expect(await failing(error)).toBe(error)
  })

  it('that takes too long is told to stop, and is an outage', async () => {
    let told: AbortSignal | undefined
    const failure = await failureOf(
      runWithin('signing', 1, (signal) => {
        told = signal
        return new Promise(() => undefined)
      }),
    )
    expect(failure).toBeInstanceOf(AuthorityUnavailableError)
    expect(failure).toMatchObject({ message: 'signing took longer than 1 ms', retryAfterSeconds: 5 })
    expect(told?.aborted).toBe(true)
  })
})
