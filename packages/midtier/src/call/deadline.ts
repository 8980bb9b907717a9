// The time that one call may take, all its sendings and waits included; the caller's own signal ends it sooner.
import { DownstreamError } from '../kernel/errors/errors.ts'
import { untilAborted } from '../kernel/until-aborted.ts'
import type { DownstreamSettings } from './downstream-settings.ts'

/** Longest time of a call, whatever is asked for. Milliseconds. */
const longestMs = 600_000

/** How long a call may take, and who may end it. */
export interface CallLimits {
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | null | undefined
}

/**
 * Does the work of one call until its time is over.
 *
 * What the work leaves open, such as a body that is still being read, is no longer limited once it has returned, but still
 * ends with the caller's signal.
 * @throws DownstreamError when the time is over; the reason of the caller's signal.
 */
export async function withDeadline<Result>(
  { name }: Pick<DownstreamSettings, 'name'>,
  limits: CallLimits & { readonly timeoutMs: number },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const patience = new AbortController()
  const timeoutMs = Math.min(limits.timeoutMs, longestMs)
  const timer = setTimeout(() => {
    patience.abort(new DOMException(`No answer within ${timeoutMs} ms`, 'TimeoutError'))
  }, timeoutMs)
  const signals = [patience.signal, ...(limits.signal == null ? [] : [limits.signal])]
  try {
    const signal = AbortSignal.any(signals)
    return await untilAborted(signal, () => work(signal))
  } catch (error) {
    limits.signal?.throwIfAborted()
    if (patience.signal.aborted) throw tookTooLong(name, timeoutMs, error)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function tookTooLong(api: string, timeoutMs: number, cause: unknown): DownstreamError {
  const message = `The downstream API '${api}' did not answer within ${timeoutMs} ms`
  return new DownstreamError(api, message, undefined, '', { cause })
}
