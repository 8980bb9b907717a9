// The gate in front of an MCP server, whatever the framework: metadata for all, Origin, the token of each request, what each tool demands.
import { answer } from '../../answer/answer.ts'
import type { RenderedAnswer } from '../../answer/render.ts'
import { parseTraceId } from '../../kernel/trace-context.ts'
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { checkKnownOptions } from '../../kernel/known-options.ts'
import { requirementNames, scopeNames } from '../../protect/requirements/requirements.ts'
import { measure } from '../../web-api/admit.ts'
import type { Caller } from '../../web-api/caller.ts'
import { type IncomingRequest, singleHeader } from '../../web-api/incoming-request.ts'
import type { Requirements } from '../../web-api/requirements.ts'
import type { WebApi } from '../../web-api/web-api.ts'
import { checkProtect } from '../shared/check-use.ts'
import { createMetadataAnswers } from '../shared/metadata-answer.ts'
import type { PlainAnswer } from '../shared/plain-answer.ts'
import { createAuthInfo, type McpAuthInfo, type McpCall } from './auth-info.ts'
import { withScopes } from './challenges.ts'
import { isSingle, readCalls, type ReadBody } from './messages.ts'
import { checkOrigins, jsonRpcError, judgeOrigin } from './origins.ts'
import { type McpResource, resourceOf } from './resource.ts'
import { createSessions, type OwnsSession } from './sessions.ts'
import { acquireBefore, resolveTools, type Tool, type ToolRequirements } from './tools.ts'

/** Options of `protectMcp`: what every request has to meet, as of `protect`, and these. */
export interface McpOptions<Api extends string = string> extends Requirements<Api> {
  /** What single tools demand besides, by the name of the tool. A tool that is not named demands no more than the door. */
  readonly tools?: Readonly<Record<string, ToolRequirements<Api>>>
  /**
   * Origins of web pages that may call, `https://app.contoso.com`. Default: that of `resource.identifier`. Clients that are no pages send
   * none.
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /**
   * Whether several people may use one session id. Default `false`: whoever brings another's is answered 404. Risk: transports of the SDKs
   * give an answer to whoever's request had the same number.
   */
  readonly sharedSessions?: boolean | undefined
  /** The longest body that the gate reads. Bytes; default 4 MiB. */
  readonly maxBodyBytes?: number | undefined
}

/** One request as a framework has it. */
export interface McpRequest {
  readonly incoming: IncomingRequest
  readonly readBody: () => ReadBody | Promise<ReadBody>
}

/** What became of a request at the gate; `headers` belong to whatever answer follows. */
export type Entrance =
  | { readonly headers: Readonly<Record<string, string>>; readonly answer: PlainAnswer }
  | {
      readonly headers: Readonly<Record<string, string>>
      readonly answer?: undefined
      readonly call: McpCall
      readonly authInfo: McpAuthInfo
      /** The body, parsed; `undefined` for a request that has none. */
      readonly body: unknown
      /** Whether a tool's failure may go out over HTTP. */
      readonly single: boolean
    }

/** Lets requests in. @throws What is not ours: of a check of the application. */
export type Enter = (request: McpRequest) => Promise<Entrance>

/** What is decided at start-up. */
export interface Gate {
  readonly enter: Enter
  readonly maxBodyBytes: number
}

const ownOptions = ['tools', 'allowedOrigins', 'sharedSessions', 'maxBodyBytes'] as const
const knownOptions: readonly (keyof McpOptions)[] = [...requirementNames, ...ownOptions]

/** @throws ConfigurationError for what cannot work, naming its fix. */
export function createGate(api: WebApi, options: McpOptions = {}): Gate {
  checkKnownOptions(options, knownOptions, 'protectMcp')
  const { allowedOrigins = [], sharedSessions = false, maxBodyBytes = 4 * 1024 * 1024, ...others } = options
  // Left out is nothing; `undefined` is a mistake.
  const { tools: wanted = Object.hasOwn(options, 'tools') ? undefined : {}, ...door } = others
  checkProtect(api, door, 'protectMcp(api, { scopes: […] })')
  checkOrigins(allowedOrigins)
  if (typeof (sharedSessions as unknown) !== 'boolean')
    throw new ConfigurationError('sharedSessions', 'must be true or false')
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1)
    throw new ConfigurationError('maxBodyBytes', 'must be at least 1')
  const doorScopes = scopeNames(door)
  const tools = resolveTools(api, wanted, doorScopes)
  const demanded = [...doorScopes, ...[...tools.values()].flatMap(({ scopes }) => scopes)]
  const ports = {
    api,
    door,
    doorScopes,
    tools,
    allowedOrigins,
    ownsSession: sharedSessions ? () => true : createSessions(),
    resource: resourceOf(api, [...new Set(demanded)]),
    answerMetadata: createMetadataAnswers(api),
  }
  return { maxBodyBytes, enter: createEnter(ports) }
}

