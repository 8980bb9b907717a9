// A refusal of the token endpoint (RFC 6749 §5.2 and Entra's additions), read into the error that says whose turn it is.
import {
  type InteractionReason,
  InteractionRequiredError,
  type TokenErrorFacts,
  TokenRequestError,
} from '../../kernel/errors/errors.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { withoutTokens } from '../../kernel/errors/safe-cause.ts'
import { withoutPeople } from '../../kernel/errors/without-people.ts'
import { relayableClaims } from '../../kernel/claims-request.ts'
import type { Grant } from '../grant.ts'
import { findRemedy } from './remedies.ts'

/** What a refusal looks like to the table: absent members match anything. */
interface RefusalPattern {
  readonly error?: readonly string[]
  readonly suberror?: readonly string[]
  readonly claims?: true
  /** AADSTS numbers only refine what `error` and `suberror` leave open; Microsoft may change them at any time. */
  readonly errorNumbers?: readonly number[]
}

/** Consent of the person or of an administrator is missing or was declined. */
const consentNumbers: readonly number[] = [65001, 65004, 90094, 90095]

/**
 * The account is disabled, is not one of the tenant nor a guest there, or is not assigned to the application; or the client asks in a loop.
 * The same account would be refused again, however often it signs in.
 */
const refusedAccountNumbers: readonly number[] = [50020, 50034, 50057, 50105, 50196, 51004, 90072]

/** AADSTS50013: the authority finds the signature of an assertion not valid: its key was withdrawn, or is not one of this authority. */
const assertionNotGenuine = 50013

/** Whether the authority refused an assertion for its signature, so that what had verified it is not to be believed blindly. */
export function isAssertionNotGenuine({ facts }: InteractionRequiredError): boolean {
  return facts.error === 'invalid_grant' && facts.errorNumbers.includes(assertionNotGenuine)
}

/**
 * The first row that matches decides; `ours` means that no person can help.
 *
 * When Microsoft renames a number, a refusal falls through to the last row, which asks the person to sign in again.
 */
const refusals: readonly (readonly [RefusalPattern, InteractionReason | 'ours'])[] = [
  [{ suberror: ['client_mismatch', 'protection_policy_required'] }, 'ours'],
  [{ suberror: ['consent_required'] }, 'consent_required'],
  [{ error: ['consent_required'] }, 'consent_required'],
  [{ error: ['interaction_required', 'access_denied'], errorNumbers: consentNumbers }, 'consent_required'],
  // `message_only` comes with claims too, but satisfying them is not offered: relaying them makes an endless loop.
  [{ suberror: ['message_only'] }, 'blocked'],
  [{ suberror: ['bad_token', 'token_expired', 'user_password_expired'] }, 'sign_in_required'],
  [{ error: ['invalid_grant', 'interaction_required'], claims: true }, 'claims_required'],
  [
    { suberror: ['basic_action', 'additional_action', 'ui_not_allowed', 'interrupted_user'] },
    'sign_in_required',
  ],
  [{ error: ['interaction_required', 'login_required', 'bad_token'] }, 'sign_in_required'],
  // Another audience, no role of ours at the API behind, or that API is disabled: signing in again changes nothing.
  [{ error: ['invalid_grant'], errorNumbers: [500131, 501051, 5000224] }, 'ours'],
  // We accepted its signature, the authority does not (any longer): whoever brought it needs another token.
  [{ error: ['invalid_grant'], errorNumbers: [assertionNotGenuine] }, 'sign_in_required'],
  [{ error: ['invalid_grant'], errorNumbers: refusedAccountNumbers }, 'blocked'],
  [{ error: ['invalid_grant'], errorNumbers: consentNumbers }, 'consent_required'],
  [{ error: ['invalid_grant'] }, 'sign_in_required'],
]

/**
 * Wire errors that say what the owner has to mend where no person can (RFC 6749 §5.2, RFC 8693 §2.2.2, RFC 8707 §2, Entra). Any other
 * is nobody's until somebody has read about it.
 */
const ownersErrors: ReadonlySet<string> = new Set([
  'access_denied',
  'bad_token',
  'consent_required',
  'interaction_required',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_resource',
  'invalid_scope',
  'invalid_target',
  'invalid_tenant',
  'login_required',
  'unauthorized_client',
  'unsupported_grant_type',
])

/** Wire errors that mean an outage although the answer is well-formed (RFC 6749 §4.1.2.1, AADSTS90033). */
const outages: readonly string[] = ['temporarily_unavailable', 'server_error']

/** Whether a refusal is really an outage of the authority. */
export function isOutage(facts: TokenErrorFacts): boolean {
  return outages.includes(facts.error)
}

