// What the owner of an API reads without having asked for it: answers that are the owner's to fix, and failures that nobody is answered for.
import type { Clock } from '../time/clock.ts'
import type { DownstreamError } from '../errors/errors.ts'
import type { Logger } from './logger.ts'
import { hasCode, isRefusal, reasonOf, type AnyMidtierError } from '../errors/known-errors.ts'
import type { Operation, ObserverEvent } from '../observer.ts'
import { SampledLog, type LogLine } from './sampled-log.ts'

/** Where an error came from and what became of it. */
export interface AnsweredFailure {
  readonly status: number
  readonly traceId: string | undefined
  readonly operation: Operation | 'authenticate' | undefined
  readonly api: string | undefined
}

/** What an option that says who this API is, or whom it trusts, may be wrong in, by the check that refuses then. */
const mistakenIdentity: ReadonlyMap<string, readonly [option: string, remedy: string]> = new Map([
  ['audience', ['clientId', 'compare clientId, or audience, with the API that your clients ask a token for']],
  ['issuer', ['tenantId', 'compare tenantId and instance, or issuer, with where your clients sign in']],
])

/** The log of one API. */
export class FailureLog {
  readonly #log: SampledLog
  /** Authorities whose keys could not be had, and why; no more of them than are configured. */
  readonly #failing = new Map<string, string>()
  readonly #saidOfIdentity = new Set<string>()
  #saidConsent = false

  /** @param logger `undefined`: nothing is written. */
  constructor(logger: Logger | undefined, clock: Clock) {
    this.#log = new SampledLog(logger, clock)
  }

  /** An error that became an answer. */
  answered(error: AnyMidtierError, failure: AnsweredFailure): void {
    this.#log.write(lineOf(error, failure))
  }

  /** An event; only those speak that tell of a failure which no caller may ever be answered for. */
  readonly heard = (event: ObserverEvent): void => {
    if (event.type === 'keys_failed') this.#keysFailed(event)
    else if (event.type === 'keys_refreshed') this.#keysRefreshed(event.authority)
    else if (event.type === 'clock_differs') this.#clockDiffers(event)
    else if (event.type === 'store_failed')
      this.#warn('store_failed', { operation: event.operation }, `the shared store failed: ${event.message}`)
    else if (event.type === 'authority_paused') this.#paused(event)
    else if (event.type === 'authority_recovered')
      this.#warn(
        'recovered',
        { tenantId: event.tenantId },
        `the token endpoint of ${event.tenantId} answers again`,
      )
    else if (event.type === 'acquisition_failed' && event.renewal) this.#renewalFailed(event)
  }

  /** Once: whoever opens the link sees an error of the authority, of which the API never hears. */
  consentWithoutPage(): void {
    if (this.#saidConsent) return
    this.#saidConsent = true
    const remedy = 'register a redirect URI of the type web, and write it as consentRedirectUri'
    const message = `a consent link was given out without a page to return to: opened as it is, it ends as AADSTS900971 unless exactly one is registered. Remedy: ${remedy}`
    this.#warn('consent_without_page', { option: 'consentRedirectUri', remedy }, message)
  }

  /**
   * Once each: a token that is meant for somebody else, before any was accepted, may be a stranger's, or show that this API does not
   * know who it is. The owner alone can tell.
   */
  refusedBeforeAny(reason: string): void {
    const [option, remedy] = mistakenIdentity.get(reason) ?? []
    if (remedy === undefined || this.#saidOfIdentity.has(reason)) return
    this.#saidOfIdentity.add(reason)
    const message = `a token was refused (${reason}), and none has been accepted since the start. Remedy, if your own clients are refused: ${remedy}; \`npx midtier explain\` names what was expected and what came`
    this.#warn(`none_accepted ${reason}`, { reason, option, remedy }, message)
  }

  #warn(kind: string, fields: Readonly<Record<string, unknown>>, message: string): void {
    this.#log.write({ level: 'warn', kind, fields, message })
  }

  #paused({ tenantId, whom, reason, pauseMs }: Extract<ObserverEvent, { type: 'authority_paused' }>): void {
    const why = reason === 'throttled' ? 'asks to be asked less often' : 'keeps failing'
    if (whom === 'caller') return // one caller's trouble, who is answered for it
    const message = `the token endpoint of ${tenantId} ${why} and is left alone for ${Math.ceil(pauseMs)} ms`
    this.#warn(`paused ${reason}`, { tenantId, reason }, message)
  }

  /** Said when it begins, and again when the reason is another one. */
  #keysFailed({ authority, reason, message, remedy }: Extract<ObserverEvent, { type: 'keys_failed' }>): void {
    if (this.#failing.get(authority) === reason) return
    this.#failing.set(authority, reason)
    this.#log.write({
      level: 'error',
      kind: `keys_failed ${reason}`,
      fields: { authority, reason, ...defined({ remedy }) },
      message: `the signing keys of ${authority} cannot be had: ${message}${adviceOf(remedy)}`,
    })
  }

  #keysRefreshed(authority: string): void {
    if (this.#failing.delete(authority))
      this.#warn('keys_refreshed', { authority }, `the signing keys of ${authority} are at hand again`)
  }

  /** Valid callers may be refused: nobody but the owner can end that. */
  #clockDiffers({
    authority,
    differenceMs,
    reason,
  }: Extract<ObserverEvent, { type: 'clock_differs' }>): void {
    const differenceSeconds = Math.round(differenceMs / 1000)
    const remedy = 'set the clock of this machine, and let it be kept by NTP'
    const side = differenceMs > 0 ? 'ahead of' : 'behind'
    this.#log.write({
      level: 'error',
      kind: `clock_differs ${authority}`,
      fields: { authority, reason, differenceSeconds, remedy },
      message: `a token was refused (${reason}), and the clock of this machine is ${Math.abs(differenceSeconds)} s ${side} that of ${authority}. Remedy: ${remedy}`,
    })
  }

  /** The token at hand still serves: this is the time to mend it, before it does not. */
  #renewalFailed(event: Extract<ObserverEvent, { type: 'acquisition_failed' }>): void {
    const { grant, scopes, code, reason, errorNumbers, remedy } = event
    if (code === 'interaction_required') return // the person's, who will be asked when the token is over
    const mayPass = code === 'authority_unavailable' && reason === 'unavailable'
    this.#log.write({
      level: mayPass ? 'warn' : 'error',
      kind: JSON.stringify(['renewal', code, reason, errorNumbers]),
      fields: { grant, scopes, code, ...defined({ reason, remedy }), errorNumbers },
      message: `a token could not be renewed ahead of time (${code})${adviceOf(remedy)}`,
    })
  }
}