interface Ports {
  readonly api: WebApi
  readonly door: Requirements
  readonly doorScopes: readonly string[]
  readonly tools: ReadonlyMap<string, Tool>
  readonly allowedOrigins: readonly string[]
  readonly ownsSession: OwnsSession
  readonly resource: () => McpResource
  readonly answerMetadata: (method: string, url: string) => PlainAnswer | undefined
}

function createEnter(ports: Ports): Enter {
  let origins: ReadonlySet<string> | undefined
  return async (request) => {
    const { incoming } = request
    const found = ports.answerMetadata(incoming.method, incoming.url)
    if (found !== undefined) return { headers: {}, answer: found }
    const resource = ports.resource()
    origins ??= new Set([resource.origin, ...ports.allowedOrigins])
    const verdict = judgeOrigin(incoming, origins)
    if (verdict.answer !== undefined) return { headers: verdict.headers, answer: verdict.answer }
    return { ...(await admit(ports, resource, request)), headers: verdict.headers }
  }
}

/** The token first: of a stranger, no body is read. */
async function admit(
  ports: Ports,
  resource: McpResource,
  { incoming, readBody }: McpRequest,
): Promise<OmitHeaders<Entrance>> {
  const { api, door, doorScopes } = ports
  let scopes = doorScopes
  try {
    let caller = await api.authenticate(incoming, door)
    if (!ownsSession(ports, incoming, caller)) return { answer: unknownSession }
    if (!methods.has(incoming.method)) return { answer: unknownMethod }
    const read = incoming.method === 'POST' ? await readBody() : undefined
    if (read !== undefined && 'answer' in read) return { answer: read.answer }
    const calls = ports.tools.size === 0 ? noCalls : readCalls(read?.value)
    if ('answer' in calls) return { answer: calls.answer }
    for (const name of calls.tools) {
      const tool = ports.tools.get(name)
      if (tool === undefined) continue
      scopes = tool.withDoor
      caller = await measure(api, caller, incoming, tool.requirements)
      await acquireBefore(caller, tool)
    }
    const call: McpCall = {
      caller,
      resource,
      scopes,
      refusal: undefined,
      streams: undefined,
      onBegun: undefined,
    }
    const body = read?.value
    return { call, authInfo: createAuthInfo(call, resource), body, single: isSingle(body) }
  } catch (error) {
    const answered = refuse(error, incoming, resource.asRequested(scopes))
    if (answered === undefined) throw error
    return { answer: answered }
  }
}

const noCalls = { tools: new Set<string>() }

/** As they are written (RFC 9110 §9.1): a transport that takes `post` for POST would read a body that the gate has not. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'])
const unknownMethod = jsonRpcError(405, -32000, 'Method not allowed', { allow: [...methods].join(', ') })

/** Two ids are none. */
function ownsSession(ports: Ports, incoming: IncomingRequest, caller: Caller): boolean {
  const session = incoming.header('mcp-session-id')
  if (session === undefined || session === null) return true
  return typeof session === 'string' && ports.ownsSession(session, caller.principal)
}

/** As transports answer an id that they do not know: clients begin a session of their own. */
const unknownSession = jsonRpcError(404, -32001, 'Session not found')

type OmitHeaders<Whole> = Whole extends unknown ? Omit<Whole, 'headers'> : never

function refuse(
  error: unknown,
  incoming: IncomingRequest,
  scopes: readonly string[],
): RenderedAnswer | undefined {
  const rendered = answer(error, parseTraceId(singleHeader(incoming, 'traceparent')))
  return rendered === undefined ? undefined : withScopes(rendered, scopes)
}
