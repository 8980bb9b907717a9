// By which names an API knows a request in its own log: what a support case asks for.
import type { DownstreamFacts } from '../../kernel/errors/errors.ts'

/** Microsoft Graph's, Azure's, and what many others call it. */
const namesOfRequestId = ['request-id', 'x-ms-request-id', 'x-request-id'] as const
const namesOfClientRequestId = ['client-request-id', 'x-ms-client-request-id'] as const

/** The request ids of an answer. A value that is more than an identifier is left out: it goes into logs. */
export function readRequestIds(
  headers: Pick<Headers, 'get'>,
): Pick<DownstreamFacts, 'requestId' | 'clientRequestId'> {
  return {
    requestId: firstId(headers, namesOfRequestId),
    clientRequestId: firstId(headers, namesOfClientRequestId),
  }
}

function firstId(headers: Pick<Headers, 'get'>, names: readonly string[]): string | undefined {
  const values = names.map((name) => headers.get(name))
  return values.find((value): value is string => value !== null && /^[\w.:-]{1,128}$/.test(value))
}
