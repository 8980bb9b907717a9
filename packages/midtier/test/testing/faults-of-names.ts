// Faults in how a store names its slots, each beside the conformance case that finds it.
import type { Slot, TokenStore } from '../../src/token-cache/store.ts'
import { also, entryAt, type Fault, type FaultTable, only } from './working-store.ts'

/** Looks for an entry under another name than the one it was written under. */
const looking = (change: (name: string) => string): Fault['begin'] => {
  return () => (whole) => ({
    get: ({ partition, key }) => whole.get({ partition: change(partition), key: change(key) }),
  })
}

const without = (part: string | RegExp): Fault['begin'] => looking((name) => name.replace(part, ''))

/** Keeps slots in one flat space, by one name. */
const joining = (join: (slot: Slot) => string): Fault['begin'] => {
  const flat = (slot: Slot): Slot => ({ partition: slot.partition.slice(0, 40), key: join(slot) })
  return (world) => (whole) => {
    const store: Partial<TokenStore> = {
      get: async (slot) => ((await whole.get(slot)) === undefined ? undefined : whole.get(flat(slot))),
      set: async (slot, text, ttlMs) => {
        await whole.set(slot, text, ttlMs)
        await whole.set(flat(slot), text, ttlMs)
      },
      setIfGreater: async (slot, rank, text, ttlMs) => {
        const standing = await whole.setIfGreater(slot, rank, text, ttlMs)
        if (standing === undefined) await whole.set(flat(slot), entryAt(world, slot)?.text ?? text, ttlMs)
        return standing
      },
    }
    return store
  }
}

const named = (name: string, ...faults: readonly Fault[]): FaultTable => ({
  [`takes ${JSON.stringify(name).slice(0, 40)} for a name like any other`]: faults,
})

/** Names of partitions and keys. */
export const faultsOfNames: FaultTable = {
  ...named(
    '{}',
    only('leaves out an empty tag', without('{}')),
    also('deletes no partition with a tag', () => (whole) => ({
      deletePartition: (partition) =>
        partition.includes('{') ? undefined : whole.deletePartition(partition),
    })),
  ),
  ...named('}', only('takes a brace at the beginning for an end', without(/^}/))),
  ...named('{a}{b}', only('takes a name for its tag', without('{a}'))),
  ...named(
    '*',
    only('takes a star for any text', without('*')),
    only('deletes everything for a star', (world) => (whole) => ({
      deletePartition: (partition) =>
        partition.includes('*') ? world.entries.clear() : whole.deletePartition(partition),
    })),
  ),
  ...named('__proto__', only('keeps entries in an object', without('__proto__'))),
  ...named('constructor', only('keeps entries in an object of a class', without('constructor'))),
  ...named("'; DROP TABLE midtier_tokens; --", only('ends a name at a quote', without(/'.*/))),
  ...named('a\r\nDEL b\r\n', only('ends a name at the end of a line', without(/\r\n.*/s))),
  ...named('a\0b', only('ends a name at a NUL', without(/\0.*/s))),
  ...named('%00%s%n', only('decodes a name', without(/%00/))),
  ...named('../../etc/passwd', only('walks upwards', without(/\.\.\//))),
  ...named('\u{1F511}\u202ekey', only('leaves out what turns the direction of writing', without(/\u202e/))),
  ...named(' leading and trailing ', only('leaves out blanks around a name', without(/^ +/))),
  ...named(
    'k'.repeat(480),
    only(
      'finds no name of more than 1 000 bytes',
      looking((name) => name.slice(0, 1000)),
    ),
  ),
  'tells slots apart whose names look alike when they are joined': [
    only(
      'joins names by a colon',
      joining(({ partition, key }) => `${partition}:${key}`),
    ),
    only(
      'joins names by nothing',
      joining(({ partition, key }) => `${partition}${key}`),
    ),
    only(
      'joins names by the end of a tag',
      joining(({ partition, key }) => `{${partition}}entry:${key}`),
    ),
  ],
}
