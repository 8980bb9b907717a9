// A store that a test can look into and write to past the sealing, as somebody can who has the database.
import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { ObserverEvent } from '../../src/kernel/observer.ts'
import type { KeyRingOptions } from '../../src/token-cache/key-ring.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { SealedTokenStore, Slot, TokenStore } from '../../src/token-cache/store.ts'

export const k1 = randomBytes(32)
export const k2 = randomBytes(32)
export const onlyK1: KeyRingOptions = { current: 'k1', keys: { k1 } }
export const token = 'eyJ0eXAiOiJKV1QifQ.eyJvaWQiOiJhIn0.c2lnbmF0dXJl'
export const alice: Slot = { partition: 'oid-alice.tid-contoso', key: 'graph of alice' }
export const bob: Slot = { partition: 'oid-bob.tid-contoso', key: 'graph of bob' }

/** A store whose content a test can see and change, as somebody who can write to the database. */
interface OpenStore {
  readonly store: TokenStore
  readonly entries: Map<string, { slot: Slot; text: string }>
  readonly reads: Slot[]
  readonly published: string[]
  /** Writes past the sealing. */
  readonly put: (slot: Slot, text: string) => void
  /** The one entry there is. */
  readonly only: () => { slot: Slot; text: string }
}

export function createOpenStore(): OpenStore {
  const entries = new Map<string, { slot: Slot; text: string }>()
  const reads: Slot[] = []
  const listeners: ((message: string) => void)[] = []
  const published: string[] = []
  const name = ({ partition, key }: Slot): string => JSON.stringify([partition, key])
  const put = (slot: Slot, text: string): void => void entries.set(name(slot), { slot, text })
  const store: TokenStore = {
    get: (slot) => {
      reads.push(slot)
      return entries.get(name(slot))?.text
    },
    set: put,
    delete: (slot) => void entries.delete(name(slot)),
    deletePartition: (partition) => {
      for (const [id, { slot }] of entries) if (slot.partition === partition) entries.delete(id)
    },
    publish: (message) => {
      published.push(message)
      for (const listener of listeners) listener(message)
    },
    subscribe: (listener) => {
      listeners.push(listener)
      return { ready: Promise.resolve(), close: () => undefined }
    },
  }
  const only = (): { slot: Slot; text: string } => {
    expect(entries.size).toBe(1)
    return [...entries.values()][0]!
  }
  return { store, entries, reads, published, put, only }
}

export function seal(store: TokenStore, ring: KeyRingOptions = onlyK1) {
  const events: ObserverEvent[] = []
  return { events, sealed: sealed(store, ring, { observe: (event) => void events.push(event) }) }
}

export async function get(store: SealedTokenStore, slot: Slot): Promise<string | undefined> {
  return store.get(slot)
}
