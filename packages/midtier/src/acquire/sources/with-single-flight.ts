// Concurrent requests for the same token make one exchange, which belongs to none of them.
import { SingleFlight } from '../../kernel/single-flight.ts'
import type { AccessToken, TokenRequest, TokenSource } from '../token-source.ts'

/** Joins identical requests. Their signals are not looked at: stopping to wait is the business of who waits. */
export function withSingleFlight(source: TokenSource): TokenSource {
  const flights = new SingleFlight<AccessToken>()
  return { acquire: (request) => flights.run(flightKey(request), () => source.acquire(request)) }
}

/** What may be shared: a request with claims, a forced one or one for the cache alone never takes another kind's answer. */
function flightKey({ slot, claims, forceRefresh, cacheOnly }: TokenRequest): string {
  return `${forceRefresh ? 'f' : '-'}${cacheOnly ? 'c' : '-'}${claims ?? ''} ${slot.key}`
}
