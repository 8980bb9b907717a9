// One request and its answer in Node: what `authenticate` is handed of it, and whether there is somebody left to answer.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IncomingRequest } from '../../web-api/incoming-request.ts'
import { type HeaderFields, rawHeader } from './raw-header.ts'
import { incomingRequest, traceIdOf } from './request-trace.ts'

/** A Node request, or what stands in for one. */
type NodeRequest = HeaderFields & Partial<Pick<IncomingMessage, 'method' | 'url'>>

/** What `authenticate` looks at. @param url As the client sent it, where a framework has cut something off. */
export function nodeRequest(request: NodeRequest, url: string = request.url ?? ''): IncomingRequest {
  return incomingRequest(request, { method: request.method ?? '', url }, (name) => rawHeader(request, name))
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
