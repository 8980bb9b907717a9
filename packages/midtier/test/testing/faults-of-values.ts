// Faults in how a store keeps values and times, each beside the conformance case that finds it.
import type { Slot } from '../../src/token-cache/store.ts'
import {
  also,
  aTurn,
  type Entry,
  entryAt,
  type Fault,
  type FaultTable,
  nameOf,
  only,
  type World,
} from './working-store.ts'

/** Writes another text than it was given. */
const writing = (change: (text: string) => string): Fault['begin'] => {
  return () => (whole) => ({ set: (slot, text, ttlMs) => whole.set(slot, change(text), ttlMs) })
}

const timing = (change: (ttlMs: number, before: number | undefined) => number): Fault['begin'] => {
  return (world) => (whole) => ({
    set: (slot, text, ttlMs) => {
      const before = entryAt(world, slot)?.endsAtMs
      return whole.set(slot, text, change(ttlMs, before === undefined ? undefined : before - world.nowMs))
    },
  })
}

/** Finds another entry where a slot is empty. */
const finding = (isTaken: (asked: Slot, found: Slot) => boolean): Fault['begin'] => {
  return (world) => (whole) => ({
    get: async (slot) =>
      (await whole.get(slot)) ??
      [...world.entries.values()].find((entry) => entry.endsAtMs > world.nowMs && isTaken(slot, entry.slot))
        ?.text,
  })
}

/** Deletes other partitions too. */
const sweeping = (isMeant: (partition: string, asked: string) => boolean): Fault['begin'] => {
  return (world) => () => ({
    deletePartition: (asked) => {
      for (const [name, { slot }] of world.entries)
        if (isMeant(slot.partition, asked)) world.entries.delete(name)
    },
  })
}

function refuse(): never {
  throw new Error('Expected something else')
}

