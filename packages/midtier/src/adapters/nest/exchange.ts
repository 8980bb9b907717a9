// A request and its answer as Nest hands them out: those of Express, or those of Fastify around Node's own.
import type { ArgumentsHost } from '@nestjs/common'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IncomingRequest } from '../../web-api/incoming-request.ts'
import { rawHeader } from '../shared/raw-header.ts'
import { incomingRequest } from '../shared/request-trace.ts'

/** The request of a handler, on either platform. */
export type NestRequest = Pick<IncomingMessage, 'headers'> & {
  readonly method?: string | undefined
  readonly originalUrl?: string
  readonly raw?: IncomingMessage
}

/** What handlers get by `@Res()`: the response of Express, or the reply of Fastify. */
export type NestResponse = ServerResponse | NestReply

/** The reply of Fastify. */
export interface NestReply {
  readonly raw: ServerResponse
  readonly sent: boolean
  readonly hijack: () => unknown
  readonly getHeader: (name: string) => string | number | readonly string[] | undefined
}

/** What both platforms answer by. */
export interface Answerable {
  readonly status: (status: number) => unknown
  readonly header: (name: string, value: string) => unknown
  readonly send: (body: string) => unknown
}

/** Node's own request, around which Fastify has another. */
export function rawRequestOf(request: NestRequest): IncomingMessage {
  return request.raw ?? (request as IncomingMessage)
}

/** Node's own response, around which Fastify has another. */
export function rawResponseOf(response: NestResponse): ServerResponse {
  return isReply(response) ? response.raw : response
}

export function isReply(response: NestResponse): response is NestReply {
  return 'raw' in response
}

/** What `authenticate` looks at. A plugin of Fastify may have replaced `headers`; `rawHeaders` is what came. */
export function nestRequest(request: NestRequest): IncomingRequest {
  const { rawHeaders, url: rawUrl = '' } = rawRequestOf(request)
  const { headers, method = '', originalUrl: url = rawUrl } = request
  return incomingRequest(rawRequestOf(request), { method, url }, (name) =>
    rawHeader({ headers, rawHeaders }, name),
  )
}

/** The request of an HTTP handler; `undefined` in a gateway, a resolver or a message handler. */
export function requestOf(host: ArgumentsHost): NestRequest | undefined {
  return host.getType() === 'http' ? host.getArgByIndex<NestRequest>(0) : undefined
}

/** The answer of an HTTP handler. `switchToHttp` gives the same, and makes an object of functions for it at each call. */
export function responseOf(host: ArgumentsHost): NestResponse {
  return host.getArgByIndex<NestResponse>(1)
}

/** Nobody waits for an answer of ours: Fastify, which makes one of what a handler returns, is told so. */
export function leave(response: NestResponse): void {
  if (isReply(response)) response.hijack()
}
