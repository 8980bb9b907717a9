// The time that one call may take, all its sendings and waits included; the caller's own signal ends it sooner.
import { DownstreamError } from '../kernel/errors/errors.ts'
import type { DownstreamSettings } from './downstream-settings.ts'

/** Longest time of a call, whatever is asked for. Milliseconds. */
const longestMs = 600_000

/** How long a call may take, and who may end it. */
export interface CallLimits {
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | null | undefined
}

/** What ends a call, and the reading of what it left open. */
export interface CallEnd {
  /** Of its time and of the caller's signal, for what is done within the call. */
  readonly signal: AbortSignal
  /** The same until the call has its result, and then the caller's own; `undefined` when nothing ends the reading any more. */
  readonly reading: AbortSignal | undefined
}

/**
 * Does the work of one call until its time is over.
 *
 * What the work leaves open, such as a body that is still being read, is no longer limited once it has returned, but still
 * ends with the caller's signal, which nobody listens to unless somebody reads.
 * @throws DownstreamError when the time is over; the reason of the caller's signal.
 */
export function withDeadline<Result>(
  { name }: Pick<DownstreamSettings, 'name'>,
  limits: CallLimits & { readonly timeoutMs: number },
  work: (end: CallEnd) => Promise<Result>,
): Promise<Result> {
  const timeoutMs = Math.min(limits.timeoutMs, longestMs)
  const callerSignal = limits.signal ?? undefined
  const patience = new AbortController()
  const { signal } = patience
  const end: { -readonly [Member in keyof CallEnd]: CallEnd[Member] } = { signal, reading: signal }
  return new Promise((resolve, reject) => {
    // Not `AbortSignal.any`: what that one makes costs more than all else here, and the platform holds it as long as a `fetch` listens.
    const left = (): void => {
      patience.abort(callerSignal?.reason)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      patience.abort(new DOMException(`No answer within ${timeoutMs} ms`, 'TimeoutError'))
      reject(tookTooLong(name, timeoutMs, signal.reason))
    }, timeoutMs)
    const ended =
      <Value>(settle: (value: Value) => void) =>
      (value: Value): void => {
        clearTimeout(timer)
        callerSignal?.removeEventListener('abort', left)
        if (!signal.aborted) end.reading = callerSignal
        settle(value)
      }
    callerSignal?.addEventListener('abort', left)
    if (callerSignal?.aborted === true) left()
    work(end).then(ended(resolve), ended(reject))
  })
}

function tookTooLong(api: string, timeoutMs: number, cause: unknown): DownstreamError {
  const message = `The downstream API '${api}' did not answer within ${timeoutMs} ms`
  return new DownstreamError(api, message, undefined, '', { cause })
}
