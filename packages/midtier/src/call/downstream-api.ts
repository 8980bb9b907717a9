// A named downstream API for one caller: a path in, the API's answer out, the token in between and nowhere else.
import { checkAmount, checkOptions, checkSignal } from '../kernel/check-argument.ts'
import type { CallEnd } from './call-end.ts'
import { type CallLimits, withDeadline } from './deadline.ts'
import type { DownstreamSettings } from './downstream-settings.ts'
import type { Answer } from './answer/answer.ts'
import { checkRedirecting, type DownstreamReadOptions, followWithoutToken } from './answer/redirects.ts'
import { expectSuccess, readBytes, readJson, refusal } from './answer/read-answer.ts'
import { buildRelayedResponse, isRelayable, readKeptHeaders } from './answer/relay.ts'
import {
  type DownstreamCallOptions,
  type DownstreamRequestInit,
  type PreparedRequest,
  prepareRequest,
} from './request/request.ts'
import { type DownstreamBody, writeJson } from './request/request-body.ts'
import { readHeaders } from './request/reserved-headers.ts'
import { type CallPorts, sendWithToken } from './send-with-token.ts'

/** `Uint8Array<ArrayBuffer>` in words that a TypeScript before 5.7 knows too, where the type takes no argument. */
type Bytes = ReturnType<typeof Uint8Array.of>

/** What `relay` takes. */
export interface DownstreamRelayInit extends DownstreamRequestInit {
  /** Further headers of the answer to pass on, such as `x-total-count`. Cookies, CORS and the like cannot be among them. */
  readonly keepHeaders?: readonly string[] | undefined
}

/**
 * A downstream API bound to one caller: paths are relative to its base URL, and every call carries that caller's token (or the
 * application's, where the API is configured so).
 *
 * A claims challenge of the API is answered with one new token and one repetition; when that does not do, it is thrown as an
 * InteractionRequiredError `claims_required` for our own caller. A 401 without claims is an answer like any other: nothing is
 * acquired anew for it.
 */
export interface DownstreamApi {
  /** GETs JSON. @throws DownstreamError for any status but 2xx. */
  getJson<Result = unknown>(path: string, options?: DownstreamCallOptions): Promise<Result>
  /** POSTs a JSON body and reads a JSON answer; `undefined` for 204. @throws DownstreamError for any status but 2xx. */
  postJson<Result = unknown>(path: string, body: unknown, options?: DownstreamCallOptions): Promise<Result>
  /** PUTs likewise. */
  putJson<Result = unknown>(path: string, body: unknown, options?: DownstreamCallOptions): Promise<Result>
  /** PATCHes likewise. */
  patchJson<Result = unknown>(path: string, body: unknown, options?: DownstreamCallOptions): Promise<Result>
  /** DELETEs. @throws DownstreamError for any status but 2xx. */
  delete(path: string, options?: DownstreamCallOptions): Promise<void>
  /** GETs bytes, `maxResponseBytes` at most. @throws DownstreamError for any status but 2xx. */
  getBytes(path: string, options?: DownstreamReadOptions): Promise<Bytes>
  /** GETs whatever there is, of any length: read `body`, `text()` or `blob()` of the answer. @throws DownstreamError for any status but 2xx. */
  get(path: string, options?: DownstreamReadOptions): Promise<Response>
  /** POSTs bytes, text, a form or a stream. @throws DownstreamError for any status but 2xx; AcquisitionError `body_not_replayable`. */
  post(path: string, body: DownstreamBody | undefined, options?: DownstreamCallOptions): Promise<Response>
  /** PUTs likewise. */
  put(path: string, body: DownstreamBody | undefined, options?: DownstreamCallOptions): Promise<Response>
  /** PATCHes likewise. */
  patch(path: string, body: DownstreamBody | undefined, options?: DownstreamCallOptions): Promise<Response>
  /**
   * `fetch` with the token: any status comes back as a `Response`, redirects are never followed. Takes a path, or a URL or `Request`
   * below the base URL; the body of a `Request` is read whole, unless it is not to be replayed.
   *
   * @throws InteractionRequiredError for a claims challenge that a new token did not answer.
   */
  readonly fetch: (input: string | URL | Request, init?: DownstreamRequestInit) => Promise<Response>
  /**
   * The answer of the API for our own caller: its status and streamed body, with the headers that describe the body and
   * `keepHeaders` alone.
   *
   * @throws DownstreamError for 401, 407 and redirects, which are about us and not about our caller; InteractionRequiredError likewise.
   */
  relay(path: string, init?: DownstreamRelayInit): Promise<Response>
}

