// Slots already worked out: joining and hashing a long key costs more than the rest of a cache hit, so each is made once.
import type { Slot } from '../../token-cache/store.ts'

/** Most slots remembered for one owner; more than the downstream APIs of any one request. */
const maxPerOwner = 64

/** Most agents, of all owners together, for which slots are remembered: whoever may name agents names as many as they like. */
const maxAgents = 50_000

/** The latest slot by itself, and the others in a map: most owners have one, and finding it should touch as little memory as can be. */
interface Named {
  name: string | undefined
  slot: Slot | undefined
  others: Map<string, Slot> | undefined
}

interface Remembered extends Named {
  readonly binding: string
  /** Each agent that acts for the owner has slots of its own: there may be thousands. */
  byAgent: Map<string, Named> | undefined
}

/** Remembers slots for as long as the thing they were made for lives: a validated principal, or a set of scopes. */
export class RememberedSlots<Owner extends object> {
  #remembered = new WeakMap<Owner, Remembered>()
  /** Those of owners that are gone are counted until everything is forgotten, and made anew where it is asked for. */
  #agents = 0

  /**
   * The slot of an owner under a name, for the owner itself or for an agent; made when it is not known.
   * With another `binding` nothing is known: a slot made for one session is never given to another.
   */
  get(owner: Owner, binding: string, name: string, agentId: string | undefined, make: () => Slot): Slot {
    if (this.#agents >= maxAgents) this.#forget()
    let known = this.#remembered.get(owner)
    if (known?.binding !== binding) {
      known = { binding, name: undefined, slot: undefined, others: undefined, byAgent: undefined }
      this.#remembered.set(owner, known)
    }
    const named = agentId === undefined ? known : this.#ofAgent(known, agentId)
    if (named.name === name && named.slot !== undefined) return named.slot
    return bringForward(named, name, named.others?.get(name) ?? make())
  }

  /** The slot that was made for the same; makes none. */
  peek(owner: Owner, binding: string, name: string, agentId?: string): Slot | undefined {
    const known = this.#remembered.get(owner)
    if (known?.binding !== binding) return undefined
    const named = agentId === undefined ? known : known.byAgent?.get(agentId)
    return named?.name === name ? named.slot : named?.others?.get(name)
  }

  #ofAgent(known: Remembered, agentId: string): Named {
    known.byAgent ??= new Map()
    const found = known.byAgent.get(agentId)
    if (found !== undefined) return found
    this.#agents += 1
    const made: Named = { name: undefined, slot: undefined, others: undefined }
    known.byAgent.set(agentId, made)
    return made
  }

  #forget(): void {
    this.#remembered = new WeakMap()
    this.#agents = 0
  }
}

function bringForward(known: Named, name: string, slot: Slot): Slot {
  if (known.name !== undefined && known.slot !== undefined) {
    known.others ??= new Map()
    known.others.delete(name)
    if (known.others.size >= maxPerOwner) known.others.clear()
    known.others.set(known.name, known.slot)
  }
  known.name = name
  known.slot = slot
  return slot
}
