// What an adapter does with an error: the answer for the caller and, where it is the owner's to fix, a line in the owner's log.
import { exitNoteOf } from './exit-note.ts'
import { FailureLog } from '../kernel/log/failure-log.ts'
import { isMidtierError } from '../kernel/errors/known-errors.ts'
import { consoleLogger } from '../kernel/log/logger.ts'
import { systemClock } from '../kernel/time/clock.ts'
import { createTraceId } from '../kernel/trace-context.ts'
import { renderTraced, type RenderedAnswer } from './render.ts'

/** For errors that no web API let out: those that the application made itself, or that its options made. */
const ofNobody = new FailureLog(consoleLogger, systemClock)

/**
 * The answer to an error, as {@link render} has it; `undefined` for an error that is not ours.
 *
 * An answer of 500, 502 or 503 is said once in the log of the web API that the error left (its option `logger`), with what is
 * needed to fix it. For adapters of your own: where you only want to look, {@link render} says nothing.
 *
 * @param traceId W3C trace id of the request that is answered, for an error that does not know it: both the answer and the log have it.
 * Default: a fresh one.
 * @example
 * ```ts
 * const answered = answer(error) // as `render`, and the log knows what is ours to fix
 * if (answered === undefined) throw error
 * res.writeHead(answered.status, answered.headers).end(answered.body)
 * ```
 */
export function answer(error: unknown, traceId?: string): RenderedAnswer | undefined {
  const note = exitNoteOf(error)
  const trace = note?.traceId ?? traceId ?? createTraceId()
  const rendered = renderTraced(error, trace)
  if (rendered === undefined || !isMidtierError(error)) return rendered
  const { status } = rendered
  if (status < 500) note?.refused?.(status, trace)
  else if (note !== undefined) note.answered(status, trace)
  else ofNobody.answered(error, { status, traceId: trace, operation: undefined, api: undefined })
  return rendered
}
