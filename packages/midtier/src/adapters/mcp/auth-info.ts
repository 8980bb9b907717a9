// What the MCP SDKs hand on from the gate to a tool: facts about the token, never the token, and behind them the caller of that one request.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { hasMark } from '../../kernel/errors/marks.ts'
import type { RenderedAnswer } from '../../answer/render.ts'
import type { Caller } from '../../web-api/caller.ts'
import type { RegisteredCaller } from '../../web-api/register.ts'
import type { McpResource } from './resource.ts'

/** What the SDKs call `AuthInfo`: `extra.authInfo` in a tool of `@modelcontextprotocol/sdk`, `ctx.http.authInfo` in one of 2.x. */
export interface McpAuthInfo {
  /**
   * Never the caller's token, which a server must not pass on, and which whatever prints a tool's context would print.
   */
  token: string
  /** The client that the token was issued to; empty when the token does not say. */
  clientId: string
  /** By their names and as clients ask for them: `Mail.Search`, `api://…/Mail.Search`. */
  scopes: string[]
  /** Seconds. */
  expiresAt: number
  readonly resource: URL
  resourceMetadataUrl: string
  /** `kind`, `tenantId`, `objectId`, `subject` and `roles` of the caller. */
  extra: Record<string, unknown>
}

/** One request that was let in. */
export interface McpCall {
  readonly caller: Caller
  readonly resource: McpResource
  /** The scopes to sign in with for it, by the names that tokens have. */
  readonly scopes: readonly string[]
  /** The answer over HTTP that a tool's failure has; where the transport has not begun its own, it goes out instead. */
  refusal: RenderedAnswer | undefined
  /** Whether the transport streams its answer, and so can carry a question to the client; `undefined` until it has begun. */
  streams: boolean | undefined
  /** Is told when `streams` is known. */
  onBegun: (() => void) | undefined
}

/** The transport has begun its answer. */
export function begin(call: McpCall, streams: boolean): void {
  if (call.streams !== undefined) return
  call.streams = streams
  call.onBegun?.()
}

/** On an AuthInfo, for all copies of the package; not enumerable, so that nothing prints or copies it. */
const callMark: unique symbol = Symbol.for('midtier.mcp-call')

/** Instead of the token. Sent as one by mistake, it is refused, and says why. */
const withheldToken = 'withheld-use-callerOf-to-call-other-APIs'

/** The facts of a caller for the SDK, with the request behind them. */
export function createAuthInfo(call: McpCall, resource: McpResource): McpAuthInfo {
  const { kind, tenantId, objectId, subject, clientId, scopes, roles, expiresAtMs } = call.caller.principal
  const info: McpAuthInfo = {
    token: withheldToken,
    clientId: clientId ?? '',
    scopes: [...resource.named(scopes)],
    expiresAt: Math.floor(expiresAtMs / 1000),
    // One for each who asks: it can be changed.
    get resource() {
      return new URL(resource.identifier)
    },
    resourceMetadataUrl: resource.metadataUrl,
    extra: { kind, tenantId, objectId, subject, roles: [...roles] },
  }
  Object.defineProperty(info, callMark, { value: call })
  return info
}

/** What a tool is handed about its request: `extra` in `@modelcontextprotocol/sdk`, `ctx` in 2.x. */
export interface McpToolContext {
  readonly authInfo?: object | undefined
  readonly http?: { readonly authInfo?: object | undefined } | undefined
}

/** The request behind what a tool is handed; `undefined` where no gate of ours let it in. */
export function findCall(context: unknown): McpCall | undefined {
  if (typeof context !== 'object' || context === null) return undefined
  const { authInfo, http } = context as McpToolContext
  const info = http?.authInfo ?? authInfo
  return hasMark(info, callMark) ? (Reflect.get(info, callMark) as McpCall) : undefined
}

/**
 * The caller of the request that a tool answers: whoever's token came with it, and never whoever began the session.
 *
 * @param extra The last argument of a tool: `extra` in `@modelcontextprotocol/sdk`, `ctx` in `@modelcontextprotocol/server`.
 * @throws ConfigurationError where `protectMcp` is missing, or what it gave was not handed to the transport.
 * @example
 * ```ts
 * server.registerTool('my_mail', {}, renderErrors(async (extra) => {
 *   const mail = await callerOf(extra).downstream('graph').getJson('me/messages?$top=3')
 *   return { content: [{ type: 'text', text: JSON.stringify(mail) }] }
 * }))
 * ```
 */
export function callerOf(extra: unknown): RegisteredCaller {
  const call = findCall(extra)
  if (call !== undefined) return call.caller
  throw new ConfigurationError(
    'callerOf',
    'finds no caller: put protectMcp(api, …) in front of the transport, and hand that req.auth or authInfo',
  )
}
