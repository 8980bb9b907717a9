// A store that does everything right, as two processes have it, and what is needed to put a fault into it.
import type { Slot, TokenStore } from '../../src/token-cache/store.ts'

/** Every operation that a store may have, but for what only real ones need. */
export type WholeStore = Required<Omit<TokenStore, 'faultGroup'>>

export interface Entry {
  readonly slot: Slot
  readonly text: string
  readonly endsAtMs: number
  readonly rank: number | undefined
}

/** As the cases call them. */
export type Process = 'store' | 'other'

/** What the processes share. */
export interface World {
  nowMs: number
  readonly entries: Map<string, Entry>
  readonly leases: Map<string, { readonly endsAtMs: number }>
  readonly listeners: Set<(message: string) => void>
}

export interface Fault {
  /** Ends the sentence "a store that …". */
  readonly name: string
  /** Whether the case that the fault stands beside is the one that finds it, and not one of several. */
  readonly isFoundByOneAlone: boolean
  /** For one store: what each of its processes does otherwise. */
  readonly begin: (world: World) => (whole: WholeStore, process: Process) => Partial<TokenStore>
}

/** Faults by the name of the case that finds them. */
export type FaultTable = Readonly<Record<string, readonly Fault[]>>

/** A fault that no other case finds. */
export const only = (name: string, begin: Fault['begin']): Fault => ({ name, isFoundByOneAlone: true, begin })

/** A fault that other cases find too. */
export const also = (name: string, begin: Fault['begin']): Fault => ({
  name,
  isFoundByOneAlone: false,
  begin,
})

export const nameOf = ({ partition, key }: Slot): string => JSON.stringify([partition, key])

/** What is in a slot now. */
export function entryAt(world: World, slot: Slot): Entry | undefined {
  const entry = world.entries.get(nameOf(slot))
  return entry !== undefined && entry.endsAtMs > world.nowMs ? entry : undefined
}

/** Lets whoever acts at the same time come between. */
export const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function createWorld(): World {
  return { nowMs: 1_800_000_000_000, entries: new Map(), leases: new Map(), listeners: new Set() }
}

export function connect(world: World): WholeStore {
  return { ...keeping(world), ...leasing(world), ...telling(world) }
}

function keeping(
  world: World,
): Pick<WholeStore, 'get' | 'set' | 'delete' | 'deletePartition' | 'setIfGreater'> {
  const write = (slot: Slot, text: string, ttlMs: number, rank?: number): void => {
    world.entries.set(nameOf(slot), { slot, text, endsAtMs: world.nowMs + ttlMs, rank })
  }
  return {
    get: async (slot) => entryAt(world, slot)?.text,
    set: async (slot, text, ttlMs) => write(slot, text, ttlMs),
    delete: async (slot) => void world.entries.delete(nameOf(slot)),
    async deletePartition(partition) {
      for (const [name, { slot }] of world.entries)
        if (slot.partition === partition) world.entries.delete(name)
    },
    async setIfGreater(slot, rank, text, ttlMs) {
      const standing = entryAt(world, slot)
      if (standing?.rank !== undefined && standing.rank >= rank) return standing.text
      write(slot, text, ttlMs, rank)
      return undefined
    },
  }
}

function leasing(world: World): Pick<WholeStore, 'lease'> {
  return {
    async lease(slot, ttlMs) {
      const name = nameOf(slot)
      if ((world.leases.get(name)?.endsAtMs ?? 0) > world.nowMs) return undefined
      const own = { endsAtMs: world.nowMs + ttlMs }
      world.leases.set(name, own)
      return {
        release: () => {
          if (world.leases.get(name) === own) world.leases.delete(name)
        },
      }
    },
  }
}

function telling(world: World): Pick<WholeStore, 'publish' | 'subscribe'> {
  return {
    async publish(message) {
      for (const listener of world.listeners) listener(message)
    },
    subscribe(listener, begun = () => undefined) {
      const own = (message: string): void => listener(message)
      const ready = aTurn().then(() => {
        world.listeners.add(own)
        begun()
      })
      return { ready, close: () => void world.listeners.delete(own) }
    },
  }
}
