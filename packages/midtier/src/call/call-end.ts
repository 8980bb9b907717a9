// What ends a call, and the bodies that it left open: its time, and the caller's own signal.
import { onAbort } from '../kernel/on-abort.ts'

/** What tells the end of a call that nobody holds a body of its any more. The end holds none, or none would ever be garbage. */
const unread = new FinalizationRegistry<CallEnd>((end) => end.lost())

/**
 * The end of one call.
 *
 * The caller's signal ends what is done within the call, and afterwards each body that is open: a `fetch` that heeds its signal closes the
 * connection at once, whether anybody reads or not. It is followed until the last body has come to its end or is garbage; it may outlive
 * a million calls. Not `AbortSignal.any`: what that one makes costs more than all else of a call, and the platform holds it as long as
 * a `fetch` listens.
 */
export class CallEnd {
  /** The status that is known of the answer under way; `undefined` while none of it is. */
  answered: number | undefined
  readonly #patience = new AbortController()
  readonly #caller: AbortSignal | undefined
  #open = 0
  #hasResult = false
  #left: (() => void) | undefined
  #unfollow: (() => void) | undefined

  /** `left` is told when the caller's signal aborts before the call has its result. */
  constructor(caller: AbortSignal | undefined, left: () => void) {
    this.#caller = caller
    this.#left = left
    if (caller !== undefined) this.#unfollow = onAbort(caller, () => this.#leave(caller.reason))
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
    if (this.#caller === undefined) return
    this.#open += 1
    unread.register(body, this, body)
  }

  /** A body that has come to its end, or was given up. */
  closed(body: object): void {
    if (this.#caller !== undefined && unread.unregister(body)) this.lost()
  }

  /** A body that is garbage. */
  lost(): void {
    this.#open -= 1
    if (this.#hasResult && this.#open === 0) this.#unfollow?.()
  }

  /** The call has its result, or has been left: time counts no more, and the caller's signal for as long as a body is open. */
  concluded(): void {
    this.#hasResult = true
    this.#left = undefined // it holds the result
    if (this.#open === 0 || this.signal.aborted) this.#unfollow?.()
  }

  #leave(reason: unknown): void {
    this.abort(reason)
    this.#left?.()
  }
}
