// What an adapter does with an error: the answer for the caller and, where it is the owner's to fix, a line in the owner's log.
import { exitNoteOf } from '../kernel/exit-note.ts'
import { FailureLog } from '../kernel/failure-log.ts'
import { isMidtierError } from '../kernel/known-errors.ts'
import { consoleLogger } from '../kernel/logger.ts'
import { systemClock } from '../kernel/clock.ts'
import { render, type RenderedAnswer } from './render.ts'

/** For errors that no web API let out: those that the application made itself, or that its options made. */
const ofNobody = new FailureLog(consoleLogger, systemClock)

/**
 * The answer to an error, as {@link render} has it; `undefined` for an error that is not ours.
 *
 * An answer of 500, 502 or 503 is said once in the log of the web API that the error left (its option `logger`), with what is
 * needed to fix it. For adapters of your own: where you only want to look, `render` says nothing.
 */
export function answer(error: unknown): RenderedAnswer | undefined {
  const rendered = render(error)
  if (rendered === undefined || rendered.status < 500 || !isMidtierError(error)) return rendered
  const note = exitNoteOf(error)
  if (note !== undefined) note.answered(rendered.status)
  else {
    const nothing = { traceId: undefined, operation: undefined, api: undefined }
    ofNobody.answered(error, { status: rendered.status, ...nothing })
  }
  return rendered
}
