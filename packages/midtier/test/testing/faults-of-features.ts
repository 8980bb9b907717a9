// Faults in leases, messages and ranks, each beside the conformance case that finds it.
import type { Slot } from '../../src/token-cache/store.ts'
import {
  also,
  aTurn,
  entryAt,
  type Fault,
  type FaultTable,
  nameOf,
  only,
  type Process,
} from './working-store.ts'

export const faultsOfLeases: FaultTable = {
  'gives a lease to one process at a time': [
    only('never takes a lease back', () => (whole) => ({
      lease: async (slot, ttlMs) =>
        (await whole.lease(slot, ttlMs)) ? { release: () => undefined } : undefined,
    })),
    only('has one lease for a whole partition', () => (whole) => ({
      lease: ({ partition }, ttlMs) => whole.lease({ partition, key: '' }, ttlMs),
    })),
    also('has leases within a process', () => (whole, process) => ({
      lease: ({ partition, key }, ttlMs) => whole.lease({ partition, key: `${process} ${key}` }, ttlMs),
    })),
    also('gives a lease once more to its holder', () => {
      const holders = new Map<string, string>()
      return (whole, process) => ({
        lease: async (slot, ttlMs) => {
          const name = nameOf(slot)
          const lease = await whole.lease(slot, ttlMs)
          if (lease !== undefined) holders.set(name, process)
          return lease ?? (holders.get(name) === process ? { release: () => undefined } : undefined)
        },
      })
    }),
    also('gives nobody a lease', () => () => ({ lease: () => undefined })),
  ],
  'gives one lease to many who ask at the same time': [
    only('looks for a lease and then writes one', (world) => (whole) => ({
      lease: async (slot, ttlMs) => {
        const isTaken = (world.leases.get(nameOf(slot))?.endsAtMs ?? 0) > world.nowMs
        await aTurn()
        if (isTaken) return undefined
        world.leases.delete(nameOf(slot))
        return whole.lease(slot, ttlMs)
      },
    })),
    only('gives no lease when many ask', () => {
      const asking = new Map<string, number>()
      return (whole) => ({
        lease: async (slot, ttlMs) => {
          const name = nameOf(slot)
          asking.set(name, (asking.get(name) ?? 0) + 1)
          await aTurn()
          const many = (asking.get(name) ?? 0) > 2
          await aTurn()
          asking.delete(name)
          return many ? undefined : whole.lease(slot, ttlMs)
        },
      })
    }),
  ],
  'ends a lease by itself, and then its former holder cannot release it': [
    only('never ends a lease', () => (whole) => ({ lease: (slot) => whole.lease(slot, Infinity) })),
    only('releases whoever holds the lease', (world) => (whole) => ({
      lease: async (slot, ttlMs) => {
        const lease = await whole.lease(slot, ttlMs)
        return lease && { release: () => void world.leases.delete(nameOf(slot)) }
      },
    })),
  ],
  'keeps leases and values apart': [
    only('keeps a lease where values are', () => (whole) => ({
      lease: async (slot, ttlMs) => {
        const lease = await whole.lease(slot, ttlMs)
        if (lease !== undefined) await whole.set(slot, 'lease', ttlMs)
        return lease
      },
    })),
    only('deletes the lease with the value', (world) => (whole) => ({
      delete: (slot) => {
        world.leases.delete(nameOf(slot))
        return whole.delete(slot)
      },
    })),
    only('deletes the lease for a value', (world) => (whole) => ({
      set: (slot, text, ttlMs) => {
        world.leases.delete(nameOf(slot))
        return whole.set(slot, text, ttlMs)
      },
    })),
  ],
}

/** Publishes another message than it was given, or none. */
const publishing = (change: (message: string) => string): Fault['begin'] => {
  return () => (whole) => ({ publish: (message) => whole.publish(change(message)) })
}

