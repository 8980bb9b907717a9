// The store inside the process: bounded by entries and by bytes, values kept as they are, a partition deleted without searching.
import { BoundedEntries, BoundedEntry } from '../kernel/bounded-entries.ts'
import type { Clock } from '../kernel/time/clock.ts'
import { steady, type SteadyClock } from '../kernel/time/steady-clock.ts'
import type { Slot, TokenStore } from './store.ts'

/** Bounds of a {@link MemoryStore}. */
export interface MemoryStoreOptions<Value> {
  readonly clock: Clock
  /** Bytes that a value holds, about; keys and bookkeeping are added. */
  readonly sizeOf: (value: Value) => number
  /** Most entries; the least recently used one gives way. */
  readonly maxEntries: number
  /** Most bytes of values and keys; a value larger than this is not kept. */
  readonly maxBytes: number
}

/** What is kept in a slot, as long as it is: an entry that is dropped lets go of its value, whoever still points to it. */
class Entry<Value> extends BoundedEntry implements Slot {
  readonly store: object
  readonly partition: string
  value: Value | undefined
  /** By the steady clock: whatever the wall clock is set to, it lasts no longer than it was kept for. */
  readonly endsAtMs: number

  constructor(
    { partition, key }: Slot,
    kept: Pick<Entry<Value>, 'store' | 'endsAtMs'> & {
      readonly value: Value
      readonly bytes: number
    },
  ) {
    super(key, kept.bytes)
    this.store = kept.store
    this.partition = partition
    this.value = kept.value
    this.endsAtMs = kept.endsAtMs
  }
}

/**
 * A slot that is asked for again and again: a {@link MemoryStore} notes in it where it found its entry, which then is one step away, among
 * a hundred thousand others as among ten.
 */
export class RepeatedSlot implements Slot {
  /** Once its entry was found, the entry's own texts: a key is long, and there is one of each user. */
  partition: string
  key: string
  /** The entry that was found last, in whichever store it was. */
  found: Entry<unknown> | undefined = undefined

  constructor(partition: string, key: string) {
    this.partition = partition
    this.key = key
  }
}

/** Bookkeeping of one entry: the list, the map and the index of its partition. */
const overheadBytes = 400

/** A {@link TokenStore} that answers at once. Expired entries are dropped when they are met, or when their turn comes to give way. */
export class MemoryStore<Value extends object | string> implements TokenStore<Value> {
  readonly #clock: SteadyClock
  readonly #sizeOf: (value: Value) => number
  readonly #entries: BoundedEntries<Entry<Value>>
  /** The keys of each partition: mostly one, and a set for one key is larger than the key. */
  readonly #partitions = new Map<string, string | Set<string>>()

  constructor({ clock, sizeOf, maxEntries, maxBytes }: MemoryStoreOptions<Value>) {
    this.#clock = steady(clock)
    this.#sizeOf = sizeOf
    this.#entries = new BoundedEntries({ maxEntries, maxSize: maxBytes }, (entry) => {
      entry.value = undefined
      this.#unlist(entry)
    })
  }

  /** Number of entries, expired ones that were not met yet included. */
  get size(): number {
    return this.#entries.count
  }

  /** Number of partitions that hold an entry. */
  get partitions(): number {
    return this.#partitions.size
  }

  /** Most entries. */
  get maxEntries(): number {
    return this.#entries.maxEntries
  }

  /** Bytes of all entries, about. */
  get bytes(): number {
    return this.#entries.size
  }

  get(slot: Slot | RepeatedSlot): Value | undefined {
    const entry = slot instanceof RepeatedSlot ? this.#findAgain(slot) : this.#find(slot)
    if (entry === undefined) return undefined
    if (entry.endsAtMs <= this.#clock.passedMs()) {
      this.#entries.delete(slot.key)
      return undefined
    }
    this.#entries.use(entry)
    return entry.value
  }

  set(slot: Slot, value: Value, ttlMs: number): void {
    const { partition, key } = slot
    this.#entries.delete(key)
    if (ttlMs <= 0) return
    const bytes = this.#sizeOf(value) + 2 * (key.length + partition.length) + overheadBytes
    const endsAtMs = this.#clock.passedMs() + ttlMs
    const entry = new Entry(slot, { store: this, value, bytes, endsAtMs })
    if (this.#entries.add(entry)) this.#list(slot) // a value too large is not kept
  }

  /** Puts a value of the same size in the place of the one that is kept, for the rest of its time; where none is kept, nothing is. */
  replace(slot: Slot, value: Value): void {
    const entry = this.#find(slot)
    if (entry !== undefined) entry.value = value
  }

  delete({ partition, key }: Slot): void {
    if (this.#entries.find(key)?.partition === partition) this.#entries.delete(key)
  }

  deletePartition(partition: string): void {
    const keys = this.#partitions.get(partition)
    for (const key of typeof keys === 'string' ? [keys] : [...(keys ?? [])]) this.#entries.delete(key)
  }

  /** Deletes everything. */
  clear(): void {
    this.#entries.clear()
  }

  /** Whether there is an entry in a slot, or any of a partition; expired ones that were not met yet included. */
  holds({ partition, key }: { readonly partition: string; readonly key?: string | undefined }): boolean {
    return key === undefined ? this.#partitions.has(partition) : this.#find({ partition, key }) !== undefined
  }

  #findAgain(slot: RepeatedSlot): Entry<Value> | undefined {
    const { found } = slot
    if (found?.store === this && found.value !== undefined) return found as Entry<Value>
    const entry = this.#find(slot)
    slot.found = entry
    if (entry !== undefined) {
      slot.partition = entry.partition
      slot.key = entry.key
    }
    return entry
  }

  #find({ partition, key }: Slot): Entry<Value> | undefined {
    const entry = this.#entries.find(key)
    return entry?.partition === partition ? entry : undefined // never another owner's, even under an equal key
  }

  #list({ partition, key }: Slot): void {
    const keys = this.#partitions.get(partition)
    if (keys === undefined) this.#partitions.set(partition, key)
    else if (typeof keys === 'string') this.#partitions.set(partition, new Set([keys, key]))
    else keys.add(key)
  }

  #unlist({ partition, key }: Slot): void {
    const keys = this.#partitions.get(partition)
    if (keys === key) this.#partitions.delete(partition)
    else if (typeof keys === 'object' && keys.delete(key) && keys.size === 0)
      this.#partitions.delete(partition)
  }
}
