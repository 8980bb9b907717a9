// Concurrent identical work is done once: the flight belongs to nobody's request, callers only wait for it.

/**
 * Joins concurrent calls of the same key into one.
 *
 * A caller whose `signal` aborts stops waiting; the flight goes on for the others.
 * A failure is shared by those who waited and is forgotten at once, so the next call tries again.
 */
export class SingleFlight<Result> {
  readonly #flights = new Map<string, Promise<Result>>()

  /** Number of keys in flight. */
  get size(): number {
    return this.#flights.size
  }

  async run(key: string, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted()
    const flight = this.#flights.get(key) ?? this.#start(key, work)
    return signal === undefined ? flight : abandonOnAbort(flight, signal)
  }

  #start(key: string, work: () => Promise<Result>): Promise<Result> {
    const flight = work().finally(() => this.#flights.delete(key))
    this.#flights.set(key, flight)
    flight.catch(() => undefined) // every waiter sees the failure; with all of them gone it is nobody's
    return flight
  }
}

function abandonOnAbort<Result>(flight: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abandon = (): void => {
      reject(
        signal.reason instanceof Error
          ? signal.reason
          : new DOMException('The call was aborted', 'AbortError'),
      )
    }
    signal.addEventListener('abort', abandon, { once: true })
    flight.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abandon)
    })
  })
}
