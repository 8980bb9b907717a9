// Faults: rules that make chosen requests fail in chosen ways, so that a client's bad days can be tested.
import { EmulatorOptionsError } from '../kernel/errors.ts'
import type { Endpoint } from '../kernel/request-log.ts'
import type { Fault, FaultCondition, FaultEffect } from './fault.ts'
import { parseFault } from './fault-schema.ts'

/** What a fault looks at. */
export interface FaultSubject {
  readonly endpoint: Endpoint
  readonly grantType?: string | undefined
  readonly clientId?: string | undefined
  readonly user?: string | undefined
  /** Every name of the API that a token is requested for. */
  readonly resourceNames: readonly string[]
}

interface ActiveFault extends Fault {
  readonly id: string
  matched: number
  hits: number
}

/** A fault that is on. */
export interface ListedFault extends Fault {
  readonly id: string
  /** How many requests it was about. */
  readonly matched: number
  /** How many of them it changed. */
  readonly hits: number
}

const maximumFaults = 1000

/** The faults that are switched on. */
export class Faults {
  #active: ActiveFault[] = []
  #count = 0

  /**
   * Switches a fault on; the result has `remove()` to switch it off.
   * @throws {EmulatorOptionsError} for a member that no fault has, a value that it cannot have, or one fault too many
   */
  add(fault: Fault): { readonly id: string; remove(): void } {
    const problem = parseFault(fault)
    if (typeof problem === 'string') throw new EmulatorOptionsError('fault', problem)
    if (this.#active.length >= maximumFaults)
      throw new EmulatorOptionsError('fault', `there can be at most ${String(maximumFaults)} faults`)
    const id = `fault-${String(++this.#count)}`
    this.#active.push({ ...fault, id, matched: 0, hits: 0 })
    return { id, remove: () => void this.remove(id) }
  }

  /** Switches a fault off; false when there is none of that id. */
  remove(id: string): boolean {
    const before = this.#active.length
    this.#active = this.#active.filter((fault) => fault.id !== id)
    return this.#active.length < before
  }

  /** Switches every fault off. */
  clear(): void {
    this.#active = []
  }

  /** The faults that are on, with how many requests each one matched, and how many of them it hit. */
  list(): readonly ListedFault[] {
    return this.#active.map(({ id, when, then, matched, hits }) => ({ id, when, then, matched, hits }))
  }

  /** Switches exactly these on, with the counts that they have: what `list` gave once. */
  restore(faults: readonly ListedFault[]): void {
    this.#active = faults.map((fault) => ({ ...fault }))
  }

  /** The effect of the first fault that hits a request; counts it. */
  strike(subject: FaultSubject): FaultEffect | undefined {
    // Or nothing could switch a fault off that hits every request.
    if (subject.endpoint === 'emulator') return undefined
    const matching = this.#active.filter(({ when }) => isMatch(when, subject))
    for (const fault of matching) fault.matched += 1
    const hit = matching.find(isDue)
    if (hit === undefined) return undefined
    hit.hits += 1
    return hit.then
  }
}

function isMatch(when: FaultCondition, subject: FaultSubject): boolean {
  const { endpoint, grantType, clientId, user, resource } = when
  return (
    (endpoint === undefined || endpoint === subject.endpoint) &&
    (grantType === undefined || grantType === subject.grantType) &&
    (clientId === undefined || clientId === subject.clientId) &&
    (user === undefined || user === subject.user) &&
    (resource === undefined || subject.resourceNames.includes(resource))
  )
}

function isDue({ when: { nth, times }, matched, hits }: ActiveFault): boolean {
  return (nth === undefined || matched === nth) && (times === undefined || hits < times)
}