function adviceOf(remedy: string | undefined): string {
  return remedy === undefined ? '' : `. Remedy: ${remedy}`
}

/** Never throws: an error of another version, whose members are of another kind, is told by its code. */
function lineOf(error: AnyMidtierError, failure: AnsweredFailure): LogLine {
  try {
    return describe(error, factsOf(error), failure)
  } catch {
    return describe(error, { code: error.code }, failure)
  }
}

function describe(
  { code, message }: AnyMidtierError,
  told: Readonly<Record<string, unknown>>,
  { status, traceId, operation, api }: AnsweredFailure,
): LogLine {
  const facts = { ...told, ...defined({ api }) }
  return {
    level: 'error',
    kind: kindOf(status, facts),
    fields: { status, ...defined({ traceId, operation }), ...facts },
    message: `${status} ${code}: ${message}`,
  }
}

/** The same failure again is the same in these. */
function kindOf(status: number, facts: Readonly<Record<string, unknown>>): string {
  const { code, reason, api, option, error, errorNumbers, downstreamStatus } = facts
  return JSON.stringify([status, code, reason, api, option, error, errorNumbers, downstreamStatus])
}

/** By name, so that a member that an error gets some day is not in the log before somebody has thought about it. */
function factsOf(error: AnyMidtierError): Readonly<Record<string, unknown>> {
  const told = { code: error.code, ...defined({ reason: reasonOf(error) }) }
  if (isRefusal(error)) {
    const {
      error: wireError,
      suberror,
      errorNumbers,
      remedy,
      correlationId,
      traceId,
      status,
      scopes,
    } = error.facts
    const authority = { suberror, remedy, correlationId, authorityTraceId: traceId, authorityStatus: status }
    const option = wireError === 'invalid_client' ? 'clientCredential' : undefined
    return { ...told, error: wireError, errorNumbers, scopes, ...defined({ ...authority, option }) }
  }
  if (hasCode(error, 'authority_unavailable'))
    return { ...told, ...defined({ remedy: error.remedy, retryAfterSeconds: error.retryAfterSeconds }) }
  if (hasCode(error, 'downstream_failed')) return { ...told, ...defined(downstreamFactsOf(error)) }
  if (hasCode(error, 'configuration_invalid')) return { ...told, option: error.option }
  return told
}

function downstreamFactsOf(error: DownstreamError): Readonly<Record<string, unknown>> {
  const { api, downstreamStatus, requestId, clientRequestId } = error
  return { api, downstreamStatus, requestId, clientRequestId }
}

function defined(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
