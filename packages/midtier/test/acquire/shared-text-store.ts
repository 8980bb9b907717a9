// A store that several processes share, with leases and messages; it says that it seals, since a test looks at the text.
import { MemoryStore } from '../../src/token-cache/memory-store.ts'
import type { SealedTokenStore, Slot } from '../../src/token-cache/store.ts'
import type { HandClock } from './scenario.ts'

/** The store, and what a test can do to it. */
export interface SharedTextStore {
  readonly store: Required<SealedTokenStore>
  readonly memory: MemoryStore<string>
  /** Operations in the order in which they came. */
  readonly operations: string[]
  readonly messages: string[]
  /** Slots in the order in which they were written. */
  readonly written: Slot[]
  readonly listeners: Set<(message: string) => void>
  /** What is done before every operation; a test lets it throw or wait. */
  before: (operation: string) => void | Promise<void>
}

export function createSharedTextStore(clock: HandClock): SharedTextStore {
  const memory = new MemoryStore<string>({ clock, sizeOf: (text) => text.length })
  const leases = new Map<string, { readonly endsAtMs: number }>()
  const listeners = new Set<(message: string) => void>()
  const shared: SharedTextStore = {
    memory,
    operations: [],
    messages: [],
    written: [],
    listeners,
    before: () => undefined,
    store: {
      sealed: true,
      get: (slot) => act('get', () => memory.get(slot)),
      set: (slot, text, ttlMs) =>
        act('set', () => {
          shared.written.push(slot)
          memory.set(slot, text, ttlMs)
        }),
      delete: (slot) => act('delete', () => memory.delete(slot)),
      deletePartition: (partition) => act('deletePartition', () => memory.deletePartition(partition)),
      lease: (slot, ttlMs) => act('lease', () => takeLease(slot, ttlMs)),
      publish: (message) =>
        act('publish', () => {
          shared.messages.push(message)
          for (const listener of listeners) listener(message)
        }),
      subscribe: (listener) => {
        listeners.add(listener)
        return { ready: Promise.resolve(), close: () => void listeners.delete(listener) }
      },
    },
  }
  return shared

  async function act<Value>(operation: string, work: () => Value): Promise<Value> {
    shared.operations.push(operation)
    await shared.before(operation)
    return work()
  }

  function takeLease({ partition, key }: Slot, ttlMs: number) {
    const name = `${partition}.${key}`
    if ((leases.get(name)?.endsAtMs ?? 0) > clock.ms) return undefined
    const lease = { endsAtMs: clock.ms + ttlMs }
    leases.set(name, lease)
    return {
      release: () => {
        if (leases.get(name) === lease) leases.delete(name)
      },
    }
  }
}
