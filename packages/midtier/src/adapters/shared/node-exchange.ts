// One request and its answer in Node: what `authenticate` is handed of it, and whether there is somebody left to answer.
import type { ServerResponse } from 'node:http'
import type { IncomingRequest } from '../../web-api/incoming-request.ts'
import { type HeaderFields, rawHeader } from './raw-header.ts'
import { type Asked, incomingRequest, traceIdOf } from './request-trace.ts'

/** A Node request, or what stands in for one. */
type NodeRequest = HeaderFields & Asked

/** What `authenticate` looks at. @param asked What a framework makes of the request, where that is another object. */
export function nodeRequest(request: NodeRequest, asked: Asked = request): IncomingRequest {
  return incomingRequest(request, asked, (name) => rawHeader(request, name))
}

/** The trace id of a request. */
export function nodeTraceId(request: NodeRequest): string | undefined {
  return traceIdOf(request, (name) => rawHeader(request, name))
}

/** Whether there is nobody left to answer: an answer has ended, or the client has gone. */
export function isOver({
  writableEnded,
  destroyed,
}: Pick<ServerResponse, 'writableEnded' | 'destroyed'>): boolean {
  return writableEnded || destroyed
}

/**
 * Looks, later, whether somebody else has answered since, such as a time limit, or the client has gone. Headers that were sent before are
 * no answer: they were sent on purpose.
 */
export function watchForAnswer(
  response: Pick<ServerResponse, 'headersSent' | 'writableEnded' | 'destroyed'>,
): () => boolean {
  const begun = response.headersSent
  return () => isOver(response) || (response.headersSent && !begun)
}
