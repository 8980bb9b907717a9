// /DownstreamApi/{apiName}: calls the API with a token, and tells its answer as JSON.
import { acquire } from '../calls/actor.ts'
import { describeAnswer } from '../calls/answer.ts'
import type { Plan } from '../calls/plan.ts'
import { followRedirects } from '../calls/redirects.ts'
import { buildPath } from '../calls/target.ts'
import { json } from '../http/answer.ts'
import { readBody } from '../http/body.ts'
import type { Endpoint, Exchange } from '../http/exchange.ts'
import { patienceOf } from '../http/patience.ts'
import { Refusal } from '../kernel/refusals.ts'
import { findApi, prepared, type RouteFacts } from './prepare.ts'

export function downstreamApi(route: RouteFacts): Endpoint {
  return prepared(route, async (sidecar, exchange, { plan, actor }) => {
    const { allowOutboundRedirects, maxRequestBodyBytes } = sidecar.settings.behaviour
    const body = await readBody(exchange.request, maxRequestBodyBytes)
    if (isSpecial(plan)) await acquire(actor, plan)
    const method = methodOf(plan, exchange.method)
    const { signal, limit } = patienceOf(exchange.response)
    const first = await actor.fetch(plan.api)(buildPath(plan.relativePath, plan.extraQuery), {
      method,
      headers: headersOf(plan, exchange, body !== undefined),
      scopes: plan.scopes,
      signal,
      ...(body === undefined || method === 'GET' || method === 'HEAD' ? {} : { body }),
    })
    limit(answerTimeoutMs, tookTooLong)
    const from = new URL(first.url === '' ? findApi(sidecar, plan.api).baseUrl : first.url)
    const answer = allowOutboundRedirects ? await followRedirects(first, from, method, signal) : first
    return json(200, await describeAnswer(answer))
  })
}

function tookTooLong(): Refusal {
  return new Refusal(502, 'The answer of the downstream API did not come to its end in time.')
}

/** For its redirects and its content, all together, once the first head is here; until then the library has a limit of its own. */
const answerTimeoutMs = 30_000

/** What a call cannot be told about its token: the token is acquired ahead, and the call then finds it. */
function isSpecial({ forceRefresh, claims, correlationId }: Plan): boolean {
  return forceRefresh || claims !== undefined || correlationId !== undefined
}

/** Clients of the original always POST: without a method of its own, that is a GET. */
function methodOf({ httpMethod }: Plan, incoming: string): string {
  return httpMethod ?? (incoming === 'POST' ? 'GET' : incoming)
}

function headersOf(
  { acceptHeader, contentType, extraHeaders }: Plan,
  { request }: Exchange,
  hasBody: boolean,
): Record<string, string> {
  const type = contentType.overridden ?? request.headers['content-type'] ?? contentType.configured
  return {
    ...(acceptHeader === undefined ? {} : { accept: acceptHeader }),
    ...Object.fromEntries(extraHeaders),
    ...(hasBody && type !== undefined ? { 'content-type': type } : {}),
  }
}
