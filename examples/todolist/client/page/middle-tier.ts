// Calls the middle-tier API: the token on, in the trace of the click, one retry with a fresh token.
import { readAnswer, readChallenge, Unreachable } from './answer.ts'
import type { BearerChallenge } from './challenge.ts'
import type { CalledApi, PageToken, Session } from './session.ts'
import { buildTraceparent, createSpanId } from './trace-context.ts'
import { decodeClaims, type Claims } from './token-claims.ts'

/** A task, as the API answers it. */
export interface Task {
  readonly id: string
  readonly title: string
  readonly completed: boolean
}

/** How much there is to do, without saying what or whose. */
export interface Summary {
  readonly tasks: number
  readonly completed: number
  readonly people: number
}

/** What Graph says about a person. */
export interface Profile {
  readonly displayName?: string
  readonly jobTitle?: string
  readonly mail?: string
  readonly userPrincipalName?: string
  readonly officeLocation?: string
}

/** The token of a request, for the drawing. */
export interface CallToken {
  readonly claims: Claims | undefined
  /** The token itself; gone when the page was left since. */
  readonly raw?: string
  /** False when MSAL has just obtained it from the authority. */
  readonly fromCache: boolean
  readonly durationMs: number
}

/** What the browser knows about one request, for the drawing. */
export interface BrowserCall {
  readonly api: CalledApi
  /** Of what the person did: calls side by side share it. */
  readonly traceId: string
  /** Of this call alone. */
  readonly spanId: string
  readonly method: string
  readonly path: string
  readonly token: CallToken
  /** Calls are numbered as they were asked for; a retry has the number of the call that it repeats. */
  readonly number: number
  /** `undefined` when no answer came. */
  readonly status: number | undefined
  /** `error` of the challenge, or `consent`; absent without one. */
  readonly challenge?: string
  /** When the request was sent, in milliseconds since 1970: comparable with those of a page before this one. */
  readonly startedAtMs: number
  /** Until the head of the answer was there, as the browser waited for it: a preflight of its own is part of it. */
  readonly durationMs: number
}

/** The middle-tier API for the person of a session. */
export interface MiddleTier {
  listTasks(): Promise<readonly Task[]>
  addTask(title: string): Promise<Task>
  completeTask(id: string, completed: boolean): Promise<Task>
  deleteTask(id: string): Promise<void>
  /** Deletes every completed task. Asks for a sign-in of its own (step-up). */
  clearCompleted(): Promise<void>
  getProfile(): Promise<Profile>
  /** The person's tasks, read by an agent on the person's behalf. */
  listTasksByAgent(): Promise<readonly Task[]>
  /** Everybody's tasks, counted by an agent by itself. */
  summariseByAgent(): Promise<Summary>
}

const patienceMs = 30_000

/** Who follows the calls. */
export interface Follower {
  /** The trace that calls belong to at the moment. */
  readonly traceId: () => string
  /** Told of every request that was made. */
  readonly record: (call: BrowserCall) => void
}

/** Binds the API to a session. */
export function createMiddleTier(
  baseUrl: string,
  session: Session,
  { traceId: currentTraceId, record }: Follower,
): MiddleTier {
  let asked = 0
  const send = (
    method: string,
    path: string,
    body?: unknown,
    api: CalledApi = 'middleTier',
  ): Promise<unknown> => {
    const number = (asked += 1)
    const traceId = currentTraceId()
    return callWithRetry(
      (options) => session.acquireToken(api, options),
      (token) => callOnce({ baseUrl, api, traceId, number, method, path, body, token, record }),
    )
  }
  const askAgent = (path: string): Promise<unknown> =>
    send('GET', `/assistant/${path}`, undefined, 'assistant')

  return {
    listTasks: async () => (await send('GET', '/todolist')) as readonly Task[],
    addTask: async (title) => (await send('POST', '/todolist', { title })) as Task,
    completeTask: async (id, completed) => (await send('PATCH', `/todolist/${id}`, { completed })) as Task,
    deleteTask: async (id) => {
      await send('DELETE', `/todolist/${id}`)
    },
    clearCompleted: async () => {
      await send('DELETE', '/todolist/completed')
    },
    getProfile: async () => (await send('GET', '/graphMeApi')) as Profile,
    listTasksByAgent: async () => (await askAgent('tasks')) as readonly Task[],
    summariseByAgent: async () => (await askAgent('summary')) as Summary,
  }
}

/** A token that the API no longer accepts is replaced once: its session may simply have moved on. */
async function callWithRetry(
  acquireToken: (options?: { readonly forceRefresh: boolean }) => Promise<PageToken>,
  call: (token: PageToken) => Promise<Response>,
): Promise<unknown> {
  const first = await call(await acquireToken())
  const refused = readChallenge(first)
  const mayBeOutdated =
    first.status === 401 && refused?.error === 'invalid_token' && refused.claims === undefined
  return readAnswer(mayBeOutdated ? await call(await acquireToken({ forceRefresh: true })) : first)
}

interface OneCall {
  readonly baseUrl: string
  readonly api: CalledApi
  readonly traceId: string
  readonly number: number
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly token: PageToken
  readonly record: (call: BrowserCall) => void
}

async function callOnce(call: OneCall): Promise<Response> {
  const { baseUrl, api, traceId, number, method, path, body, token, record } = call
  const spanId = createSpanId()
  const startedMs = performance.now()
  const note = (status: number | undefined, challenge?: BearerChallenge): void =>
    record({
      ...{ api, traceId, spanId, number, method, path, status, token: describeToken(token) },
      ...(challenge?.error !== undefined && {
        challenge: challenge.wantsConsent ? 'consent' : challenge.error,
      }),
      startedAtMs: performance.timeOrigin + startedMs,
      durationMs: performance.now() - startedMs,
    })
  try {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${token.accessToken}`,
        traceparent: buildTraceparent(traceId, spanId),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    })
    note(response.status, readChallenge(response))
    return response
  } catch (error) {
    note(undefined)
    throw new Unreachable('The middle-tier API does not answer', { cause: error })
  }
}

function describeToken({ accessToken, fromCache, durationMs }: PageToken): CallToken {
  return { claims: decodeClaims(accessToken), raw: accessToken, fromCache, durationMs }
}