export const faultsOfMessages: FaultTable = {
  'says that messages begin to arrive before it is ready': [
    only('never says that messages begin', () => (whole) => ({
      subscribe: (listener) => whole.subscribe(listener),
    })),
    only('says that messages begin when it is ready already', () => (whole) => ({
      subscribe: (listener, begun) => {
        const own = whole.subscribe(listener)
        void own.ready.then(aTurn).then(begun)
        return own
      },
    })),
  ],
  'tells everybody in one process, whoever of them came first or has gone': [
    only('counts a subscription that is closed twice as two', () => {
      let open = 0
      const all: (() => unknown)[] = []
      return (whole) => ({
        subscribe: (listener, begun) => {
          open += 1
          const own = whole.subscribe(listener, begun)
          all.push(() => own.close())
          return {
            ready: own.ready,
            close: async () => {
              await own.close()
              open -= 1
              if (open === 0) for (const each of all.splice(0)) await each()
            },
          }
        },
      })
    }),
    only('hears nothing any more when the last has gone', () => {
      let open = 0
      let hasEnded = false
      return (whole) => ({
        subscribe: (listener, begun) => {
          if (hasEnded) return { ready: Promise.resolve(), close: () => undefined }
          open += 1
          let isOpen = true
          const own = whole.subscribe(listener, begun)
          return {
            ready: own.ready,
            close: async () => {
              await own.close()
              if (isOpen) open -= 1
              isOpen = false
              hasEnded = open === 0
            },
          }
        },
      })
    }),
    only('cannot close twice', () => (whole) => ({
      subscribe: (listener, begun) => {
        const own = whole.subscribe(listener, begun)
        let isOpen = true
        return {
          ready: own.ready,
          close: () => {
            if (!isOpen) throw new Error('Expected an open subscription')
            isOpen = false
            return own.close()
          },
        }
      },
    })),
  ],
  'tells every process what is published': [
    only('tells nobody in the process that publishes', () => {
      let publisher: string | undefined
      return (whole, process) => ({
        subscribe: (listener, begun) =>
          whole.subscribe((message) => {
            if (publisher !== process) listener(message)
          }, begun),
        publish: (message) => {
          publisher = process
          return whole.publish(message)
        },
      })
    }),
    only(
      'writes messages in ASCII',
      publishing((message) => message.replace(/[^\0-\x7f]/g, '?')),
    ),
  ],
  'carries a message of 4 096 characters': [
    only(
      'cuts messages at 4 095 characters',
      publishing((message) => message.slice(0, 4095)),
    ),
  ],
  'tells nothing to who has closed the subscription': [
    only('tells who has closed all the same', () => (whole) => ({
      subscribe: (listener, begun) => ({
        ready: whole.subscribe(listener, begun).ready,
        close: () => undefined,
      }),
    })),
  ],
}

const compare = (isGreater: (rank: number, standing: number) => boolean): Fault['begin'] => {
  return (world) => (whole) => ({
    setIfGreater: async (slot, rank, text, ttlMs) => {
      const standing = entryAt(world, slot)
      if (standing?.rank !== undefined && !isGreater(rank, standing.rank)) return standing.text
      await whole.delete(slot)
      return whole.setIfGreater(slot, rank, text, ttlMs)
    },
  })
}

/** Has ranks beside the values, which somebody forgets to delete. */
const remembering = (forgetting: 'set' | 'delete' | 'deletePartition' | 'time'): Fault['begin'] => {
  return (world) => {
    const left = new Map<string, { readonly rank: number; readonly text: string }>()
    const leave = (slot: Slot): void => {
      const entry = world.entries.get(nameOf(slot))
      if (entry?.rank !== undefined) left.set(nameOf(slot), { rank: entry.rank, text: entry.text })
    }
    return (whole) => ({
      set: (slot, text, ttlMs) => {
        if (forgetting === 'set') leave(slot)
        return whole.set(slot, text, ttlMs)
      },
      delete: (slot) => {
        if (forgetting === 'delete') leave(slot)
        return whole.delete(slot)
      },
      deletePartition: (partition) => {
        for (const { slot } of world.entries.values())
          if (forgetting === 'deletePartition' && slot.partition === partition) leave(slot)
        return whole.deletePartition(partition)
      },
      setIfGreater: (slot, rank, text, ttlMs) => {
        if (forgetting === 'time' && entryAt(world, slot) === undefined) leave(slot)
        const standing = left.get(nameOf(slot))
        if (standing !== undefined && standing.rank >= rank) return standing.text
        return whole.setIfGreater(slot, rank, text, ttlMs)
      },
    })
  }
}

