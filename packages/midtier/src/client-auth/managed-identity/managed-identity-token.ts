// One token from the endpoint of a managed identity, asked for again while it is busy, for a bounded time.
import type { Random } from '../../kernel/crypto/random.ts'
import type { Clock } from '../../kernel/time/clock.ts'
import { AuthorityUnavailableError, type ConfigurationError } from '../../kernel/errors/errors.ts'
import {
  type AuthorityFetch,
  HttpError,
  type HttpResponse,
  readRetryAfter,
  sendHttp,
} from '../../kernel/http/http.ts'
import { type JsonObject, parseJsonObject } from '../../kernel/json.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import { unusable } from '../credential-error.ts'

/** A token of the identity itself. Its text is reached by `accessToken` alone: printing the object shows none of it. */
export class ManagedIdentityToken {
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number
  readonly #value: Redacted

  constructor(value: Redacted, expiresAtMs: number) {
    this.#value = value
    this.expiresAtMs = expiresAtMs
  }

  /** The token itself. */
  get accessToken(): string {
    return this.#value.reveal()
  }

  toString(): string {
    return '[managed identity token]'
  }
}

/** What a request to the endpoint needs. */
export interface ManagedIdentityPorts {
  readonly fetch: AuthorityFetch
  readonly clock: Clock
  /** Waits between two tries. */
  readonly wait: (ms: number) => Promise<void>
  readonly random: Random
  /** Longest wait for one answer. */
  readonly timeoutMs: number
  /** Longest time for all tries together. */
  readonly budgetMs: number
}

const maxTries = 4
const firstPauseMs = 500
const maxResponseBytes = 65_536

/**
 * While the metadata service is being updated it answers 410, for up to 70 s. Nobody is told to stay away for longer than that, whatever
 * the endpoint says: it is asked again as soon as somebody comes.
 */
const updatePauseSeconds = 70

/**
 * Asks for a token.
 *
 * Repeats at most three times after 404, 408, 410, 429, 5xx and silence, which the endpoint is known for while a host starts.
 *
 * @throws AuthorityUnavailableError when that did not help within the budget; ConfigurationError when the endpoint refuses.
 */
export async function requestManagedIdentityToken(
  request: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  ports: ManagedIdentityPorts,
): Promise<ManagedIdentityToken> {
  const passing = steady(ports.clock)
  const deadlineMs = passing.passedMs() + ports.budgetMs
  for (let tried = 1; ; tried += 1) {
    const sentAtMs = ports.clock.nowMs()
    const timeoutMs = Math.max(1, Math.min(ports.timeoutMs, deadlineMs - passing.passedMs()))
    const answer = await send(ports.fetch, { ...request, timeoutMs })
    if (!(answer instanceof HttpError) && !isPassing(answer.status))
      return readAnswer(answer, sentAtMs, request.headers)
    const pauseMs = pauseAfter(answer, tried, ports)
    if (tried === maxTries || passing.passedMs() + pauseMs >= deadlineMs)
      throw unavailable(answer, ports.clock.nowMs())
    await ports.wait(pauseMs)
  }
}

type Answer = HttpResponse | HttpError

async function send(
  fetch: AuthorityFetch,
  request: { url: string; headers: Readonly<Record<string, string>>; timeoutMs: number },
): Promise<Answer> {
  return sendHttp(fetch, { ...request, method: 'GET', maxResponseBytes }).catch((error: unknown) => {
    if (error instanceof HttpError) return error
    throw error
  })
}

function isPassing(status: number): boolean {
  return [404, 408, 410, 429].includes(status) || status >= 500
}

/** Doubling, from half a second, spread by a quarter so that hosts that started together do not ask together. */
function pauseAfter(answer: Answer, tried: number, { clock, random }: ManagedIdentityPorts): number {
  const told = answer instanceof HttpError ? undefined : readRetryAfter(answer.headers, clock.nowMs())
  if (told !== undefined) return told * 1000
  return firstPauseMs * 2 ** (tried - 1) * (0.75 + random() / 2)
}

/** The error of the platform's fetch stays behind: it may hold the request, and the header in it. */
function unavailable(answer: Answer, nowMs: number): AuthorityUnavailableError {
  if (answer instanceof HttpError)
    return new AuthorityUnavailableError(`The managed identity endpoint: ${answer.message}`, 5)
  const told = readRetryAfter(answer.headers, nowMs)
  const seconds = Math.min(told ?? (answer.status === 410 ? updatePauseSeconds : 5), updatePauseSeconds)
  return new AuthorityUnavailableError(`The managed identity endpoint answered ${answer.status}`, seconds)
}

function readAnswer(
  { status, text }: HttpResponse,
  sentAtMs: number,
  headers: Readonly<Record<string, string>>,
): ManagedIdentityToken {
  const body = parseJsonObject(text)
  if (status !== 200) throw refusal(status, body, headers)
  const accessToken = body?.['access_token']
  const expiresAtMs = body === undefined ? undefined : readExpiry(body, sentAtMs)
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken) || expiresAtMs === undefined)
    throw new AuthorityUnavailableError('The managed identity endpoint answered without a usable token', 5)
  return new ManagedIdentityToken(new Redacted(accessToken), expiresAtMs)
}

/** IMDS says `expires_in`, App Service `expires_on` alone; both as strings of digits. */
function readExpiry(body: JsonObject, sentAtMs: number): number | undefined {
  const lifetime = readSeconds(body['expires_in'])
  if (lifetime !== undefined) return sentAtMs + lifetime * 1000
  const end = readSeconds(body['expires_on'])
  return end === undefined ? undefined : end * 1000
}

function readSeconds(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^\d{1,11}$/.test(text) ? Number(text) : undefined
}

/** `Identity not found` is what to expect; anything that was sent is taken out of it. */
function refusal(
  status: number,
  body: JsonObject | undefined,
  headers: Readonly<Record<string, string>>,
): ConfigurationError {
  const texts = [body?.['error'], body?.['error_description'], body?.['message']]
  const said = texts.filter((text): text is string => typeof text === 'string').join(', ')
  const secret = headers['x-identity-header']
  const redacted = secret === undefined ? said : said.replaceAll(secret, '[redacted]')
  const advice = redacted.replace(/\p{Cc}+/gu, ' ').slice(0, 500)
  return unusable(`the managed identity endpoint answered ${status}${advice === '' ? '' : `: ${advice}`}`)
}
