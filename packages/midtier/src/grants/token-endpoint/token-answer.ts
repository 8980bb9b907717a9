// An answer of the token endpoint, told apart: a token, a refusal, or the noise of an outage.
import { AuthorityUnavailableError } from '../../kernel/errors/errors.ts'
import { type HttpError, type HttpResponse, readRetryAfter } from '../../kernel/http/http.ts'
import { type JsonObject, parseJsonObject } from '../../kernel/json.ts'
import { causeOfSilence, nothingThere } from '../../kernel/errors/lasting-outage.ts'
import { moveSecretToHeader } from './client-secret-basic.ts'
import { encodeFormText } from './form.ts'
import type { Grant } from '../grant.ts'
import { buildTokenError, isOutage, parseTokenError } from './token-error.ts'
import { parseTokenResponse, type TokenResponse } from './token-response.ts'

/** What the answer is an answer to. */
export interface Exchange {
  readonly grant: Grant
  /** As sent: what of it is secret must not come back in an error. */
  readonly parameters: URLSearchParams
  readonly correlationId: string
  readonly receivedAtMs: number
}

/** Seconds to wait when the authority fails without saying how long. */
const defaultRetryAfterSeconds = 5
/** The same when it says that we ask too often. */
const throttledRetryAfterSeconds = 60

/**
 * Reads the answer of the token endpoint.
 *
 * @throws TokenRequestError or InteractionRequiredError for a refusal; AuthorityUnavailableError for 408, 429, 5xx and
 * everything that a token endpoint would not say, such as the HTML page of a proxy.
 */
export function readAnswer(response: HttpResponse, exchange: Exchange): TokenResponse {
  const { status } = response
  const outage = (what: string): Error => readOutage(what, response, exchange.receivedAtMs)
  if (status === 408 || status === 429 || status >= 500) throw outage(`answered ${status}`)
  const body = parseJsonObject(response.text)
  if (body === undefined) throw outage(`answered ${status} without a JSON object`)
  if (status !== 200) throw readRefusal(status, body, exchange, outage)
  const token = parseTokenResponse(body, exchange.grant.scopes, exchange.correlationId)
  if (typeof token === 'string') throw outage(`answered with ${token}`)
  return token
}

function readRefusal(
  status: number,
  body: JsonObject,
  exchange: Exchange,
  outage: (what: string) => Error,
): Error {
  const { grant, correlationId } = exchange
  const refused = { status, scopes: grant.scopes, correlationId, secrets: secretsOf(exchange) }
  const facts = parseTokenError(body, refused)
  if (facts === undefined) return outage(`answered ${status} without an error code`)
  return isOutage(facts) ? outage(`answered ${facts.error}`) : buildTokenError(grant, facts)
}

/** What the endpoint and the client credential add to a grant, and anybody may read. All else that they add is secret. */
const publicParameters: ReadonlySet<string> = new Set(['client_id', 'claims', 'client_assertion_type'])

/** The secrets as they are, in both spellings of percent-encoding, and as a header; longest first, for one may begin another. */
function secretsOf({ grant, parameters }: Exchange): readonly string[] {
  const { authorization } = moveSecretToHeader(parameters).headers
  const inHeader = authorization === undefined ? [] : [authorization.slice('Basic '.length)]
  const secrets = [...parameters].flatMap(([name, value]) =>
    value === '' || isPublic(grant, name) ? [] : [value],
  )
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), encodeFormText(secret)])
    .concat(inHeader)
    .sort((a, b) => b.length - a.length)
}

function isPublic(grant: Grant, name: string): boolean {
  return Object.hasOwn(grant.parameters, name)
    ? typeof grant.parameters[name] === 'string'
    : publicParameters.has(name)
}

function readOutage(what: string, { status, headers }: HttpResponse, nowMs: number): Error {
  const toldSeconds = readRetryAfter(headers, nowMs)
  const guessSeconds = status === 429 ? throttledRetryAfterSeconds : defaultRetryAfterSeconds
  return new AuthorityUnavailableError(`The token endpoint ${what}`, toldSeconds ?? guessSeconds, {
    retryAfterTold: toldSeconds !== undefined,
    throttled: status === 429,
    ...(status === 404 ? nothingThere : {}),
  })
}

/** No usable answer came. The error of the platform's fetch stays behind, but for its code. */
export function unavailable(error: HttpError): AuthorityUnavailableError {
  return new AuthorityUnavailableError(error.message, defaultRetryAfterSeconds, causeOfSilence(error))
}
