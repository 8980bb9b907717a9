// A store that several processes share, with leases and messages; it says that it seals, since a test looks at the text.
import { MemoryStore } from '../../src/token-cache/memory-store.ts'
import type { SealedTokenStore, Slot } from '../../src/token-cache/store.ts'
import type { HandClock } from './scenario.ts'
import { memoryBounds } from './limits.ts'

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
  /** Messages begin to arrive, once more. */
  begin(): void
  /** What is done before every operation; a test lets it throw or wait. */
  before: (operation: string) => void | Promise<void>
}

export function createSharedTextStore(clock: HandClock): SharedTextStore {
  const ranks = new Map<string, { readonly rank: number; readonly text: string }>()
  const memory = new MemoryStore<string>({ clock, sizeOf: (text) => text.length, ...memoryBounds })
  const leases = new Map<string, { readonly endsAtMs: number }>()
  const listeners = new Set<(message: string) => void>()
  const beginnings = new Set<() => void>()
  const shared: SharedTextStore = {
    memory,
    operations: [],
    messages: [],
    written: [],
    listeners,
    begin: () => {
      for (const begun of beginnings) begun()
    },
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
      setIfGreater: (slot, rank, text, ttlMs) =>
        act('setIfGreater', () => {
          const name = `${slot.partition}.${slot.key}`
          const standing = memory.get(slot)
          const ranked = ranks.get(name)
          if (standing !== undefined && ranked?.text === standing && ranked.rank >= rank) return standing
          ranks.set(name, { rank, text })
          shared.written.push(slot)
          memory.set(slot, text, ttlMs)
          return undefined
        }),
      subscribe: (listener, begun = () => undefined) => {
        listeners.add(listener)
        beginnings.add(begun)
        begun()
        return {
          ready: Promise.resolve(),
          close: () => {
            listeners.delete(listener)
            beginnings.delete(begun)
          },
        }
      },
      faultGroup: () => '',
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
