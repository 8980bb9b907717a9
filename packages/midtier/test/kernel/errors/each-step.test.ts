// Steps that are all tried: what is thrown of none, one and several failures.
import { describe, expect, it } from 'vitest'
import { TokenStoreError } from '../../../src/kernel/errors/errors.ts'
import { eachStep } from '../../../src/kernel/errors/each-step.ts'

const failing =
  (error: unknown): (() => unknown) =>
  () => {
    throw error
  }
const later = (error: Error) => (): Promise<never> => Promise.reject(error)
const ofStore = (message: string): TokenStoreError => new TokenStoreError(message)
const thrownBy = (...steps: readonly (() => unknown)[]): Promise<unknown> =>
  eachStep(...steps).then(
    () => 'nothing',
    (error: unknown) => error,
  )

describe('steps', () => {
  it('are done one after the other, each though an earlier one has failed', async () => {
    const done: number[] = []
    const step = (number: number) => async (): Promise<void> => {
      await Promise.resolve()
      done.push(number)
    }
    expect(
      await thrownBy(step(1), later(new Error('x')), step(2), failing(new Error('y')), step(3)),
    ).toBeInstanceOf(Error)
    expect(done).toEqual([1, 2, 3])
    expect(await thrownBy()).toBe('nothing')
    expect(await thrownBy(step(4), () => undefined)).toBe('nothing')
  })

  it('fail by the one failure there is, be it of the store or not', async () => {
    const [one, other] = [ofStore('get'), new Error('x')]
    expect(await thrownBy(failing(one), () => undefined)).toBe(one)
    expect(await thrownBy(() => undefined, later(other))).toBe(other)
  })

  it('fail by the first that is not of the store, where there is one', async () => {
    const other = new Error('x')
    expect(await thrownBy(failing(ofStore('get')), failing(other), failing(new Error('y')))).toBe(other)
    expect(await thrownBy(failing(other), failing(ofStore('get')))).toBe(other)
  })

  it('fail by one failure that tells all, each message once, where all are of the store', async () => {
    const all = [ofStore('get: down'), ofStore('set: down'), ofStore('get: down')]
    const thrown = await thrownBy(...all.map(failing))
    expect(thrown).toMatchObject({ code: 'token_store_failed', message: 'get: down; set: down' })
    expect(((thrown as Error).cause as AggregateError).errors).toHaveLength(3)
  })
})
