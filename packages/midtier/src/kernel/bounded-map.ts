// A map from text that is bounded: the value that was asked for longest ago gives way.
import { BoundedEntries, BoundedEntry, type Bounds } from './bounded-entries.ts'

class Held<Value> extends BoundedEntry {
  readonly value: Value

  constructor(key: string, value: Value, size: number) {
    super(key, size)
    this.value = value
  }
}

/** Bounds of a {@link BoundedMap}, and who is told of a value that gave way. */
export interface BoundedMapOptions<Value> extends Bounds {
  readonly sizeOf?: (value: Value, key: string) => number
  readonly gaveWay?: (value: Value) => void
}

export class BoundedMap<Value> {
  readonly #entries: BoundedEntries<Held<Value>>
  readonly #sizeOf: (value: Value, key: string) => number

  constructor({ sizeOf = () => 1, gaveWay, ...bounds }: BoundedMapOptions<Value>) {
    this.#sizeOf = sizeOf
    this.#entries = new BoundedEntries(bounds, ({ value }, hasGivenWay) => {
      if (hasGivenWay) gaveWay?.(value)
    })
  }

  get size(): number {
    return this.#entries.count
  }

  /** Every key with its value; none of them counts as used. */
  entries(): readonly (readonly [key: string, value: Value])[] {
    return [...this.#entries.values()].map(({ key, value }) => [key, value])
  }

  get(key: string): Value | undefined {
    const held = this.#entries.find(key)
    if (held === undefined) return undefined
    this.#entries.use(held)
    return held.value
  }

  set(key: string, value: Value): void {
    this.#entries.add(new Held(key, value, this.#sizeOf(value, key)))
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
