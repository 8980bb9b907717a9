// Concurrent requests for the same token make one exchange, which belongs to none of them.
import type { CallContext } from '../../kernel/observer.ts'
import { areRequestsIsolated } from '../../kernel/isolated-requests.ts'
import type { Slot } from '../../token-cache/store.ts'
import type { AccessToken, TokenRequest, TokenSource } from '../token-source.ts'

/** Which flights: `ordinary` ones answer no claims challenge. */
export type FlightKind = 'all' | 'ordinary'

interface Flight {
  readonly request: TokenRequest
  readonly token: Promise<AccessToken>
}

/** By partition: what is detached is looked for among those of one account. */
type FlightsByPartition = Map<string, Map<string, Flight>>

/**
 * The exchanges under way, as many as there are: each belongs to nobody's request, callers only wait for it. Where requests are isolated
 * it does belong to one, and is joined within that one alone.
 */
export class Flights {
  readonly #flights: FlightsByPartition = new Map()
  /** Those of requests that are isolated; they go when nobody knows the request any more, however it ended. */
  #ofRequests = new WeakMap<CallContext, FlightsByPartition>()

  /** Number of partitions for which an exchange is under way. */
  get partitions(): number {
    return this.#flights.size
  }

  /** Joins the flight of an identical request, or has a source start one. */
  join(request: TokenRequest, source: TokenSource): Promise<AccessToken> {
    const { partition } = request.slot
    const key = flightKey(request)
    const joinable = this.#joinable(request)
    const joined = joinable.get(partition)?.get(key)
    if (joined !== undefined) return joined.token
    const flight = { request, token: source.acquire(request) }
    const flights = joinable.get(partition) ?? new Map<string, Flight>()
    joinable.set(partition, flights.set(key, flight))
    const land = (): void => {
      if (joinable.get(partition)?.get(key) === flight) remove(joinable, partition, key)
    }
    flight.token.then(land, land) // every waiter sees a failure; with all of them gone it is nobody's
    return flight.token
  }

  /** Whoever asks from now on is not given what was under way into a slot, a partition or anywhere; it goes on for those who wait. */
  detach(which: Partial<Slot>, kind: FlightKind): void {
    this.#ofRequests = new WeakMap() // which of them is meant cannot be looked up: that nobody joins them costs an exchange
    const partitions = which.partition === undefined ? [...this.#flights.keys()] : [which.partition]
    for (const partition of partitions)
      for (const [key, { request }] of this.#flights.get(partition) ?? []) {
        const isOfKind = kind === 'all' || request.claims === undefined
        const isWithin = which.key === undefined || which.key === request.slot.key
        if (isOfKind && isWithin) remove(this.#flights, partition, key)
      }
  }

  #joinable({ context }: TokenRequest): FlightsByPartition {
    if (!areRequestsIsolated()) return this.#flights
    const own = this.#ofRequests.get(context) ?? new Map<string, Map<string, Flight>>()
    this.#ofRequests.set(context, own)
    return own
  }
}

function remove(joinable: FlightsByPartition, partition: string, key: string): void {
  const flights = joinable.get(partition)
  if (flights?.delete(key) === true && flights.size === 0) joinable.delete(partition)
}

/** Joins identical requests. Their signals are not looked at: stopping to wait is the business of who waits. */
export function withSingleFlight(source: TokenSource, flights: Flights): TokenSource {
  return { acquire: (request) => flights.join(request, source) }
}

/** What may be shared: a request with claims, a forced one or one for the cache alone never takes another kind's answer. */
function flightKey({ slot, claims, forceRefresh, cacheOnly }: TokenRequest): string {
  return `${forceRefresh ? 'f' : '-'}${cacheOnly ? 'c' : '-'}${claims ?? ''} ${slot.key}`
}
