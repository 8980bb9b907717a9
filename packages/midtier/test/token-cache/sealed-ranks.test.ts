// Ranks in a sealed store: what stands is believed by what is sealed in it, and never by what the store says of it.
import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ObserverEvent } from '../../src/kernel/observer.ts'
import { TokenStoreError } from '../../src/kernel/errors/errors.ts'
import type { SealedTokenStore, TokenStore } from '../../src/token-cache/store.ts'
import { alice, bob, createOpenStore, k1, k2, seal } from './open-store.ts'

type Standing = string | undefined

let standing: Standing[]
let deleted: number
let written: string[]
let store: SealedTokenStore
let events: readonly ObserverEvent[]
beforeEach(() => {
  ;[standing, deleted, written] = [[], 0, []]
  const open: TokenStore = {
    ...createOpenStore().store,
    delete: () => void (deleted += 1),
    setIfGreater: (_slot, _rank, text) => {
      written.push(text)
      return Promise.resolve(standing.shift())
    },
  }
  ;({ sealed: store, events } = seal(open))
})

const set = async (rank: number, text = 'ours', slot = alice): Promise<unknown> =>
  store.setIfGreater?.(slot, rank, text, 1000)

/** An envelope as one of us writes it. */
async function envelope(rank: number, text: string, slot = alice): Promise<string> {
  await set(rank, text, slot)
  return written.pop() ?? ''
}

const notOpened = (why: string): object => ({
  type: 'store_failed',
  operation: 'open',
  message: `An entry of the shared store was not opened: ${why}`,
})

describe('what is written with a rank', () => {
  it('stands where the store says so', async () => {
    expect(await set(5)).toBeUndefined()
    expect([written.length, deleted, events]).toEqual([1, 0, []])
  })

  it.each([5, 6])('gives way to what stands with a rank of %i', async (rank) => {
    standing = [await envelope(rank, 'theirs')]
    expect(await set(5)).toBe('theirs')
    expect([written.length, deleted, events]).toEqual([1, 0, []])
  })

  it.each([
    ['is of a lower rank', () => envelope(4, 'theirs'), 'of a lower rank than the store says'],
    ['is of another place', () => envelope(9, 'theirs', bob), 'altered or moved'],
    ['is not sealed', () => Promise.resolve('plain'), 'not sealed'],
  ])('removes what stands and %s, and is written once more', async (_, make, why) => {
    standing = [await make()]
    expect(await set(5)).toBeUndefined()
    expect([written.length, deleted]).toEqual([2, 1])
    expect(events).toEqual([notOpened(why)])
  })

  it('removes what was sealed without a rank', async () => {
    const { store: open, only } = createOpenStore()
    await seal(open).sealed.set(alice, 'theirs', 1000)
    standing = [only().text]
    expect(await set(0)).toBeUndefined()
    expect(events).toEqual([notOpened('of a lower rank than the store says')])
  })

  it('fails aloud where somebody puts it back again and again', async () => {
    standing = ['plain', 'plain', 'plain']
    const failing = set(5)
    await expect(failing).rejects.toThrow(TokenStoreError)
    await expect(failing).rejects.toThrow(
      'setIfGreater: what stands in the store was not written by one of us',
    )
    expect([written.length, deleted, events.length]).toEqual([2, 2, 2])
  })
})

describe('what is read of what was written with ranks', () => {
  const envelopes: Standing[] = []
  const readAll = async (...found: readonly Standing[]): Promise<unknown> => {
    envelopes.splice(0, envelopes.length, ...found)
    const ring = { current: 'k1', keys: { k1, k2, k3: randomBytes(32) } }
    const open: TokenStore = { ...createOpenStore().store, get: () => Promise.resolve(envelopes.shift()) }
    return seal(open, ring).sealed.get(alice)
  }

  it('is the greatest, under whichever key of the ring it stands', async () => {
    const [low, high] = [await envelope(4, 'low'), await envelope(9, 'high')]
    expect(await readAll(low, undefined, undefined)).toBe('low')
    expect(await readAll(low, high, undefined)).toBe('high')
    expect(await readAll(high, undefined, low)).toBe('high')
    expect(await readAll(undefined, await envelope(0, 'least'), undefined)).toBe('least')
    expect(await readAll(await envelope(0, 'first'), await envelope(0, 'second'), undefined)).toBe('first')
  })

  it('is nothing where nothing stands, or nothing that can be opened', async () => {
    expect(await readAll()).toBeUndefined()
    expect(await readAll('plain', await envelope(9, 'of bob', bob))).toBeUndefined()
  })
})
