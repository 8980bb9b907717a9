// A failure of a tool as its client can use it: over HTTP while the transport still can, a consent page where it is offered, else in words.
import { answer } from '../../answer/answer.ts'
import type { RenderedAnswer } from '../../answer/render.ts'
import type { DownstreamError } from '../../kernel/errors/errors.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import { checkHandler } from '../shared/check-use.ts'
import { findCall, type McpToolContext } from './auth-info.ts'
import { helpsOverHttp, withScopes } from './challenges.ts'
import { askInResult, askOnStream, type ConsentPage, type Elicitor } from './consent.ts'

/** The result of a tool that failed. */
export interface McpToolError {
  isError: true
  content: { type: 'text'; text: string }[]
  _meta: Record<string, unknown>
  [key: string]: unknown
}

/** Options of `renderErrors`. */
export interface RenderErrorsOptions {
  /**
   * The server of the tool (`McpServer` or `Server`): a client of 2025-11-25 that offers URL elicitation is asked to open the consent page,
   * as clients of 2026-07-28 are without it. Default: the address is in the words of the tool error.
   */
  readonly server?: Elicitor | { readonly server: Elicitor } | undefined
}

/**
 * A tool whose errors of this library are answered so that its client can act on them; errors of others stay as they are.
 *
 * Where the person has to sign in again, the request is answered by HTTP (401 and a challenge) if the transport has not begun an answer,
 * as one that answers with JSON has not; the client then signs in and calls again, so that what the tool did before it failed is done
 * twice. Everything else is a tool error that says what to do, with the problem (RFC 9457) in `_meta['midtier/problem']`.
 * @example
 * ```ts
 * server.registerTool('whoami', {}, renderErrors(async (extra) => {
 *   const { displayName } = await callerOf(extra).downstream('graph').getJson<{ displayName: string }>('me')
 *   return { content: [{ type: 'text', text: displayName }] }
 * }))
 * ```
 */
export function renderErrors<Given extends readonly unknown[], Result>(
  handler: (...given: Given) => Result | Promise<Result>,
  { server }: RenderErrorsOptions = {},
): (...given: Given) => Promise<Result | McpToolError> {
  checkHandler(handler, 'renderErrors(async (args, extra) => …)')
  const elicitor = server === undefined ? undefined : 'server' in server ? server.server : server
  return async (...given) => {
    try {
      return await handler(...given)
    } catch (error) {
      const rendered = answer(error)
      if (rendered === undefined) throw error
      return describe(error, rendered, given.at(-1), elicitor)
    }
  }
}

async function describe(
  error: unknown,
  rendered: RenderedAnswer,
  context: unknown,
  elicitor: Elicitor | undefined,
): Promise<McpToolError> {
  const call = findCall(context)
  if (call !== undefined && helpsOverHttp(error, call.caller.principal))
    call.refusal = withScopes(rendered, call.resource.asRequested(call.scopes))
  const page = consentPageOf(error)
  if (page === undefined) return toolError(error, rendered, adviceFor(error, rendered))
  const asked = askInResult(page, context)
  if (asked !== undefined) return asked as unknown as McpToolError // the SDK knows it by its `resultType`
  const answered = await askOnStream(page, context as McpToolContext, elicitor)
  return toolError(error, rendered, consentAdvice[answered](page.url))
}

const consentAdvice = {
  accept: () => 'The consent page was opened. Call this tool again.',
  decline: () => 'The consent was declined.',
  unasked: (url: string) => `Open this page in a browser, consent, and call this tool again: ${url}`,
} as const

function consentPageOf(error: unknown): ConsentPage | undefined {
  if (!hasCode(error, 'interaction_required') || error.reason !== 'consent_required') return undefined
  const url = error.request?.consentUrl
  const { scopes } = error.facts
  const wanted = scopes.length === 0 ? '' : ` to act for you elsewhere: ${scopes.join(' ')}`
  return url === undefined ? undefined : { url, message: `This tool needs your consent${wanted}` }
}

/** What to do about it, in words for a model and the person before it. */
function adviceFor(error: unknown, rendered: RenderedAnswer): string {
  const after = secondsToWait(error, rendered)
  if (after !== undefined) return `Call this tool again in ${after} seconds.`
  if (hasCode(error, 'interaction_required')) {
    const { reason, request } = error
    if (reason === 'blocked' || request?.withheld === 'challenge_loop')
      return 'Signing in again does not help.'
    if (isStrongerDemand(error, rendered)) return strongerAdvice
    return reason === 'consent_required'
      ? 'Ask the administrator for the consent.'
      : 'Sign in to this server again.'
  }
  if (hasCode(error, 'bearer_refused')) return 'Sign in again with the permission that is missing.'
  if (!mayPass(error)) return 'Calling it again does not help.'
  const again = 'This may pass: call this tool again later'
  return sentAway.has(error.downstreamStatus)
    ? `${again}.`
    : `${again}, unless what it does must not be done twice.`
}

/** Statuses by which an API has done nothing; behind the others, the call may have been done all the same. */
const sentAway: ReadonlySet<number | undefined> = new Set([429, 503])

/** Statuses of a downstream API that say nothing against the same call later; `undefined`: none came. A 500 is a fault of the API. */
const passingStatuses: ReadonlySet<number | undefined> = new Set([undefined, 429, 502, 503, 504])

function mayPass(error: unknown): error is DownstreamError {
  return hasCode(error, 'downstream_failed') && passingStatuses.has(error.downstreamStatus)
}

/** A 503 of a downstream API is a 502 of ours, whose answer over HTTP has no `Retry-After`; a model can well wait for it. */
function secondsToWait(error: unknown, { headers }: RenderedAnswer): number | undefined {
  const told = headers['retry-after']
  if (told !== undefined) return Number(told)
  const seconds = mayPass(error) ? error.retryAfterSeconds : undefined
  return seconds === undefined ? undefined : Math.ceil(seconds)
}

/** Whether a sign-in has to be stronger, and not only new. */
function isStrongerDemand(error: unknown, { status }: RenderedAnswer): boolean {
  if (!hasCode(error, 'interaction_required') || error.reason !== 'claims_required') return false
  const { withheld } = error.request ?? {}
  return withheld === undefined || (withheld === 'caller_incapable' && status !== 401)
}

const stronger = 'This needs a sign-in with more than before, such as a second factor.'

/** Clients of MCP cannot ask for more by themselves: whoever signs in to the server has to be asked for it anyway. */
const strongerAdvice =
  'Ask the administrator to demand the same of everybody who signs in to this server; then sign in to it again.'

function toolError(error: unknown, rendered: RenderedAnswer, advice: string): McpToolError {
  const problem = JSON.parse(rendered.body) as Record<string, unknown>
  const detail = isStrongerDemand(error, rendered) ? stronger : problem['detail'] // without a challenge to speak of
  const retryAfterSeconds = secondsToWait(error, rendered)
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
  return {
    isError: true,
    content: [{ type: 'text', text: `${String(detail)} ${advice}` }],
    _meta: { 'midtier/problem': { ...problem, detail, ...retry } },
  }
}
