// The token gate of an API: give it a token and what a route demands, get the principal or a refusal that knows its status.
import { sha256 } from '#crypto'
import type { Caller } from '../caller.ts'
import type { Clock } from '../kernel/clock.ts'
import { ConfigurationError } from '../kernel/errors.ts'
import type { AuthorityFetch } from '../kernel/http.ts'
import type { CallContext, ObserverEvent } from '../kernel/observer.ts'
import type { SigningKeysHealth } from '../authority/signing-keys.ts'
import { whenAtHand, type AtHand } from './at-hand.ts'
import { runChecks } from './check.ts'
import { clockChecks, textChecks } from './checks.ts'
import { createAssertion } from './create-assertion.ts'
import { explainAccessToken, type TokenExplanation } from './explain.ts'
import { meetRequirements } from './meet-requirements.ts'
import type { Assertion, Principal } from './principal.ts'
import {
  refuseUnissuedScope,
  resolveRequirements,
  type Requirements,
  type ResolvedRequirements,
} from './requirements.ts'
import type { Revocations } from './revocations.ts'
import { absoluteMaxTokenLength, type Registration, type ValidatorSettings } from './settings.ts'
import { createTrusts } from './trusts.ts'
import { signedEvidence, passStages, type Gate, type OnRefusal, type VerifiedToken } from './stages.ts'
import { isRefusedByClock } from './time-checks.ts'
import { VerifiedTokens } from './verified-tokens.ts'

/** What the validator is handed. */
export interface ValidatorPorts {
  readonly fetch: AuthorityFetch
  readonly clock: Clock
  readonly observe: (event: ObserverEvent) => void
  /** Refuses callers whose valid token was revoked. Default: nobody's is. */
  readonly revocations?: Revocations | undefined
}

/** What validation gives. */
export interface ValidatedToken {
  readonly principal: Principal
  readonly assertion: Assertion
  /** The one whose issuer and audience the token has. */
  readonly registration: Registration
}

/** Makes the caller whom the own check of requirements is handed. Default: it is handed none. */
export type Introduce = (validated: ValidatedToken) => Caller

/** Validates the access tokens of an API. */
export interface TokenValidator {
  /**
   * Validates a token and measures its principal: at once when the key is at hand, else by a promise.
   *
   * @throws BearerError when it is refused; AuthorityUnavailableError (a 503) when its key cannot be had;
   *   ConfigurationError when the requirements cannot be met by anybody. Throws or rejects: `await` it inside the `try`.
   */
  validate(
    token: string,
    requirements?: Requirements,
    context?: CallContext,
    introduce?: Introduce,
  ): ValidatedToken | Promise<ValidatedToken>
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
export function createTokenValidator(settings: ValidatorSettings, ports: ValidatorPorts): TokenValidator {
  checkSettings(settings)
  const gate: Gate = {
    settings,
    trusts: createTrusts(settings, ports),
    nowMs: () => ports.clock.nowMs(),
  }
  return new GateKeeper(gate, ports)
}

function checkSettings({
  maxTokenLength,
  maxCachedTokens,
  clockToleranceSeconds,
  signingKeys,
}: ValidatorSettings): void {
  checkRange('maxTokenLength', maxTokenLength, 1, absoluteMaxTokenLength)
  checkRange('maxCachedTokens', maxCachedTokens, 0, 10_000_000)
  checkRange('clockToleranceSeconds', clockToleranceSeconds, 0, 86_400)
  if (signingKeys.algorithms.length === 0)
    throw new ConfigurationError('algorithms', 'is empty; no token could be accepted')
}

function checkRange(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new ConfigurationError(option, `must be a whole number from ${least} to ${most}`)
}

class GateKeeper implements TokenValidator {
  readonly #gate: Gate
  readonly #ports: ValidatorPorts
  readonly #entraAlone: boolean
  readonly #always: ResolvedRequirements | undefined
  readonly #verified: VerifiedTokens

  constructor(gate: Gate, ports: ValidatorPorts) {
    const { registrations, requirements } = gate.settings
    this.#gate = gate
    this.#ports = ports
    this.#entraAlone = registrations.every(({ authority: { kind } }) => kind !== 'openid-connect')
    this.#always = requirements === undefined ? undefined : this.#resolve(requirements)
    this.#verified = new VerifiedTokens(gate.settings.maxCachedTokens)
  }

  validate(
    token: string,
    requirements?: Requirements,
    context?: CallContext,
    introduce: Introduce = introduceNobody,
  ): AtHand<ValidatedToken> {
    const call: Call = {
      startMs: this.#ports.clock.nowMs(),
      observe: context?.observe ?? this.#ports.observe,
      quiet: context?.quiet ?? false,
      fromCache: false,
      introduce,
    }
    return this.#admit(token, requirements, call)
  }

