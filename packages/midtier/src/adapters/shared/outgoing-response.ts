// A web-standard `Response` as an API may pass it on to its own caller, whatever the framework then sends it by.
import { answererOf } from '../../call/answer/answer.ts'
import { buildRelayedResponse, isRelayable, isRelayed, readKeptHeaders } from '../../call/answer/relay.ts'
import { DownstreamError } from '../../kernel/errors/errors.ts'
import { bodyOf } from '../../kernel/http/body-of.ts'
import { systemClock, type Clock } from '../../kernel/time/clock.ts'

/** Options of `sendResponse`. */
export interface SendResponseOptions {
  /** Further headers to pass on, as `keepHeaders` of `relay`, which an answer that `relay` gave has brought along. */
  readonly keepHeaders?: readonly string[]
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

/** What was relayed goes out as it is; of any other answer, the same goes out as of a relayed one. @throws DownstreamError, AcquisitionError */
export async function outgoingResponse(
  response: Response,
  { keepHeaders, clock = systemClock }: SendResponseOptions,
): Promise<Response> {
  if (isRelayed(response)) return response
  const kept = readKeptHeaders(keepHeaders)
  const { status, headers } = response
  if (isRelayable(status))
    return buildRelayedResponse({ status, headers, toBody: () => bodyOf(response) }, kept, clock.nowMs())
  await response.body?.cancel()
  const message = `An answer with the status ${status} is about this API and not about its caller: it is not passed on`
  throw new DownstreamError(answererOf(response) ?? 'unknown', message, status)
}

/** Headers of an answer that is being made, as a framework has them. */
export interface SaidHeaders {
  readonly get: (name: string) => string | number | readonly string[] | null | undefined
  readonly set: (name: string, value: string) => void
}

/** What a middleware has said by now stays true: CORS varies by `Origin`, and what it forbade to keep is not kept. */
export function addHeaders(headers: Headers, said: SaidHeaders): void {
  const saidOf = (name: string): string => String(said.get(name) ?? '')
  const varies = saidOf('vary')
  const keepsNothing = saidOf('cache-control').toLowerCase().includes('no-store')
  for (const [name, value] of headers) {
    if (name === 'vary' && varies !== '') said.set(name, `${varies}, ${value}`)
    else if (name !== 'cache-control' || !keepsNothing) said.set(name, value)
  }
}