export const faultsOfValues: FaultTable = {
  'gives back what was set, to every process': [
    only('hides what was set from processes that have not touched its partition', () => {
      const touched = new Set<string>()
      const touch = ({ partition }: Slot, process: string): void => void touched.add(process + partition)
      return (whole, process) => ({
        get: async (slot) => (touched.has(process + slot.partition) ? whole.get(slot) : undefined),
        set: (slot, text, ttlMs) => {
          touch(slot, process)
          return whole.set(slot, text, ttlMs)
        },
        setIfGreater: (slot, ...rest) => {
          for (const each of ['store', 'other']) touch(slot, each)
          return whole.setIfGreater(slot, ...rest)
        },
        deletePartition: (partition) => {
          touch({ partition, key: '' }, process)
          return whole.deletePartition(partition)
        },
      })
    }),
    also('gives nothing to who wrote it', () => (whole, process) => {
      return process === 'store' ? { get: () => undefined } : { get: whole.get }
    }),
  ],
  'has nothing where nothing was set': [
    only('has a value in partitions that were never used', () => {
      const used = new Set<string>()
      return (whole) => ({
        get: async (slot) =>
          (await whole.get(slot)) ??
          (used.has(slot.partition) || !slot.key.startsWith(slot.partition) ? undefined : 'ghost'),
        set: (slot, text, ttlMs) => {
          used.add(slot.partition).add(`${slot.partition}x`)
          return whole.set(slot, text, ttlMs)
        },
        setIfGreater: (slot, ...rest) => {
          used.add(slot.partition)
          return whole.setIfGreater(slot, ...rest)
        },
        lease: (slot, ttlMs) => {
          used.add(slot.partition)
          return whole.lease(slot, ttlMs)
        },
      })
    }),
    only(
      'finds an entry by the beginning of its key',
      finding((asked, { partition, key }) => asked.partition === partition && asked.key.startsWith(key)),
    ),
    only(
      'finds an entry by the beginning of its partition',
      finding((asked, { partition, key }) => asked.key === key && asked.partition.startsWith(partition)),
    ),
  ],
  'replaces a value and its time to live': [
    only(
      'keeps the shorter time to live',
      timing((ttlMs, before = Infinity) => Math.min(ttlMs, before)),
    ),
    also('keeps the first value', (world) => (whole) => ({
      set: (slot, text, ttlMs) => whole.set(slot, entryAt(world, slot)?.text ?? text, ttlMs),
    })),
  ],
  'has no value after its time to live, nor one that was given none': [
    only(
      'keeps for good what was to live at all',
      timing((ttlMs) => (ttlMs > 0 ? Infinity : ttlMs)),
    ),
    only(
      'takes no time to live for ever',
      timing((ttlMs) => (ttlMs > 0 ? ttlMs : Infinity)),
    ),
    only('takes no time to live for ever, but for a text that is empty', () => (whole) => ({
      set: (slot, text, ttlMs) => whole.set(slot, text, ttlMs > 0 || text === '' ? ttlMs : Infinity),
    })),
    also('ends everything with the first that ends', (world) => (whole) => ({
      get: async (slot) => {
        const hasEnded = [...world.entries.values()].some(
          ({ endsAtMs, text }) => endsAtMs < world.nowMs && text !== 'dead',
        )
        return hasEnded ? undefined : whole.get(slot)
      },
    })),
  ],
  'takes a time to live that is no whole number': [
    only('wants whole milliseconds', () => (whole) => ({
      set: (slot, text, ttlMs) => (Number.isInteger(ttlMs) ? whole.set(slot, text, ttlMs) : refuse()),
    })),
    only('writes nothing for a broken number', () => (whole) => ({
      set: (slot, text, ttlMs) => (Number.isInteger(ttlMs) ? whole.set(slot, text, ttlMs) : undefined),
    })),
  ],
  'deletes one slot and no other': [
    only('deletes nothing that was set without a rank', (world) => (whole) => ({
      delete: (slot) => (entryAt(world, slot)?.rank === undefined ? undefined : whole.delete(slot)),
    })),
    only('deletes whatever begins with the key', (world) => () => ({
      delete: ({ partition, key }) => {
        for (const [name, { slot }] of world.entries)
          if (slot.partition === partition && slot.key.startsWith(key)) world.entries.delete(name)
      },
    })),
    only('cannot delete twice', () => {
      const deleted = new Set<string>()
      return (whole) => ({
        delete: (slot) => {
          if (deleted.has(nameOf(slot))) refuse()
          deleted.add(nameOf(slot))
          return whole.delete(slot)
        },
      })
    }),
  ],
  'deletes a whole partition and touches nobody else': [
    only('deletes 32 slots of a partition at most', (world) => () => ({
      deletePartition: (partition) => {
        const all = [...world.entries].filter(([, { slot }]) => slot.partition === partition)
        for (const [name] of all.slice(0, 32)) world.entries.delete(name)
      },
    })),
    only(
      'deletes the partitions that begin alike',
      sweeping((each, asked) => each.startsWith(asked)),
    ),
    only(
      'deletes the partitions that end alike',
      sweeping((each, asked) => each.endsWith(asked)),
    ),
    only(
      'deletes the partitions that are the beginning of it',
      sweeping((each, asked) => asked.startsWith(each)),
    ),
    only(
      'deletes partitions in any case',
      sweeping((each, asked) => each.toLowerCase() === asked.toLowerCase()),
    ),
  ],
  'deletes a partition that has nothing in it': [
    only('cannot delete an unknown partition', () => {
      const known = new Set<string>()
      const noting = (slot: Slot): void => void known.add(slot.partition)
      return (whole) => ({
        set: (slot, text, ttlMs) => {
          noting(slot)
          return whole.set(slot, text, ttlMs)
        },
        setIfGreater: (slot, ...rest) => {
          noting(slot)
          return whole.setIfGreater(slot, ...rest)
        },
        deletePartition: (partition) => (known.has(partition) ? whole.deletePartition(partition) : refuse()),
      })
    }),
  ],
  'keeps what is set after its partition was deleted': [
    only('never writes again to a partition that was deleted', () => {
      const gone = new Set<string>()
      return (whole) => ({
        set: (slot, text, ttlMs) => (gone.has(slot.partition) ? undefined : whole.set(slot, text, ttlMs)),
        deletePartition: (partition) => {
          gone.add(partition)
          return whole.deletePartition(partition)
        },
      })
    }),
  ],
  'deletes with a partition what was set again after it was deleted': [
    only('leaves out of the partition what was deleted once', (world) => {
      const deleted = new Set<string>()
      return (whole) => ({
        delete: (slot) => {
          if (entryAt(world, slot) !== undefined) deleted.add(nameOf(slot))
          return whole.delete(slot)
        },
        deletePartition: (partition) => {
          for (const [name, { slot }] of world.entries)
            if (slot.partition === partition && !deleted.has(name)) world.entries.delete(name)
        },
      })
    }),
  ],
  'deletes with a partition what outlives the entry that was set last': [
    only('forgets a partition when the entry that was set last ends', (world) => {
      const ends = new Map<string, number>()
      return (whole) => ({
        set: (slot, text, ttlMs) => {
          ends.set(slot.partition, world.nowMs + ttlMs)
          return whole.set(slot, text, ttlMs)
        },
        deletePartition: (partition) =>
          (ends.get(partition) ?? Infinity) > world.nowMs ? whole.deletePartition(partition) : undefined,
      })
    }),
  ],
  'keeps a value of 300 000 characters whole': [
    only(
      'cuts values at 256 KiB',
      writing((text) => text.slice(0, 262_144)),
    ),
  ],
  'keeps the text "\\u0000" as it is': [
    only(
      'takes a NUL at the end for the end',
      writing((text) => text.replace(/\0$/, '')),
    ),
  ],
  'keeps the text "a\\u0000b" as it is': [
    only(
      'cuts values at a NUL',
      writing((text) => text.replace(/(?<=.)\0.*/, '')),
    ),
  ],
  [`keeps the text ${JSON.stringify('\r\n*1\r\n$4\r\nPING\r\n')} as it is`]: [
    only(
      'writes line breaks in its own way',
      writing((text) => text.replaceAll('\r\n', '\n')),
    ),
  ],
  [`keeps the text ${JSON.stringify('"\\\'`${x}')} as it is`]: [
    only(
      'takes a backslash for an escape',
      writing((text) => text.replaceAll('\\', '')),
    ),
  ],
  [`keeps the text ${JSON.stringify('\u{1F511} ключ 鍵 \u202e')} as it is`]: [
    only(
      'knows no characters beyond the first 65 536',
      writing((text) => text.replace(/\p{Emoji_Presentation}/gu, '\ufffd')),
    ),
  ],
  [`keeps the text ${JSON.stringify('\ufeffbom')} as it is`]: [
    only(
      'takes a byte order mark for none of the text',
      writing((text) => text.replace(/^\ufeff/, '')),
    ),
  ],
  'keeps the text " " as it is': [
    only(
      'takes a blank for nothing',
      writing((text) => text.replace(/^ +$/, '')),
    ),
  ],
  'keeps the text "" as it is': [
    only('takes an empty text for none', () => (whole) => ({
      get: async (slot) => {
        const text = await whole.get(slot)
        return text === '' ? undefined : text
      },
    })),
  ],
  'never gives one partition what another has under an equal key': [
    only(
      'finds an entry by its key alone, where partitions are of one length',
      finding(
        (asked, { partition, key }) => asked.key === key && asked.partition.length === partition.length,
      ),
    ),
    only('deletes by the key alone', (world) => () => ({
      delete: ({ key }) => {
        for (const [name, { slot }] of world.entries) if (slot.key === key) world.entries.delete(name)
      },
    })),
  ],
  'has one of the values that replaced another at the same time': [
    only('mixes what is written at the same time', (world) => {
      const busy = new Map<string, number>()
      return (whole) => ({
        set: async (slot, text, ttlMs) => {
          const before = busy.get(nameOf(slot)) ?? 0
          busy.set(nameOf(slot), before + 1)
          await aTurn()
          busy.set(nameOf(slot), (busy.get(nameOf(slot)) ?? 1) - 1)
          const standing = before > 0 ? (entryAt(world, slot)?.text ?? '') : ''
          return whole.set(slot, standing + text, ttlMs)
        },
      })
    }),
    only('loses what is written at the same time', () => {
      const busy = new Set<string>()
      return (whole) => ({
        set: async (slot, text, ttlMs) => {
          if (busy.has(nameOf(slot))) return whole.delete(slot)
          busy.add(nameOf(slot))
          await whole.set(slot, text, ttlMs)
          await aTurn()
          busy.delete(nameOf(slot))
        },
      })
    }),
    only('gives each process what it has written itself, when several write at once', () => {
      const busy = new Map<string, number>()
      return (whole) => {
        const own = new Map<string, string>()
        return {
          get: async (slot) => own.get(nameOf(slot)) ?? whole.get(slot),
          set: async (slot, text, ttlMs) => {
            const name = nameOf(slot)
            busy.set(name, (busy.get(name) ?? 0) + 1)
            await aTurn()
            if ((busy.get(name) ?? 0) > 1) own.set(name, text)
            await aTurn()
            busy.delete(name)
            return whole.set(slot, text, ttlMs)
          },
        }
      }
    }),
  ],
  'keeps what many slots of one partition are set to at the same time': [
    only('writes a partition as a whole, and loses what another wrote meanwhile', (world) => () => ({
      set: async (slot, text, ttlMs) => {
        const before = partitionOf(world, slot.partition)
        await aTurn()
        for (const name of partitionOf(world, slot.partition).keys()) world.entries.delete(name)
        for (const [name, entry] of before) world.entries.set(name, entry)
        world.entries.set(nameOf(slot), { slot, text, endsAtMs: world.nowMs + ttlMs, rank: undefined })
      },
    })),
    only('reads and then writes the list of the slots of a partition', (world) => {
      const lists = new Map<string, readonly string[]>()
      return (whole) => ({
        set: async (slot, text, ttlMs) => {
          const before = lists.get(slot.partition) ?? []
          await aTurn()
          lists.set(slot.partition, [...before, nameOf(slot)])
          return whole.set(slot, text, ttlMs)
        },
        deletePartition: (partition) => {
          for (const [name, { slot, rank }] of world.entries)
            if (slot.partition === partition && rank !== undefined) world.entries.delete(name)
          for (const name of lists.get(partition) ?? []) world.entries.delete(name)
        },
      })
    }),
  ],
}

function partitionOf(world: World, partition: string): Map<string, Entry> {
  return new Map([...world.entries].filter(([, { slot }]) => slot.partition === partition))
}