/** Binds a configured downstream API to a caller. */
export function createDownstreamApi(settings: DownstreamSettings, ports: CallPorts): DownstreamApi {
  const { leaving } = ports
  const { call, sendForSuccess } = createCalls(settings, ports)

  const sendJson = <Result>(
    method: string,
    path: string,
    body: unknown,
    options: DownstreamCallOptions = {},
  ): Promise<Result> =>
    leaving(() =>
      sendForSuccess(
        path,
        options,
        jsonInit(method, body, options),
        async (answer) => (await readJson(settings, answer)) as Result,
      ),
    )

  const send = <Result>(
    path: string,
    options: DownstreamReadOptions,
    init: Pick<DownstreamRequestInit, 'method' | 'body'>,
    read: (answer: Answer) => Promise<Result>,
  ): Promise<Result> => leaving(() => sendForSuccess(path, options, init, read))

  const sendBody =
    (method: string) =>
    (
      path: string,
      body: DownstreamBody | undefined,
      options: DownstreamCallOptions = {},
    ): Promise<Response> =>
      send(path, options, { method, ...(body === undefined ? {} : { body }) }, unread)

  return {
    getJson: (path, options) => sendJson('GET', path, undefined, options),
    postJson: (path, body, options) => sendJson('POST', path, body, options),
    putJson: (path, body, options) => sendJson('PUT', path, body, options),
    patchJson: (path, body, options) => sendJson('PATCH', path, body, options),
    delete: (path, options = {}) => send(path, options, { method: 'DELETE' }, drop),
    getBytes: (path, options = {}) =>
      send(path, options, { method: 'GET' }, (answer) => readBytes(settings, answer)),
    get: (path, options = {}) => send(path, options, { method: 'GET' }, unread),
    post: sendBody('POST'),
    put: sendBody('PUT'),
    patch: sendBody('PATCH'),
    fetch: createDownstreamFetch(settings, ports),
    relay: (path, init = {}) =>
      leaving(() => {
        checkOptions(init)
        const kept = readKeptHeaders(init.keepHeaders)
        return call(prepareRequest(settings, path, init), init, async (answer) => {
          if (isRelayable(answer.status)) return buildRelayedResponse(answer, kept, ports.nowMs())
          await answer.cancel()
          throw refusal(settings, answer, '', ports.nowMs())
        })
      }),
  }
}

/** `fetch` of a downstream API by itself, for whoever needs nothing else of it. */
export function createDownstreamFetch(
  settings: DownstreamSettings,
  ports: CallPorts,
): DownstreamApi['fetch'] {
  const { call } = createCalls(settings, ports)
  const send = (input: string | URL, init: DownstreamRequestInit): Promise<Response> =>
    call(prepareRequest(settings, input, init), init, unread)
  return (input, init = {}) =>
    ports.leaving(() =>
      isRequest(input)
        ? initOf(settings, input, init).then((all) => send(new URL(input.url), all))
        : send(input, init),
    )
}

/** What every method is made of: a call within its time, and one whose answer has to be a success. */
interface Calls {
  readonly call: <Result>(
    request: PreparedRequest,
    limits: CallLimits,
    read: (answer: Answer, end: CallEnd) => Promise<Result>,
  ) => Promise<Result>
  readonly sendForSuccess: <Result>(
    path: string,
    options: DownstreamReadOptions,
    more: Pick<DownstreamRequestInit, 'method' | 'headers' | 'body'>,
    read: (answer: Answer) => Promise<Result>,
  ) => Promise<Result>
}

function createCalls(settings: DownstreamSettings, ports: CallPorts): Calls {
  return { call, sendForSuccess }

  function call<Result>(
    request: PreparedRequest,
    { signal: callerSignal, timeoutMs = settings.timeoutMs }: CallLimits,
    read: (answer: Answer, end: CallEnd) => Promise<Result>,
  ): Promise<Result> {
    return withDeadline(settings, { signal: callerSignal, timeoutMs }, async (end) =>
      read(await sendWithToken(settings, ports, request, { timeoutMs, callerSignal, end }), end),
    )
  }

  function sendForSuccess<Result>(
    path: string,
    options: DownstreamReadOptions,
    more: Pick<DownstreamRequestInit, 'method' | 'headers' | 'body'>,
    read: (answer: Answer) => Promise<Result>,
  ): Promise<Result> {
    checkOptions(options)
    checkRedirecting(options)
    const init = { ...options, ...more }
    const { followRedirects, redirectHosts: hosts } = options
    const request = prepareRequest(settings, path, init)
    return call(request, init, async (first, end) => {
      const redirected = { answer: first, from: request.url, hosts, end }
      const answer =
        followRedirects === 'without-token' ? await followWithoutToken(settings, ports, redirected) : first
      return read(await expectSuccess(settings, answer, ports.nowMs))
    })
  }
}

/** By its members: a `Request` of the undici package or of another realm is of another class. */
function isRequest(input: unknown): input is Request {
  return (
    typeof input === 'object' && input !== null && 'url' in input && 'headers' in input && 'method' in input
  )
}

const unread = (answer: Answer): Promise<Response> => Promise.resolve(answer.toResponse())

const drop = (answer: Answer): Promise<void> => answer.cancel()

function jsonInit(
  method: string,
  body: unknown,
  options: DownstreamCallOptions,
): Pick<DownstreamRequestInit, 'method' | 'headers' | 'body'> {
  checkOptions(options)
  const headers = readHeaders(options.headers)
  if (!headers.has('accept')) headers.set('accept', 'application/json')
  if (body === undefined) return { method, headers }
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  return { method, headers, body: writeJson(body) }
}

/**
 * What a `Request` says, and then what is said beside it; as `fetch` has it.
 *
 * Its body is read before the call, within the same time once more: it may be that of somebody who sends slowly, or no more.
 */
async function initOf(
  settings: DownstreamSettings,
  request: Request,
  init: DownstreamRequestInit,
): Promise<DownstreamRequestInit> {
  const { method, signal: own } = request
  const headers = readHeaders(init.headers ?? request.headers)
  const said = { method, signal: own, ...init, headers }
  const { signal, timeoutMs = settings.timeoutMs } = said
  checkSignal(signal)
  checkAmount('timeoutMs', timeoutMs)
  const read = (): Promise<DownstreamBody | undefined> => bodyOf(request, said)
  const body = said.body === undefined ? await withDeadline(settings, { signal, timeoutMs }, read) : said.body
  return { ...said, ...(body === undefined ? {} : { body }) }
}

async function bodyOf(
  request: Request,
  { replay = true }: DownstreamRequestInit,
): Promise<DownstreamBody | undefined> {
  if (request.body === null) return undefined
  return replay ? request.arrayBuffer() : request.body
}
