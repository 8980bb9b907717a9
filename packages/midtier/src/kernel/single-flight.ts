// Concurrent identical work is done once: the flight belongs to nobody's request, callers only wait for it.
import { abortReason } from './errors/abort-reason.ts'
import { areRequestsIsolated } from './isolated-requests.ts'
import { onAbort } from './on-abort.ts'

/**
 * Joins concurrent calls of the same key into one.
 *
 * A caller whose `signal` aborts stops waiting; the flight goes on for the others.
 * A failure is shared by those who waited and is forgotten at once, so the next call tries again.
 *
 * Where requests are isolated nobody is joined: what another request began may never end.
 */
export class SingleFlight<Result> {
  readonly #flights = new Map<string, Promise<Result>>()

  /** Number of keys in flight that can be joined. */
  get size(): number {
    return this.#flights.size
  }

  run(key: string, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted === true) return Promise.reject(abortReason(signal))
    const flight = areRequestsIsolated() ? work() : (this.#flights.get(key) ?? this.#start(key, work))
    return signal === undefined ? flight : abandonOnAbort(flight, signal)
  }

  #start(key: string, work: () => Promise<Result>): Promise<Result> {
    const land = (): void => void this.#flights.delete(key)
    const flight = work()
    this.#flights.set(key, flight)
    flight.then(land, land) // every waiter sees a failure; with all of them gone it is nobody's
    return flight
  }
}

function abandonOnAbort<Result>(flight: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const unfollow = onAbort(signal, () => reject(abortReason(signal)))
    flight.then(resolve, reject).finally(unfollow)
  })
}