/** The error for a refusal: about the person when one can act, about our configuration otherwise. */
export function buildTokenError(grant: Grant, refusal: TokenErrorFacts): TokenRequestError {
  const reason = grant.forUser ? classify(grant, refusal) : 'ours'
  const message = describe(grant, refusal)
  const remedy = findRemedy(refusal.errorNumbers)
  const facts = remedy === undefined ? refusal : { ...refusal, remedy }
  return reason === 'ours'
    ? new TokenRequestError(message, facts, {
        reason: ownersErrors.has(facts.error) || remedy !== undefined ? 'misconfigured' : 'unknown_error',
      })
    : new InteractionRequiredError(message, reason, facts)
}

function classify(grant: Grant, facts: TokenErrorFacts): InteractionReason | 'ours' {
  const { error, errorDescription } = facts
  if (
    grant.sessionEnded?.some((ended) => ended.error === error && ended.errorDescription === errorDescription)
  )
    return 'sign_in_required'
  return refusals.find(([pattern]) => matches(pattern, facts))?.[1] ?? 'ours'
}

function matches(pattern: RefusalPattern, facts: TokenErrorFacts): boolean {
  return (
    (pattern.error?.includes(facts.error) ?? true) &&
    (pattern.suberror?.some((suberror) => suberror === facts.suberror) ?? true) &&
    (pattern.claims !== true || facts.claims !== undefined) &&
    (pattern.errorNumbers?.some((number) => facts.errorNumbers.includes(number)) ?? true)
  )
}

function describe(grant: Grant, facts: TokenErrorFacts): string {
  const code = facts.suberror === undefined ? facts.error : `${facts.error}, ${facts.suberror}`
  const advice = facts.errorDescription?.split(/ ?Trace ID:/)[0]?.trim()
  const refusal = `The authority refused the ${grant.name} grant (${code})`
  const remedy = findRemedy(facts.errorNumbers)
  const said = advice === undefined || advice === '' ? refusal : `${refusal}: ${advice}`
  return remedy === undefined ? said : `${said} Remedy: ${remedy}`
}

/** What is known of the exchange that was refused. */
export interface RefusedExchange {
  readonly status: number
  readonly scopes: readonly string[]
  readonly correlationId: string
  /** Texts that were sent and must not come back in an error: secret, assertion, refresh token. */
  readonly secrets: readonly string[]
}

/** Reads an error body; `undefined` when it has no `error`. What cannot be read safely is left out. */
export function parseTokenError(body: JsonObject, exchange: RefusedExchange): TokenErrorFacts | undefined {
  const read = (name: string, pattern: RegExp): string | undefined =>
    readText(body[name], pattern, exchange.secrets)
  const error = read('error', /^[a-z0-9_]{1,64}$/i)
  if (error === undefined) return undefined
  const optional = {
    errorDescription: readDescription(body['error_description'], exchange.secrets),
    suberror: read('suberror', /^[a-z0-9_]{1,64}$/i),
    claims: readClaims(body['claims'], exchange.secrets),
    traceId: read('trace_id', /^[\w-]{1,64}$/),
  }
  return {
    error,
    ...withoutAbsent(optional),
    errorNumbers: readNumbers(body['error_codes']),
    correlationId: read('correlation_id', /^[\w-]{1,64}$/) ?? exchange.correlationId,
    status: exchange.status,
    scopes: exchange.scopes,
  }
}

type Present<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> }

function withoutAbsent<Members extends object>(members: Members): Present<Members> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<Members>
}

function readText(value: unknown, pattern: RegExp, secrets: readonly string[]): string | undefined {
  return typeof value === 'string' && pattern.test(value) && !holdsSecret(value, secrets) ? value : undefined
}

/** Longest description that is kept, in characters. */
const maxDescriptionLength = 2048

function readDescription(value: unknown, secrets: readonly string[]): string | undefined {
  if (typeof value !== 'string') return undefined
  // Redacted before it is cut: half a secret at the end would no longer be recognised.
  const redacted = withoutPeople(
    withoutTokens(secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), value)),
  )
  return redacted.replace(/\p{Cc}+/gu, ' ').slice(0, maxDescriptionLength) // line breaks would forge lines of a log
}

function readClaims(value: unknown, secrets: readonly string[]): string | undefined {
  const claims = typeof value === 'string' ? relayableClaims(value) : undefined
  return claims === undefined || holdsSecret(claims, secrets) ? undefined : claims
}

function holdsSecret(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => text.includes(secret))
}

function readNumbers(value: unknown): readonly number[] {
  return Array.isArray(value)
    ? value.filter((entry): entry is number => Number.isSafeInteger(entry)).slice(0, 16)
    : []
}
