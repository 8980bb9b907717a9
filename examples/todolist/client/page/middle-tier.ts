// Calls the middle-tier API: the token on, a trace begun, one retry with a fresh token, and refusals as errors that say whose turn it is.
import { parseBearerChallenge, type BearerChallenge } from './challenge.ts'
import { readNeed } from './need.ts'
import { InteractionNeeded, type PageToken, type Session } from './session.ts'
import { decodeClaims, type Claims } from './token-claims.ts'

/** A task, as the API answers it. */
export interface Task {
  readonly id: string
  readonly title: string
  readonly completed: boolean
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
  readonly traceId: string
  readonly method: string
  readonly path: string
  readonly token: CallToken
  /** Calls are numbered as they were asked for; a retry has the number of the call that it repeats. */
  readonly number: number
  /** `undefined` when no answer came. */
  readonly status: number | undefined
  /** `error` of the challenge, or `consent`; absent without one. */
  readonly challenge?: string
  readonly durationMs: number
}

/** The API answered with something other than success. */
export class Refusal extends Error {
  readonly status: number
  /** Stable name of what is wrong, such as `blocked`. */
  readonly reason: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, { detail, reason }: Problem, retryAfterSeconds: number | undefined) {
    super(detail)
    this.name = 'Refusal'
    this.status = status
    this.reason = reason
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** No answer came at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** The middle-tier API for the person of a session; every request it makes is told to `record`. */
export interface MiddleTier {
  listTasks(): Promise<readonly Task[]>
  addTask(title: string): Promise<Task>
  completeTask(id: string, completed: boolean): Promise<Task>
  deleteTask(id: string): Promise<void>
  /** Deletes every completed task. Asks for a sign-in of its own (step-up). */
  clearCompleted(): Promise<void>
  getProfile(): Promise<Profile>
}

const patienceMs = 30_000

/** Binds the API to a session. */
export function createMiddleTier(
  baseUrl: string,
  session: Session,
  record: (call: BrowserCall) => void,
): MiddleTier {
  let asked = 0
  const send = (method: string, path: string, body?: unknown): Promise<unknown> => {
    const number = (asked += 1)
    return callWithRetry(session, (token) => callOnce({ baseUrl, number, method, path, body, token, record }))
  }

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
  }
}

/** A token that the API no longer accepts is replaced once: its session may simply have moved on. */
async function callWithRetry(
  session: Session,
  call: (token: PageToken) => Promise<Response>,
): Promise<unknown> {
  const first = await call(await session.acquireToken())
  const refused = readChallenge(first)
  const mayBeOutdated =
    first.status === 401 && refused?.error === 'invalid_token' && refused.claims === undefined
  return readAnswer(mayBeOutdated ? await call(await session.acquireToken({ forceRefresh: true })) : first)
}

interface OneCall {
  readonly baseUrl: string
  readonly number: number
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly token: PageToken
  readonly record: (call: BrowserCall) => void
}

async function callOnce({ baseUrl, number, method, path, body, token, record }: OneCall): Promise<Response> {
  const traceId = randomHex(16)
  const startedMs = performance.now()
  const note = (status: number | undefined, challenge?: BearerChallenge): void =>
    record({
      ...{ traceId, number, method, path, status, token: describeToken(token) },
      ...(challenge?.error !== undefined && {
        challenge: challenge.wantsConsent ? 'consent' : challenge.error,
      }),
      durationMs: performance.now() - startedMs,
    })
  try {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${token.accessToken}`,
        traceparent: `00-${traceId}-${randomHex(8)}-01`,
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

async function readAnswer(response: Response): Promise<unknown> {
  const challenge = readChallenge(response)
  // A fresh token was refused as well, one with other claims is wanted, or a consent: only the person can help.
  if (challenge !== undefined && (response.status === 401 || challenge.wantsConsent))
    throw new InteractionNeeded(readNeed(challenge), (await readProblem(response)).detail)
  if (!response.ok) throw await readRefusal(response)
  return response.status === 204 ? undefined : await response.json()
}

function readChallenge(response: Response): BearerChallenge | undefined {
  return parseBearerChallenge(response.headers.get('www-authenticate'))
}

async function readRefusal(response: Response): Promise<Refusal> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new Refusal(
    response.status,
    await readProblem(response),
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  )
}

/** What problem+json says, as far as the page makes use of it. */
interface Problem {
  readonly detail: string
  readonly reason: string | undefined
}

async function readProblem(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.includes('json') !== true)
    return { detail: '', reason: undefined }
  const body = (await response.json()) as { readonly detail?: unknown; readonly reason?: unknown } | null
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  return { detail: text(body?.detail) ?? '', reason: text(body?.reason) }
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
