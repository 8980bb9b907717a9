// Slots already worked out: joining and hashing a long key costs more than the rest of a cache hit, so each is made once.
import type { Slot } from '../token-cache/store.ts'

/** Most slots remembered for one owner; more than the downstream APIs of any one request. */
const maxPerOwner = 64

interface Remembered {
  readonly binding: string
  readonly slots: Map<string, Slot>
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
    const slots = known?.binding === binding ? known.slots : this.#start(owner, binding)
    return slots.get(name) ?? remember(slots, name, make())
  }

  #start(owner: Owner, binding: string): Map<string, Slot> {
    const slots = new Map<string, Slot>()
    this.#remembered.set(owner, { binding, slots })
    return slots
  }
}

function remember(slots: Map<string, Slot>, name: string, slot: Slot): Slot {
  if (slots.size >= maxPerOwner) slots.clear()
  slots.set(name, slot)
  return slot
}
