// Concurrent requests for the same token make one exchange, which belongs to none of them.
import { SingleFlight } from '../../kernel/single-flight.ts'
import type { Slot } from '../../token-cache/store.ts'
import type { AccessToken, TokenRequest, TokenSource } from '../token-source.ts'

/** Which flights: `ordinary` ones answer no claims challenge. */
export type FlightKind = 'all' | 'ordinary'

/** The exchanges under way, as many as there are. */
export class Flights {
  readonly #joined = new SingleFlight<AccessToken>()
  readonly #requests = new Map<string, TokenRequest>()

  /** Joins the flight of an identical request, or starts one. */
  join(request: TokenRequest, work: () => Promise<AccessToken>): Promise<AccessToken> {
    const key = flightKey(request)
    return this.#joined.run(key, () => {
      const land = (): void => {
        if (this.#requests.get(key) === request) this.#requests.delete(key)
      }
      const flight = work()
      this.#requests.set(key, request)
      flight.then(land, land)
      return flight
    })
  }

  /** Whoever asks from now on is not given what was under way into a slot, a partition or anywhere. */
  detach(which: Partial<Slot>, kind: FlightKind): void {
    for (const [key, { slot, claims }] of this.#requests) {
      const isOfKind = kind === 'all' || claims === undefined
      if (!isOfKind || !isWithin(slot, which)) continue
      this.#joined.detach(key)
      this.#requests.delete(key)
    }
  }
}

/** Joins identical requests. Their signals are not looked at: stopping to wait is the business of who waits. */
export function withSingleFlight(source: TokenSource, flights: Flights): TokenSource {
  return { acquire: (request) => flights.join(request, () => source.acquire(request)) }
}

function isWithin(slot: Slot, { partition, key }: Partial<Slot>): boolean {
  return (partition === undefined || slot.partition === partition) && (key === undefined || slot.key === key)
}

/** What may be shared: a request with claims, a forced one or one for the cache alone never takes another kind's answer. */
function flightKey({ slot, claims, forceRefresh, cacheOnly }: TokenRequest): string {
  return `${forceRefresh ? 'f' : '-'}${cacheOnly ? 'c' : '-'}${claims ?? ''} ${slot.key}`
}
