// One sending of a downstream request with a token: no redirect is followed, and the observer is told how it ended.
import { isFetchInstrumented } from '#http'
import type { AccessToken } from '../acquire/token-source.ts'
import { DownstreamError } from '../kernel/errors/errors.ts'
import { codeOf, type Fetch } from '../kernel/http/http.ts'
import type { CallContext, TokenKind } from '../kernel/observer.ts'
import type { Within } from '../kernel/telemetry.ts'
import { summarizeCause } from '../kernel/errors/safe-cause.ts'
import { buildTraceparent } from '../kernel/trace-context.ts'
import { Answer } from './answer/answer.ts'
import type { CallEnd } from './call-end.ts'
import type { DownstreamSettings } from './downstream-settings.ts'
import type { PreparedRequest } from './request/request.ts'

/** What sending needs from outside. */
export interface SendPorts {
  readonly fetch: Fetch
  readonly nowMs: () => number
  /** By the steady clock: for how long something takes. */
  readonly passedMs: () => number
  readonly context: CallContext
  /** Whose token is sent. */
  readonly tokenKind: TokenKind
  /** Follows each sending. Default: nobody does. */
  readonly within?: Within | undefined
}

/** What one sending is about. */
export interface Sending {
  readonly request: PreparedRequest
  readonly token: AccessToken
  /** 1 for the first of a call. */
  readonly attempt: number
  readonly end: CallEnd
}

/** @throws DownstreamError when no answer came; any status is an answer. */
export function sendOnce(settings: DownstreamSettings, ports: SendPorts, sending: Sending): Promise<Answer> {
  const { within } = ports
  return within === undefined
    ? send(settings, ports, sending)
    : within('downstream', () => send(settings, ports, sending))
}

async function send(
  settings: DownstreamSettings,
  ports: SendPorts,
  { request, token, attempt, end }: Sending,
): Promise<Answer> {
  const { url, method, more } = request
  const { signal } = end
  signal.throwIfAborted() // the token came too late
  const body = request.body && (await request.body.open())
  const headers = withToken(request.headers, token, ports.context)
  end.answered = undefined // of a sending before
  const startedMs = ports.passedMs()
  const report = (status: number | undefined): void => {
    ports.context.observe({
      type: 'downstream_called',
      api: settings.name,
      method,
      path: url.pathname,
      status,
      durationMs: ports.passedMs() - startedMs,
      token: ports.tokenKind,
      attempt,
    })
  }
  try {
    // `manual`: wherever a redirect leads, even on the same host, it is not where the token was to go.
    const response = await ports.fetch(url, { ...more, ...body, method, headers, signal, redirect: 'manual' })
    end.answered = response.status
    if (signal.aborted) await response.body?.cancel() // nobody waits for it any more
    const answer = new Answer(response, { api: settings.name, secret: token.accessToken, end })
    report(response.status)
    return answer
  } catch (error) {
    report(undefined)
    // A wrapped `fetch` may put its request into the errors that it throws.
    throw unanswered(settings.name, `The downstream API '${settings.name}'`, error, [token.accessToken])
  }
}

/** No answer came. The message has the code of the cause, which tells a host that is not there from a certificate that is not trusted. */
export function unanswered(
  api: string,
  whom: string,
  error: unknown,
  secrets: readonly string[],
): DownstreamError {
  const cause = summarizeCause(error, secrets)
  const code = codeOf(cause)
  const told = code === undefined ? '' : ` (${code})`
  return new DownstreamError(api, `${whom} did not answer${told}`, undefined, '', { cause })
}

function withToken(headers: Headers, token: AccessToken, { traceId }: CallContext): Headers {
  const all = new Headers(headers)
  all.set('authorization', `Bearer ${token.accessToken}`)
  const ours = traceId !== undefined && !all.has('traceparent') && !isFetchInstrumented() // two would be none
  if (ours) all.set('traceparent', buildTraceparent(traceId))
  return all
}
