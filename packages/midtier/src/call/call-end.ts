// What ends a call, and the bodies that it left open: its time, and the caller's own signal.

import { onAbort } from '../kernel/on-abort.ts'

/** What lets go of the caller's signal for a body that nobody holds any more. */
const unread = new FinalizationRegistry<() => void>((letGo) => letGo())

/**
 * The end of one call.
 *
 * The caller's signal ends what is done within the call, and afterwards each body that is open: a `fetch` that heeds its signal closes the
 * connection at once, whether anybody reads or not. It is listened to until the last body has come to its end or is garbage; it may outlive a million calls.
 * Not `AbortSignal.any`: what that one makes costs more than all else of a call, and the platform holds it as long as a `fetch` listens.
 */
export class CallEnd {
  readonly #patience = new AbortController()
  readonly #caller: AbortSignal | undefined
  readonly #open = new Set<object>()
  #letGo: (() => void) | undefined
  #hasResult = false

  constructor(caller: AbortSignal | undefined) {
    this.#caller = caller
  }

  /** For all that is done within the call, and for what it leaves open. */
  get signal(): AbortSignal {
    return this.#patience.signal
  }

  /** What may still end the reading of a body; `undefined` when nothing does any more. */
  get reading(): AbortSignal | undefined {
    return this.#hasResult && this.#caller === undefined ? undefined : this.signal
  }

  /** Ends it. */
  abort(reason: unknown): void {
    this.#patience.abort(reason)
  }

  /** A body that may be read beyond the call. */
  opened(body: object): void {
    this.#open.add(body)
  }

  /** A body that has come to its end, or was given up. */
  closed(body: object): void {
    if (this.#open.delete(body) && this.#open.size === 0) this.#letGo?.()
  }

  /** The call has its result, or has been left: time counts no more, and the caller's signal for as long as a body is open. */
  concluded(): void {
    if (this.#hasResult) return
    this.#hasResult = true
    if (this.#caller === undefined || this.#open.size === 0 || this.signal.aborted) return
    const letGo = follow(this.#caller, this.#patience)
    this.#letGo = () => {
      unread.unregister(this)
      letGo()
    }
    for (const body of this.#open) unread.register(body, letGo, this)
  }
}

/** Made where no body is in sight: what the caller's signal holds must not hold one. */
function follow(caller: AbortSignal, patience: AbortController): () => void {
  return onAbort(caller, () => patience.abort(caller.reason))
}
