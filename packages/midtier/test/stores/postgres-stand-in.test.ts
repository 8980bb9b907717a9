// What a PostgreSQL store asks of its pool, and how it takes what the pool answers: a pool in the hands of a test.
import { describe, expect, it } from 'vitest'
import { postgresStore } from '../../src/stores/postgres.ts'

const slot = { partition: 'p', key: 'k' }

type Reply = (word: string, earlier: number) => readonly object[]

/** What a statement does, in a word. */
function wordOf(text: string): string {
  if (text.includes('SKIP LOCKED')) return 'sweep'
  return text.includes('CREATE TABLE') ? 'create' : (text.trim().split(/\s/)[0] ?? '')
}

/** A pool that notes what it is asked. */
function createStandIn(reply: Reply = () => []) {
  const asked: string[] = []
  const values: (readonly unknown[])[] = []
  const pool = {
    query: async (text: string, given: unknown[] = []) => {
      const word = wordOf(text)
      const earlier = asked.filter((each) => each === word).length
      asked.push(word)
      values.push(given)
      return Promise.resolve({ rows: reply(word, earlier) })
    },
    connect: () => Promise.reject(new Error('nobody listens here')),
  }
  const count = (word: string): number => asked.filter((each) => each === word).length
  return { asked, values, count, store: postgresStore(pool) }
}

describe('a PostgreSQL store', () => {
  it('sweeps with its first write and with every sixteenth after that', async () => {
    const { store, count } = createStandIn()
    const sweeps: number[] = []
    for (let write = 1; write <= 33; write += 1) {
      await store.set(slot, 'v', 60_000)
      sweeps.push(count('sweep'))
    }
    expect([sweeps[0], sweeps[15], sweeps[16], sweeps[31], sweeps[32]]).toEqual([1, 1, 2, 2, 3])
  })

  it.each([
    [0.9, 'DELETE'],
    [-1, 'DELETE'],
    [1, 'INSERT'],
  ])('keeps an entry from one millisecond on: %d is a %s', async (ttlMs, word) => {
    const { store, asked } = createStandIn()
    await store.set(slot, 'v', ttlMs)
    expect(asked[0]).toBe(word)
  })

  it('gives a lease, and what is ranked, one millisecond at least, and whole ones', async () => {
    const { store, values } = createStandIn(() => [{}])
    await store.lease(slot, 0.5)
    await store.lease(slot, 2.5)
    await store.setIfGreater(slot, 7, 'v', 0.5)
    await store.set(slot, 'v', 2.5)
    expect(values.slice(0, 4).map((given) => given[3])).toEqual([1, 2, 1, 2])
    expect(values[2]![4]).toBe(7)
  })

  it('gives up comparing with what comes and goes, after three tries', async () => {
    const { store, count } = createStandIn()
    await expect(Promise.resolve(store.setIfGreater(slot, 1, 'v', 1000))).rejects.toMatchObject({
      code: 'token_store_failed',
    })
    expect([count('INSERT'), count('SELECT')]).toEqual([3, 3])
  })

  it('compares once more where what stood has gone meanwhile', async () => {
    const { store } = createStandIn((word, earlier) => (word === 'INSERT' && earlier === 1 ? [{}] : []))
    expect(await store.setIfGreater(slot, 1, 'v', 1000)).toBeUndefined()
  })

  it.each([[{ value: 'text' }], [{ value: null }], [{}]])('refuses %j as an entry', async (row) => {
    const { store } = createStandIn(() => [row])
    await expect(Promise.resolve(store.get(slot))).rejects.toMatchObject({ code: 'token_store_failed' })
  })

  it.each([
    ['42P01', ['SELECT', 'create', 'SELECT']],
    ['42703', ['SELECT', 'create', 'SELECT']],
    ['42501', ['SELECT']],
    [undefined, ['SELECT']],
  ])('creates what a statement misses, and nothing after another refusal: %s', async (code, wanted) => {
    const { store, asked } = createStandIn((_word, earlier) => {
      if (asked.length === 1 && earlier === 0) throw Object.assign(new Error('refused'), { code })
      return []
    })
    const read = Promise.resolve(store.get(slot))
    if (wanted.length === 1) await expect(read).rejects.toThrow('refused')
    else expect(await read).toBeUndefined()
    expect(asked).toEqual(wanted)
  })
})
