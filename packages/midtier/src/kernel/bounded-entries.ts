// Entries under keys, bounded by their number and by their sizes: the one that was used longest ago gives way. Room grows as they come.

/** The least of an entry. It knows its neighbours in the order of use, so that moving it touches nothing else. */
export class BoundedEntry {
  readonly key: string
  /** Counted against `maxSize`, in whatever unit that has. */
  readonly size: number
  /** How many entries had been added when this one was last moved to the end of the order. */
  movedAt = 0
  older: this | undefined = undefined
  newer: this | undefined = undefined

  constructor(key: string, size: number) {
    this.key = key
    this.size = size
  }
}

/** Bounds of {@link BoundedEntries}. */
export interface Bounds {
  readonly maxEntries: number
  /** Most of all sizes together; an entry larger than this is not kept. Default: any. */
  readonly maxSize?: number
}

/**
 * Written by hand: lru-cache lays out room for all entries at once, which took longer than anything else in a start but the import
 * (docs/decisions/0008-entries-are-bounded-by-hand.md).
 */
export class BoundedEntries<Entry extends BoundedEntry> {
  readonly #byKey = new Map<string, Entry>()
  readonly #maxEntries: number
  readonly #maxSize: number
  readonly #left: (entry: Entry, gaveWay: boolean) => void
  #oldest: Entry | undefined
  #latest: Entry | undefined
  #size = 0
  #added = 0

  /** `left` is told of each entry once it is gone, and whether it gave way to others. */
  constructor(
    { maxEntries, maxSize = Infinity }: Bounds,
    left: (entry: Entry, gaveWay: boolean) => void = () => undefined,
  ) {
    this.#maxEntries = maxEntries
    this.#maxSize = maxSize
    this.#left = left
  }

  /** Number of entries. */
  get count(): number {
    return this.#byKey.size
  }

  /** All entries, in no order that means anything. */
  values(): IterableIterator<Entry> {
    return this.#byKey.values()
  }

  get maxEntries(): number {
    return this.#maxEntries
  }

  /** Sizes of all entries together. */
  get size(): number {
    return this.#size
  }

  find(key: string): Entry | undefined {
    return this.#byKey.get(key)
  }

  /**
   * Notes that an entry was used: others give way before it. Moving it touches its neighbours all over the memory, and says nothing new
   * while hardly anything else came in: after an eighth of the others it is far from giving way still.
   */
  use(entry: Entry): void {
    if (this.#added - entry.movedAt <= this.#byKey.size / 8) return
    this.#unlink(entry)
    this.#append(entry)
  }

  /** Adds an entry, in the place of any other under its key. `false` when it is too large to be kept. */
  add(entry: Entry): boolean {
    this.delete(entry.key)
    if (entry.size > this.#maxSize) return false
    this.#byKey.set(entry.key, entry)
    this.#size += entry.size
    this.#added++
    this.#append(entry)
    while (this.#oldest !== undefined && (this.count > this.#maxEntries || this.#size > this.#maxSize))
      this.#remove(this.#oldest, true)
    return true
  }

  delete(key: string): void {
    const entry = this.#byKey.get(key)
    if (entry !== undefined) this.#remove(entry, false)
  }

  clear(): void {
    for (const entry of this.#byKey.values()) this.#remove(entry, false)
  }

  #remove(entry: Entry, gaveWay: boolean): void {
    this.#byKey.delete(entry.key)
    this.#size -= entry.size
    this.#unlink(entry)
    this.#left(entry, gaveWay)
  }

  #append(entry: Entry): void {
    entry.movedAt = this.#added
    entry.older = this.#latest
    if (this.#latest === undefined) this.#oldest = entry
    else this.#latest.newer = entry
    this.#latest = entry
  }

  #unlink(entry: Entry): void {
    const { older, newer } = entry
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#latest = older
    else newer.older = older
    entry.older = undefined
    entry.newer = undefined
  }
}
