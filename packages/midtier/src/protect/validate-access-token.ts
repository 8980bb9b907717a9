// The token gate of an API: give it a token and what a route demands, get the principal or a refusal that knows its status.
import { sha256 } from '#crypto'
import type { Clock } from '../kernel/time/clock.ts'
import { forgettings } from '../kernel/forgettings.ts'
import type { AuthorityFetch } from '../kernel/http/http.ts'
import { Redacted } from '../kernel/redacted.ts'
import type { WaitUntil } from '../kernel/wait-until.ts'
import type { CallContext, ObserverEvent } from '../kernel/observer.ts'
import type { SigningKeysHealth } from '../authority/signing-keys.ts'
import { runChecks } from './checks/check.ts'
import { signedChecks, textChecks } from './checks/checks.ts'
import { packClaims } from './claimed.ts'
import { createAssertion } from './create-assertion.ts'
import { explainAccessToken, type TokenExplanation } from './explain.ts'
import { meetRequirements, passOwnCheck } from './requirements/meet-requirements.ts'
import type { Assertion, Principal } from './principal.ts'
import {
  refuseUnissuedScope,
  resolveRequirements,
  type Requirements,
  type ResolvedRequirements,
} from './requirements/requirements.ts'
import type { Revocations } from './revocations/revocations.ts'
import type { Registration } from './registration.ts'
import type { ValidatorSettings } from './settings.ts'
import { createTrusts } from './trusts.ts'
import type { ValidatedToken } from './validated-token.ts'
import { passStages, signedEvidence, type Gate, type OnRefusal, type VerifiedToken } from './stages.ts'
import { isRefusedByClock } from './checks/time-checks.ts'
import { VerifiedTokens } from './verified-tokens.ts'

/** What the validator is handed. */
export interface ValidatorPorts<Who = unknown> {
  readonly fetch: AuthorityFetch
  readonly clock: Clock
  readonly observe: (event: ObserverEvent) => void
  /** Is handed what goes on behind a request's back. Default: nobody is. */
  readonly waitUntil?: WaitUntil | undefined
  /** Refuses callers whose valid token was revoked. Default: nobody's is. */
  readonly revocations?: Revocations | undefined
  /** Makes callers, for the own checks of requirements. Default: such a check is handed none. */
  readonly introduce?: Introduce<Who> | undefined
}

/** What the token gate gives. */
export interface AdmittedToken<Who = unknown> extends ValidatedToken {
  /** Whom the own check of the requirements was handed; `undefined` where there is none. */
  readonly caller: Who | undefined
}

/** Makes the caller whom the own check of requirements is handed. Default: it is handed none. */
export type Introduce<Who = unknown> = (validated: ValidatedToken, context: CallContext) => Who

/** Validates the access tokens of an API. */
export interface TokenValidator<Who = unknown> {
  /**
   * Validates a token and measures its principal: at once when everything that it takes is at hand, else by a promise.
   *
   * @throws BearerError when it is refused; AuthorityUnavailableError (a 503) when its key cannot be had;
   *   ConfigurationError when the requirements cannot be met by anybody. Throws or rejects: `await` it inside the `try`.
   */
  validate(
    token: string,
    requirements?: Requirements,
    context?: CallContext,
  ): AdmittedToken<Who> | Promise<AdmittedToken<Who>>
  /**
   * Measures somebody who was let in by what one more place demands, and does not run its own check.
   *
   * @throws BearerError where it is not met; ConfigurationError when the requirements cannot be met by anybody.
   */
  measure(principal: Principal, requirements: Requirements): void
  /**
   * The authority found a token not genuine that was accepted here: it is verified anew, and the keys of its issuer are asked for again,
   * once per cool-down.
   */
  distrust(validated: ValidatedToken): void
  /** Checks requirements ahead of the first token. @throws ConfigurationError when nobody whose tokens are accepted could meet them. */
  checkRequirements(requirements: Requirements): void
  /** Has the keys of every registration at hand. @throws AuthorityUnavailableError when an authority has none to give. */
  warmUp(): Promise<void>
  health(): ValidatorHealth
  /** Every check with expected, actual and verdict, safe to paste: no token, and no claim that identifies a person. */
  explain(token: string, requirements?: Requirements): Promise<TokenExplanation>
  /** Forgets what was verified. */
  close(): void
}

/** State of the token gate. */
export interface ValidatorHealth {
  /** Whether every registration can be served without asking its authority first. */
  readonly ready: boolean
  readonly issuers: readonly SigningKeysHealth[]
  readonly cachedTokens: number
}

/**
 * Creates the token gate. Contacts nobody until a token comes or {@link TokenValidator.warmUp} is called.
 *
 * @throws ConfigurationError when the settings cannot work.
 */
