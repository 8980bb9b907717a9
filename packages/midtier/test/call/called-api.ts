// A downstream API bound to a caller, with everything outside in the hands of a test: answers, tokens, time, chance and the events.
import type { AcquireOptions } from '../../src/acquire/request/requests.ts'
import { AccessToken } from '../../src/acquire/token-source.ts'
import { AnsweredChallenges } from '../../src/call/claims-challenge.ts'
import { createDownstreamApi, type DownstreamApi } from '../../src/call/downstream-api.ts'
import type { DownstreamSettings } from '../../src/call/downstream-settings.ts'
import type { CallPorts } from '../../src/call/send-with-token.ts'
import type { InteractionRequiredError } from '../../src/kernel/errors/errors.ts'
import { createCallContext, type ObservedEvent } from '../../src/kernel/observer.ts'

export const traceId = '0af7651916cd43dd8448eb211c80319c'

const settings: DownstreamSettings = {
  name: 'todolist',
  baseUrl: new URL('https://todolist.contoso.com/api/'),
  scopes: ['api://todolist/.default'],
  audience: undefined,
  token: 'onBehalfOf',
  timeoutMs: 30_000,
  maxResponseBytes: 1024,
  maxRetries: 2,
  retryBudgetMs: 10_000,
}

/** A request as the API received it. */
export interface Received {
  readonly url: string
  readonly init: RequestInit
  readonly method: string
  readonly headers: Headers
  readonly token: string
  /** The body as text; `undefined` without one. */
  readonly body: string | undefined
}

type Answer = Response | (() => Response | Promise<Response>)

export interface CalledApi {
  readonly api: DownstreamApi
  readonly received: Received[]
  readonly acquired: AcquireOptions[]
  readonly events: ObservedEvent[]
  readonly waitedMs: number[]
  readonly letOut: InteractionRequiredError[]
  /** The same caller's API under other settings. */
  readonly again: (more: Partial<DownstreamSettings>) => DownstreamApi
}

export function accessToken(text: string, scopes: readonly string[] = []): AccessToken {
  return new AccessToken({
    accessToken: text,
    tokenType: 'Bearer',
    scopes,
    acquiredAtMs: 0,
    expiresAtMs: 9e12,
    refreshAtMs: 9e12,
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    origin: 'l1',
  })
}

/** The answers come in their order, the last one for ever. Tokens are `token-1` until claims are asked for, then `token-2`, … */
export function callApi(
  answers: readonly Answer[],
  more: Partial<DownstreamSettings> = {},
  ports: Partial<CallPorts> = {},
): CalledApi {
  const received: Received[] = []
  const acquired: AcquireOptions[] = []
  const events: ObservedEvent[] = []
  const waitedMs: number[] = []
  const letOut: InteractionRequiredError[] = []
  let nowMs = 1_000_000
  let generation = 1
  const allPorts: CallPorts = {
    async fetch(input, init = {}) {
      const request = new Request(input, { ...init, signal: null })
      received.push({
        url: request.url,
        init,
        method: request.method,
        headers: new Headers(init.headers),
        token: request.headers.get('authorization')?.replace('Bearer ', '') ?? '',
        body: init.body == null ? undefined : await request.text(),
      })
      const answer = answers[Math.min(received.length, answers.length) - 1]!
      return typeof answer === 'function' ? answer() : answer
    },
    nowMs: () => nowMs,
    passedMs: () => nowMs,
    sleep: async (ms) => {
      waitedMs.push(ms)
      nowMs += ms
    },
    random: () => 0,
    context: createCallContext(
      (event) => events.push(event),
      () => nowMs,
      traceId,
    ),
    tokenKind: 'onBehalfOf',
    acquire: async (options) => {
      acquired.push(options)
      if (options.claims !== undefined) generation += 1
      return accessToken(`token-${generation}`, options.scopes)
    },
    challenges: new AnsweredChallenges(),
    leaving: async (work) => work(),
    letOut: (error) => {
      letOut.push(error)
      return error
    },
    ...ports,
  }
  const again = (other: Partial<DownstreamSettings>): DownstreamApi =>
    createDownstreamApi({ ...settings, ...more, ...other }, allPorts)
  return { api: again({}), received, acquired, events, waitedMs, letOut, again }
}

/** The error that a promise ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}
