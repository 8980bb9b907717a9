// Faults: rules that make chosen requests fail in chosen ways, so that a client's bad days can be tested.
import type { Endpoint } from '../kernel/request-log.ts'

/** Which requests a fault hits; every member that is given has to match. */
export interface FaultCondition {
  readonly endpoint?: Endpoint
  readonly grantType?: string
  /** Application id of the client. */
  readonly clientId?: string
  /** User principal name. */
  readonly user?: string
  /** Application id, application ID URI or display name of the API that a token is requested for. */
  readonly resource?: string
  /** Only the n-th matching request, counted from 1. */
  readonly nth?: number
  /** At most this many times; default: until the fault is removed. */
  readonly times?: number
}

/** How a hit request ends. The first of drop, hang, aadsts and status/body that is given decides. */
export interface FaultEffect {
  /** Waits first, in milliseconds (at most 10 minutes); alone, the request then goes on as usual. */
  readonly delayMs?: number
  /** Cuts the connection without an answer. */
  readonly drop?: true
  /** Never answers; the connection stays open until the client or the emulator ends it. */
  readonly hang?: true
  /** Answers with this AADSTS error. */
  readonly aadsts?: number
  /** Answers with this HTTP status (default 200 with a body, 500 without). */
  readonly status?: number
  /** Answers with this body: text as it is, anything else as JSON. */
  readonly body?: unknown
  /** Adds these headers to the answer, also to a regular one. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sends half of the answer and cuts the connection. */
  readonly truncate?: true
}

/** A rule. */
export interface Fault {
  readonly when: FaultCondition
  readonly then: FaultEffect
}

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

const maximumFaults = 1000

/** The faults that are switched on. */
export class Faults {
  #active: ActiveFault[] = []
  #count = 0

  /** Switches a fault on; the result has `remove()` to switch it off. */
  add(fault: Fault): { readonly id: string; remove(): void } {
    if (this.#active.length >= maximumFaults)
      throw new RangeError(`more than ${String(maximumFaults)} faults`)
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

  /** The faults that are on, with how often each one hit. */
  list(): readonly (Fault & { readonly id: string; readonly hits: number })[] {
    return this.#active.map(({ id, when, then, hits }) => ({ id, when, then, hits }))
  }

  /** The effect of the first fault that hits a request; counts it. */
  strike(subject: FaultSubject): FaultEffect | undefined {
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