export function createTokenValidator<Who = unknown>(
  settings: ValidatorSettings,
  ports: ValidatorPorts<Who>,
): TokenValidator<Who> {
  const gate: Gate = {
    settings,
    trusts: createTrusts(settings, ports),
    nowMs: () => ports.clock.nowMs(),
  }
  return new GateKeeper(gate, ports)
}

class GateKeeper<Who> implements TokenValidator<Who> {
  readonly #gate: Gate
  readonly #ports: ValidatorPorts<Who>
  readonly #issuesScopesByName: boolean
  readonly #always: ResolvedRequirements | undefined
  readonly #verified: VerifiedTokens
  /** Of validations that belong to no request. */
  readonly #unwatched: CallContext

  constructor(gate: Gate, ports: ValidatorPorts<Who>) {
    const { registrations, requirements } = gate.settings
    this.#gate = gate
    this.#ports = ports
    this.#issuesScopesByName = registrations.every(({ authority }) => authority.issuesScopesByName)
    this.#always = requirements === undefined ? undefined : this.#resolve(requirements)
    this.#verified = new VerifiedTokens(gate.settings.maxCachedTokens)
    this.#unwatched = { traceId: undefined, observe: ports.observe }
  }

  validate(
    token: string,
    requirements?: Requirements,
    context: CallContext = this.#unwatched,
  ): AdmittedToken<Who> | Promise<AdmittedToken<Who>> {
    const startMs = this.#ports.clock.nowMs()
    const forgettingsBefore = forgettings.count
    // Only what is short enough is read, and only what may be remembered is hashed.
    const mayBeKnown = token.length <= this.#gate.settings.maxTokenLength && this.#verified.mayHold(token)
    const digest = mayBeKnown ? sha256(token) : undefined
    const known = typeof digest === 'string' ? this.#verified.get(digest, startMs) : undefined
    if (known === undefined || typeof digest !== 'string')
      return this.#verify(token, digest, requirements, { startMs, forgettingsBefore, context })
    const assertion = { token: new Redacted(token), digest }
    return this.#conclude(known, assertion, requirements, {
      startMs,
      forgettingsBefore,
      context,
      fromCache: true,
    })
  }

  async #verify(
    token: string,
    hashing: string | Promise<string> | undefined,
    requirements: Requirements | undefined,
    call: Omit<Call, 'fromCache'>,
  ): Promise<AdmittedToken<Who>> {
    runChecks(textChecks, { token, maxTokenLength: this.#gate.settings.maxTokenLength })
    const digest = await hashing
    const known = digest === undefined ? undefined : this.#verified.get(digest, call.startMs)
    const verified = known ?? (await this.#verifyAnew(token, digest, call.context))
    const assertion =
      digest === undefined ? await createAssertion(token) : { token: new Redacted(token), digest }
    const fromCache = known !== undefined
    const admitted = await this.#conclude(verified, assertion, requirements, { ...call, fromCache })
    if (digest !== undefined && !fromCache) packClaims(verified.principal) // it is remembered, and observers were told
    return admitted
  }

  /** Remembered with its digest, from the second use; what is refused is no longer remembered. */
  async #verifyAnew(token: string, digest: string | undefined, context: CallContext): Promise<VerifiedToken> {
    try {
      const verified = await passStages(token, this.#gate, this.#suspecting(context))
      if (digest === undefined) this.#verified.noteFirstUse(token)
      else this.#verified.set(digest, verified)
      return verified
    } catch (error) {
      if (digest !== undefined) this.#verified.delete(digest)
      throw error
    }
  }

  /** A genuine token is refused by what our clock shows: perhaps it is the clock that is wrong. */
  #suspecting({ observe }: CallContext): OnRefusal {
    return (error, { keys, issuer }) => {
      if (!isRefusedByClock(error)) return
      const differenceMs = keys.tellClockDifference(this.#gate.settings.clockToleranceSeconds * 1000)
      if (differenceMs === undefined) return
      observe({ type: 'clock_differs', authority: issuer.issuer, differenceMs, reason: error.reason })
    }
  }

  /** Measures the caller: at once, unless the revocations have to be read or a check of the API's own is asked. */
  #conclude(
    verified: VerifiedToken,
    assertion: Assertion,
    requirements: Requirements | undefined,
    call: Call,
  ): AdmittedToken<Who> | Promise<AdmittedToken<Who>> {
    const { principal, account, trust } = verified
    const { registration } = trust
    const authenticatedAtMs = call.startMs
    const forgettingsBefore = call.forgettingsBefore
    const validated = {
      principal,
      account,
      assertion,
      registration,
      authenticatedAtMs,
      forgettingsBefore,
      caller: undefined,
    }
    const route = requirements === undefined ? undefined : this.#resolve(requirements)
    const reading = this.#ports.revocations?.check(principal)
    if (reading !== undefined || (route?.check ?? this.#always?.check) !== undefined)
      return this.#concludeLater(verified, validated, reading, route, call)
    if (this.#always !== undefined) meetRequirements(principal, this.#always)
    if (route !== undefined) meetRequirements(principal, route)
    if (call.context.quiet !== true) this.#tell(verified, call)
    return validated
  }

  async #concludeLater(
    verified: VerifiedToken,
    validated: AdmittedToken<Who>,
    reading: Promise<undefined> | undefined,
    route: ResolvedRequirements | undefined,
    call: Call,
  ): Promise<AdmittedToken<Who>> {
    await reading
    const { principal } = verified
    let caller: Who | undefined
    let hasAsked = false
    for (const demanded of [this.#always, route]) {
      if (demanded === undefined) continue
      meetRequirements(principal, demanded)
      if (demanded.check === undefined) continue
      caller ??= this.#ports.introduce?.(validated, call.context) // one, whichever check is handed it
      await passOwnCheck(demanded.check, principal, caller)
      hasAsked = true
    }
    // What was true before may have ended while others were waited for.
    if (hasAsked) await this.#ports.revocations?.check(principal)
    refuseEnded(verified, this.#gate)
    if (call.context.quiet !== true) this.#tell(verified, call)
    return { ...validated, caller }
  }

  #tell(verified: VerifiedToken, { context, fromCache, startMs }: Call): void {
    const { kind, agent, claims } = verified.principal
    verified.told ??= tellingClaims(claims)
    context.observe({
      type: 'token_validated',
      kind,
      agent,
      claims: verified.told,
      fromCache,
      durationMs: Math.max(0, this.#ports.clock.nowMs() - startMs),
    })
  }

  measure(principal: Principal, requirements: Requirements): void {
    meetRequirements(principal, this.#resolve(requirements))
  }

  distrust({ assertion, principal, registration }: ValidatedToken): void {
    this.#verified.delete(assertion.digest)
    for (const trust of this.#gate.trusts)
      if (
        trust.registration === registration &&
        (trust.issuer.version ?? principal.version) === principal.version
      )
        trust.keys.doubt()
  }

  checkRequirements(requirements: Requirements): void {
    this.#resolve(requirements)
  }

  #resolve(requirements: Requirements): ResolvedRequirements {
    const resolved = resolveRequirements(requirements)
    if (this.#issuesScopesByName) refuseUnissuedScope(resolved)
    return resolved
  }

  async warmUp(): Promise<void> {
    const { registrations } = this.#gate.settings
    await Promise.all(registrations.map((registration) => this.#warmUpOne(registration)))
  }

  /** One version's keys are enough to be ready: an authority need not issue both. */
  async #warmUpOne(registration: Registration): Promise<void> {
    const trusts = this.#gate.trusts.filter((trust) => trust.registration === registration)
    const outcomes = await Promise.allSettled(trusts.map(({ keys }) => keys.warmUp()))
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected')
    if (failures.length === outcomes.length && failures[0] !== undefined) throw failures[0].reason
  }

  health(): ValidatorHealth {
    const { settings, trusts } = this.#gate
    const ready = settings.registrations.every((registration) =>
      trusts.some((trust) => trust.registration === registration && trust.keys.health().ready),
    )
    const issuers = [...new Set(trusts.map(({ keys }) => keys))].map((keys) => keys.health())
    return { ready, issuers, cachedTokens: this.#verified.size }
  }

  explain(token: string, requirements?: Requirements): Promise<TokenExplanation> {
    return explainAccessToken(token, this.#gate, requirements)
  }

  close(): void {
    this.#verified.clear()
  }
}

/** @throws BearerError when the time of the token has come to its end. */
function refuseEnded({ principal, trust, startSeconds, endSeconds }: VerifiedToken, gate: Gate): void {
  const nowSeconds = Math.floor(gate.nowMs() / 1000)
  if (nowSeconds < startSeconds || nowSeconds >= endSeconds)
    runChecks(signedChecks, signedEvidence(principal.claims, trust, gate))
}

/** One validation on its way. */
interface Call {
  readonly startMs: number
  readonly forgettingsBefore: number
  readonly context: CallContext
  readonly fromCache: boolean
}

/** The claims that show who called, and no others: names, e-mail addresses and whatever an issuer adds stay out of events. */
const tellingNames =
  'aud iss azp appid scp roles oid tid exp iat ver uti idtyp xms_act_fct xms_sub_fct xms_par_app_azp'.split(
    ' ',
  )

function tellingClaims(claims: Principal['claims']): Readonly<Record<string, unknown>> {
  const told: Record<string, unknown> = {}
  for (const name of tellingNames) if (claims[name] !== undefined) told[name] = claims[name]
  return Object.freeze(told)
}
