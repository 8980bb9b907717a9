// Concurrent requests for the same token make one exchange, which belongs to none of them.
import type { Slot } from '../../token-cache/store.ts'
import type { AccessToken, TokenRequest, TokenSource } from '../token-source.ts'

/** Which flights: `ordinary` ones answer no claims challenge. */
export type FlightKind = 'all' | 'ordinary'

interface Flight {
  readonly request: TokenRequest
  readonly token: Promise<AccessToken>
}

/** The exchanges under way, as many as there are: each belongs to nobody's request, callers only wait for it. */
export class Flights {
  readonly #flights = new Map<string, Flight>()

  /** Joins the flight of an identical request, or has a source start one. */
  join(request: TokenRequest, source: TokenSource): Promise<AccessToken> {
    const key = flightKey(request)
    const joined = this.#flights.get(key)
    if (joined !== undefined) return joined.token
    const flight = { request, token: source.acquire(request) }
    const land = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    this.#flights.set(key, flight)
    flight.token.then(land, land) // every waiter sees a failure; with all of them gone it is nobody's
    return flight.token
  }

  /** Whoever asks from now on is not given what was under way into a slot, a partition or anywhere; it goes on for those who wait. */
  detach(which: Partial<Slot>, kind: FlightKind): void {
    for (const [key, { request }] of this.#flights) {
      const isOfKind = kind === 'all' || request.claims === undefined
      if (isOfKind && isWithin(request.slot, which)) this.#flights.delete(key)
    }
  }
}

/** Joins identical requests. Their signals are not looked at: stopping to wait is the business of who waits. */
export function withSingleFlight(source: TokenSource, flights: Flights): TokenSource {
  return { acquire: (request) => flights.join(request, source) }
}

function isWithin(slot: Slot, { partition, key }: Partial<Slot>): boolean {
  return (partition === undefined || slot.partition === partition) && (key === undefined || slot.key === key)
}

/** What may be shared: a request with claims, a forced one or one for the cache alone never takes another kind's answer. */
function flightKey({ slot, claims, forceRefresh, cacheOnly }: TokenRequest): string {
  return `${forceRefresh ? 'f' : '-'}${cacheOnly ? 'c' : '-'}${claims ?? ''} ${slot.key}`
}
