// The exception filter: answers the errors of this library, and leaves all others to the filters of the application.
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import { answer } from '../../answer/answer.ts'
import { isMidtierError } from '../../kernel/errors/known-errors.ts'
import { isOver, nodeTraceId } from '../shared/node-exchange.ts'
import {
  type Answerable,
  leave,
  type NestRequest,
  type NestResponse,
  rawRequestOf,
  rawResponseOf,
} from './exchange.ts'

/** Errors that can no longer be answered: they are the application's, whose filters are told. */
const late = new WeakSet()

/** What Nest compares an error with, by `instanceof`: our errors are known by their mark, whichever copy of the package made them. */
const ours = {
  [Symbol.hasInstance]: (error: unknown): boolean => isMidtierError(error) && !late.has(error),
}

/**
 * Answers the errors of this library. `MidtierModule` and `@Protect` put it where it belongs; an application whose own filter is for all
 * errors, by `app.useGlobalFilters`, names it behind that.
 *
 * An error that comes when an answer has begun closes the connection, so that nobody takes half an answer for a whole one, and goes on to
 * the filters of the application.
 * @example
 * ```ts
 * app.useGlobalFilters(new EverythingFilter(), new MidtierExceptionFilter()) // of several, Nest asks the last one first
 * ```
 */
export class MidtierExceptionFilter implements ExceptionFilter {
  catch(error: Error, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error
    const http = host.switchToHttp()
    const response = http.getResponse<NestResponse & Answerable>()
    const raw = rawResponseOf(response)
    if (raw.headersSent) {
      if (!isOver(raw)) raw.destroy()
      late.add(error)
      throw error
    }
    if (isOver(raw)) leave(response)
    else send(response, error, nodeTraceId(rawRequestOf(http.getRequest<NestRequest>())))
  }
}

Catch(ours as never)(MidtierExceptionFilter)

function send(response: Answerable, error: Error, traceId: string | undefined): void {
  const rendered = answer(error, traceId)
  if (rendered === undefined) throw error
  response.status(rendered.status)
  for (const [name, value] of Object.entries(rendered.headers)) response.header(name, value)
  response.send(rendered.body)
}
