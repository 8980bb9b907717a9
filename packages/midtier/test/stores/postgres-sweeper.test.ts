// A quiet API sweeps too: rows that have expired go although nobody writes.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSweeper } from '../../src/stores/postgres-sweeper.ts'
import { type PostgresPool, postgresStore } from '../../src/stores/postgres.ts'

const longestPauseMs = 600_000
const slot = { partition: 'p', key: 'k' }

/** A pool that answers with so many swept rows, and notes what it is asked. */
function createPool() {
  const texts: string[] = []
  const state = { swept: 0, isClosed: false }
  const pool: PostgresPool = {
    async query(text) {
      texts.push(text)
      if (state.isClosed) throw new Error('Cannot use a pool after calling end on the pool')
      return { rows: text.includes('SKIP LOCKED') ? Array.from({ length: state.swept }, () => ({})) : [] }
    },
    connect: () => Promise.reject(new Error('nobody listens here')),
  }
  return { pool, state, sweeps: () => texts.filter((text) => text.includes('SKIP LOCKED')).length }
}

describe('a PostgreSQL store', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('that is only read sweeps now and then', async () => {
    const { pool, sweeps } = createPool()
    await postgresStore(pool).get(slot)
    expect(sweeps()).toBe(0)
    await vi.advanceTimersByTimeAsync(longestPauseMs)
    expect(sweeps()).toBe(1)
    await vi.advanceTimersByTimeAsync(10 * longestPauseMs)
    expect(sweeps()).toBeGreaterThanOrEqual(11)
    expect(sweeps()).toBeLessThanOrEqual(21)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('sweeps again soon where there is more than one sweep removes', async () => {
    const { pool, state, sweeps } = createPool()
    state.swept = 500
    await postgresStore(pool).get(slot)
    await vi.advanceTimersByTimeAsync(longestPauseMs + 10_000)
    expect(sweeps()).toBeGreaterThanOrEqual(5)
  })

  it('ends sweeping with its pool, and begins again when it is used', async () => {
    const { pool, state, sweeps } = createPool()
    const store = postgresStore(pool)
    await store.get(slot)
    state.isClosed = true
    await vi.advanceTimersByTimeAsync(longestPauseMs)
    expect([sweeps(), vi.getTimerCount()]).toEqual([1, 0])
    state.isClosed = false
    await store.get(slot)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('that nobody uses has no timer', () => {
    postgresStore(createPool().pool)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a sweeper', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('looks after five minutes at the earliest, after a second where there is more, and has one timer', async () => {
    vi.useFakeTimers()
    let [looks, isMore] = [0, true]
    const sweeper = createSweeper(
      () => {
        looks += 1
        return Promise.resolve(isMore)
      },
      () => 0,
    )
    sweeper.used()
    sweeper.used()
    expect(vi.getTimerCount()).toBe(1)
    const after = async (ms: number): Promise<number> => (await vi.advanceTimersByTimeAsync(ms), looks)
    expect([await after(299_999), await after(1)]).toEqual([0, 1])
    isMore = false
    expect([await after(999), await after(1)]).toEqual([1, 2])
    expect([await after(299_999), await after(1)]).toEqual([2, 3])
  })

  it('looks after up to twice as long by chance', async () => {
    vi.useFakeTimers()
    let looks = 0
    createSweeper(
      () => Promise.resolve(++looks < 0),
      () => 0.5,
    ).used()
    await vi.advanceTimersByTimeAsync(449_999)
    expect(looks).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(looks).toBe(1)
  })
})

describe('a pool of one connection', () => {
  it('is refused at once, since listening takes it, and the fix is named', () => {
    const { pool } = createPool()
    expect(() => postgresStore({ ...pool, options: { max: 1 } })).toThrow(/^pool: .*max: 2 or more/)
    expect(() => postgresStore({ ...pool, options: { max: 2 } })).not.toThrow()
  })
})
