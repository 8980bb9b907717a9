// Calls the middle-tier API: the token on, a trace begun, one retry with a fresh token, and refusals as errors that say whose turn it is.
import { parseBearerChallenge } from './challenge.ts'
import { InteractionNeeded, type PageToken, type Session } from './session.ts'

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

/** What the browser knows about one request, for the drawing. */
export interface BrowserCall {
  readonly traceId: string
  readonly method: string
  readonly path: string
  readonly token: PageToken
  /** Calls are numbered as they were asked for; a retry has the number of the call that it repeats. */
  readonly number: number
  /** `undefined` when no answer came. */
  readonly status: number | undefined
  readonly durationMs: number
}

/** The API answered with something other than success. */
export class Refusal extends Error {
  readonly status: number
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, detail: string, retryAfterSeconds: number | undefined) {
    super(detail)
    this.name = 'Refusal'
    this.status = status
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
  const response =
    refused?.error === 'invalid_token' && refused.claims === undefined
      ? await call(await session.acquireToken({ forceRefresh: true }))
      : first
  return readAnswer(response)
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
  const note = (status: number | undefined): void =>
    record({ traceId, number, method, path, token, status, durationMs: performance.now() - startedMs })
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
    note(response.status)
    return response
  } catch (error) {
    note(undefined)
    throw new Unreachable('The middle-tier API does not answer', { cause: error })
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  // A fresh token was refused as well, or one with other claims is wanted: only the person can help.
  if (response.status === 401)
    throw new InteractionNeeded(readChallenge(response)?.claims, await readDetail(response))
  if (!response.ok) throw await readRefusal(response)
  return response.status === 204 ? undefined : await response.json()
}

function readChallenge(response: Response): ReturnType<typeof parseBearerChallenge> {
  return response.status === 401 ? parseBearerChallenge(response.headers.get('www-authenticate')) : undefined
}

async function readRefusal(response: Response): Promise<Refusal> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new Refusal(
    response.status,
    await readDetail(response),
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  )
}

/** The `detail` of problem+json, or nothing. */
async function readDetail(response: Response): Promise<string> {
  if (response.headers.get('content-type')?.includes('json') !== true) return ''
  const body: unknown = await response.json()
  if (typeof body !== 'object' || body === null || !('detail' in body)) return ''
  return typeof body.detail === 'string' ? body.detail : ''
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
