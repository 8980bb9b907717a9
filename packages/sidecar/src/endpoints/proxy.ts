// /Proxy/{apiName}/{*path}: a downstream call as it is, method, status, headers and body, streamed both ways.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { type DownstreamRequestInit } from 'midtier'
import { clientGone } from 'midtier/node-http'
import { chooseActor } from '../calls/actor.ts'
import { mergePlan } from '../calls/plan.ts'
import { isReserved, staysBehind } from '../calls/reserved-headers.ts'
import { always } from '../http/answer.ts'
import { hasBody } from '../http/body.ts'
import { authenticate, type Endpoint } from '../http/exchange.ts'
import { findApi } from './prepare.ts'

/** The query is the downstream API's: there are no overrides here. */
export const proxy: Endpoint = async (sidecar, exchange) => {
  const { request, response, apiName, rest, method } = exchange
  const caller = await authenticate(sidecar, exchange)
  const plan = mergePlan(findApi(sidecar, apiName), undefined)
  const actor = chooseActor(sidecar, plan, caller)
  const answer = await actor.fetch(plan.api)(rest, {
    method,
    headers: forwarded(request),
    scopes: plan.scopes,
    signal: clientGone(response),
    ...bodyOf(request, method),
  })
  await relay(answer, response)
  return undefined
}

function forwarded({ headersDistinct }: IncomingMessage): [string, string][] {
  const dropped = new Set(
    (headersDistinct['connection'] ?? []).flatMap((value) => value.toLowerCase().split(/[\s,]+/)),
  )
  return Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    isReserved(name) || dropped.has(name) ? [] : values.map((value): [string, string] => [name, value]),
  )
}

/** A stream cannot be sent twice: without a body a claims challenge is answered here, with one it goes to the caller. */
function bodyOf(request: IncomingMessage, method: string): Pick<DownstreamRequestInit, 'body' | 'replay'> {
  if (!hasBody(request) || method === 'GET' || method === 'HEAD') return {}
  return { body: request, replay: false }
}

async function relay(answer: Response, response: ServerResponse): Promise<void> {
  if (response.destroyed) {
    await answer.body?.cancel()
    return
  }
  for (const [name, value] of answer.headers)
    if (!staysBehind(name, answer.headers)) response.setHeader(name, value)
  response.writeHead(answer.status, always)
  if (answer.body === null) {
    response.end()
    return
  }
  response.flushHeaders() // a client that waits for them is not made to wait for the first piece
  await pipeline(Readable.fromWeb(answer.body as NodeReadableStream), response)
}