  /** The length before anything that grows with it, and the digest of none but a token that may be remembered. */
  #admit(token: string, requirements: Requirements | undefined, call: Call): AtHand<ValidatedToken> {
    runChecks(textChecks, { token, maxTokenLength: this.#gate.settings.maxTokenLength })
    if (!this.#verified.mayHold(token))
      return whenAtHand(this.#verifyFirst(token, call), (verified) =>
        this.#conclude(verified, createAssertion(token), requirements, call),
      )
    return whenAtHand(sha256(token), (digest) =>
      whenAtHand(this.#verifyAgain(token, digest, call), (verified) =>
        this.#conclude(verified, createAssertion(token, digest), requirements, call),
      ),
    )
  }

  #verifyFirst(token: string, call: Call): AtHand<VerifiedToken> {
    return whenAtHand(passStages(token, this.#gate, this.#suspecting(call)), (verified) => {
      this.#verified.noteFirstUse(token)
      return verified
    })
  }

  #verifyAgain(token: string, digest: string, call: Call): AtHand<VerifiedToken> {
    const before = this.#verified.get(digest)
    if (before !== undefined) return this.#checkClock(before, digest, call)
    return whenAtHand(passStages(token, this.#gate, this.#suspecting(call)), (verified) => {
      this.#verified.set(digest, verified)
      return verified
    })
  }

  #checkClock(before: VerifiedToken, digest: string, call: Call): VerifiedToken {
    call.fromCache = true
    try {
      runChecks(clockChecks, signedEvidence(before.principal.claims, before.trust, this.#gate, call.startMs))
      return before
    } catch (error) {
      this.#suspecting(call)(error, before.trust)
      this.#verified.delete(digest)
      throw error
    }
  }

  /** A genuine token is refused by what our clock shows: perhaps it is the clock that is wrong. */
  #suspecting({ observe }: Call): OnRefusal {
    return (error, { keys, issuer }) => {
      if (!isRefusedByClock(error)) return
      const differenceMs = keys.tellClockDifference(this.#gate.settings.clockToleranceSeconds * 1000)
      if (differenceMs === undefined) return
      observe({ type: 'clock_differs', authority: issuer.issuer, differenceMs, reason: error.reason })
    }
  }

  #conclude(
    { principal, trust: { registration } }: VerifiedToken,
    hashing: AtHand<Assertion>,
    requirements: Requirements | undefined,
    call: Call,
  ): AtHand<ValidatedToken> {
    const introduce = (): AtHand<Caller> =>
      whenAtHand(hashing, (assertion) => call.introduce({ principal, assertion, registration }))
    return whenAtHand(this.#measureKnown(principal, requirements, introduce), () => {
      if (!call.quiet) this.#tell(principal, call)
      return whenAtHand(hashing, (assertion) => ({ principal, assertion, registration }))
    })
  }

  #measureKnown(
    principal: Principal,
    requirements: Requirements | undefined,
    introduce: () => AtHand<Caller>,
  ): AtHand<undefined> {
    const { revocations } = this.#ports
    if (revocations === undefined) return this.#measure(principal, requirements, introduce)
    return whenAtHand(revocations.check(principal), () => this.#measure(principal, requirements, introduce))
  }

  #measure(
    principal: Principal,
    requirements: Requirements | undefined,
    introduce: () => AtHand<Caller>,
  ): AtHand<undefined> {
    const route = requirements === undefined ? undefined : this.#resolve(requirements)
    const first =
      this.#always === undefined ? undefined : meetRequirements(principal, this.#always, introduce)
    if (route === undefined) return first
    return whenAtHand(first, () => meetRequirements(principal, route, introduce))
  }

  #tell(principal: Principal, { observe, fromCache, startMs }: Call): void {
    observe({
      type: 'token_validated',
      kind: principal.kind,
      claims: tellingClaims(principal),
      fromCache,
      durationMs: Math.max(0, this.#ports.clock.nowMs() - startMs),
    })
  }

  distrust({ assertion, principal, registration }: ValidatedToken): void {
    this.#verified.delete(assertion.digest)
    for (const trust of this.#gate.trusts)
      if (trust.registration === registration && trust.issuer.version === principal.version)
        trust.keys.doubt()
  }

  checkRequirements(requirements: Requirements): void {
    this.#resolve(requirements)
  }

  #resolve(requirements: Requirements): ResolvedRequirements {
    const resolved = resolveRequirements(requirements)
    if (this.#entraAlone) refuseUnissuedScope(resolved)
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

/** One validation on its way. */
interface Call {
  readonly startMs: number
  readonly observe: (event: ObserverEvent) => void
  readonly quiet: boolean
  readonly introduce: Introduce
  fromCache: boolean
}

/** A gate by itself has no callers: they are made where APIs are called. */
const introduceNobody: Introduce = () => undefined as unknown as Caller

/** The claims that show who called, and no others: names, e-mail addresses and whatever an issuer adds stay out of events. */
const tellingNames = 'aud iss azp appid scp roles oid tid exp iat ver uti idtyp'.split(' ')

/** Built once for each principal that anybody is told of, which a cached token keeps. */
const telling = new WeakMap<Principal, Readonly<Record<string, unknown>>>()

function tellingClaims(principal: Principal): Readonly<Record<string, unknown>> {
  const before = telling.get(principal)
  if (before !== undefined) return before
  const told: Record<string, unknown> = {}
  for (const name of tellingNames)
    if (principal.claims[name] !== undefined) told[name] = principal.claims[name]
  telling.set(principal, Object.freeze(told))
  return told
}