export const faultsOfRanks: FaultTable = {
  'writes what has a greater rank, and gives back what stands otherwise': [
    only(
      'writes what has an equal rank',
      compare((rank, standing) => rank >= standing),
    ),
    only(
      'keeps ranks in 32 bits',
      compare(
        (rank, standing) =>
          Math.fround(rank) > Math.fround(standing) || (rank > 2 ** 40 && standing > 2 ** 40),
      ),
    ),
    also('gives back what stands, and writes all the same', (world) => (whole) => ({
      setIfGreater: async (slot, rank, text, ttlMs) => {
        const standing = await whole.setIfGreater(slot, rank, text, ttlMs)
        const entry = entryAt(world, slot)
        if (standing !== undefined && entry !== undefined) world.entries.set(nameOf(slot), { ...entry, text })
        return standing
      },
    })),
    only('hides what has a rank from other processes', (world) => {
      const writers = new Map<string, Process>()
      return (whole, process) => ({
        setIfGreater: async (slot, rank, text, ttlMs) => {
          const isFirst = entryAt(world, slot) === undefined
          const standing = await whole.setIfGreater(slot, rank, text, ttlMs)
          if (standing === undefined && isFirst && rank === 5) writers.set(nameOf(slot), process)
          return standing
        },
        get: async (slot) =>
          [process, undefined].includes(writers.get(nameOf(slot))) ? whole.get(slot) : undefined,
      })
    }),
    also(
      'writes whatever comes last',
      compare(() => true),
    ),
    also('writes nothing', () => () => ({ setIfGreater: () => undefined })),
  ],
  'takes ranks for numbers, and not for text': [
    only(
      'compares short ranks as text',
      compare((rank, standing) =>
        Math.max(rank, standing) < 100 ? String(rank) > String(standing) : rank > standing,
      ),
    ),
  ],
  'has the greatest of many ranks that were written at the same time': [
    only('compares and then writes, as two steps', (world) => () => ({
      setIfGreater: async (slot, rank, text, ttlMs) => {
        const standing = entryAt(world, slot)
        await aTurn()
        if (standing?.rank !== undefined && standing.rank >= rank) return standing.text
        world.entries.set(nameOf(slot), { slot, text, endsAtMs: world.nowMs + ttlMs, rank })
        return undefined
      },
    })),
    only('takes turns within a process alone', (world) => {
      return () => {
        let turn: Promise<unknown> = Promise.resolve()
        const act = async (
          slot: Slot,
          rank: number,
          text: string,
          ttlMs: number,
        ): Promise<string | undefined> => {
          const standing = entryAt(world, slot)
          await aTurn()
          if (standing?.rank !== undefined && standing.rank >= rank) return standing.text
          world.entries.set(nameOf(slot), { slot, text, endsAtMs: world.nowMs + ttlMs, rank })
          return undefined
        }
        return {
          setIfGreater: (slot, rank, text, ttlMs) => {
            const own = turn.then(async () => act(slot, rank, text, ttlMs))
            turn = own
            return own
          },
        }
      }
    }),
  ],
  'lets a value without a rank give way, and a deleted or ended one': [
    only('lets no value without a rank give way', (world) => (whole) => ({
      setIfGreater: (slot, rank, text, ttlMs) => {
        const standing = entryAt(world, slot)
        return standing !== undefined && standing.rank === undefined && standing.text === 'plain'
          ? standing.text
          : whole.setIfGreater(slot, rank, text, ttlMs)
      },
    })),
    only('says that a value without a rank gave way, and keeps it', (world) => (whole) => ({
      setIfGreater: (slot, rank, text, ttlMs) =>
        entryAt(world, slot)?.text === 'plain' ? undefined : whole.setIfGreater(slot, rank, text, ttlMs),
    })),
    only('keeps the rank of what was set over', remembering('set')),
    only('keeps the rank of what was deleted', remembering('delete')),
    only('keeps the rank of what has ended', remembering('time')),
  ],
  'keeps slots apart': [
    only('has one rank for a whole partition', (world) => (whole) => ({
      setIfGreater: (slot, rank, text, ttlMs) => {
        const standing = [...world.entries.values()].find(
          (entry) => entry.slot.partition === slot.partition && (entry.rank ?? -1) >= rank,
        )
        return standing === undefined || standing.endsAtMs <= world.nowMs
          ? whole.setIfGreater(slot, rank, text, ttlMs)
          : standing.text
      },
    })),
  ],
  'deletes with its partition what has a rank': [
    only('keeps the rank of what was deleted with its partition', remembering('deletePartition')),
    only('deletes from a partition what has no rank alone', (world) => () => ({
      deletePartition: (partition) => {
        for (const [name, { slot, rank }] of world.entries)
          if (slot.partition === partition && rank === undefined) world.entries.delete(name)
      },
    })),
  ],
  'has no value after its time to live': [
    only('keeps what has a rank', (world) => (whole) => ({
      get: async (slot) => {
        const entry = world.entries.get(nameOf(slot))
        return entry?.rank === undefined ? whole.get(slot) : entry.text
      },
    })),
  ],
}
