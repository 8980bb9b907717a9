// Slots already worked out: joining and hashing a long key costs more than the rest of a cache hit, so each is made once.
import type { Slot } from '../../token-cache/store.ts'

/** Most slots remembered for one owner; more than the downstream APIs of any one request. */
const maxPerOwner = 64

/** The latest slot by itself, and the others in a map: most owners have one, and finding it should touch as little memory as can be. */
interface Remembered {
  readonly binding: string
  name: string
  slot: Slot
  others: Map<string, Slot> | undefined
}

/** Remembers slots for as long as the thing they were made for lives: a validated principal, or a set of scopes. */
export class RememberedSlots<Owner extends object> {
  readonly #remembered = new WeakMap<Owner, Remembered>()

  /**
   * The slot of an owner under a name; made when it is not known.
   * With another `binding` nothing is known: a slot made for one session is never given to another.
   */
  get(owner: Owner, binding: string, name: string, make: () => Slot): Slot {
    const known = this.#remembered.get(owner)
    if (known?.binding !== binding) return this.#start(owner, binding, name, make())
    if (known.name === name) return known.slot
    return bringForward(known, name, known.others?.get(name) ?? make())
  }

  /** The slot that was made for the same; makes none. */
  peek(owner: Owner, binding: string, name: string): Slot | undefined {
    const known = this.#remembered.get(owner)
    if (known?.binding !== binding) return undefined
    return known.name === name ? known.slot : known.others?.get(name)
  }

  #start(owner: Owner, binding: string, name: string, slot: Slot): Slot {
    this.#remembered.set(owner, { binding, name, slot, others: undefined })
    return slot
  }
}

function bringForward(known: Remembered, name: string, slot: Slot): Slot {
  known.others ??= new Map()
  known.others.delete(name)
  if (known.others.size >= maxPerOwner) known.others.clear()
  known.others.set(known.name, known.slot)
  known.name = name
  known.slot = slot
  return slot
}
