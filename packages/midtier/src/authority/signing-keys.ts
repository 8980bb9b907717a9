// The signing keys of one issuer through every weather: fetched once for all, refreshed ahead, kept while the authority is down.
import type { Clock } from '../kernel/time/clock.ts'
import { AuthorityUnavailableError, type OutageReason } from '../kernel/errors/errors.ts'
import type { AuthorityFetch } from '../kernel/http/http.ts'
import type { JsonObject } from '../kernel/json.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import { causeOf } from '../kernel/errors/lasting-outage.ts'
import type { ObserverEvent } from '../kernel/observer.ts'
import type { SignatureAlgorithm } from '../kernel/crypto/signature-algorithm.ts'
import { SingleFlight } from '../kernel/single-flight.ts'
import { ageMs, type Moment, steady, type SteadyClock } from '../kernel/time/steady-clock.ts'
import type { WaitUntil } from '../kernel/wait-until.ts'
import type { TrustedIssuer } from './authority.ts'
import { ClockComparison } from './clock-comparison.ts'
import { Cooldown, type Need } from './cooldown.ts'
import { parseKeySet, type KeySet, type SigningKey } from './key-set.ts'
import {
  parseMetadata,
  requestDocument,
  type AuthorityMetadata,
  type AuthorityRequestLimits,
} from './metadata.ts'

/** How keys are kept. */
export interface SigningKeysSettings extends AuthorityRequestLimits {
  /** Algorithms that keys are pinned to, the first that fits a key's type. */
  readonly algorithms: readonly SignatureAlgorithm[]
  /**
   * Age from which the next use of a key refreshes the set in the background. Milliseconds.
   * Longer honours a withdrawn key for longer.
   */
  readonly refreshAfterMs: number
  /**
   * Least time between two requests that the authority is asked for because a `kid` is unknown or the last request failed, and the
   * longest that a needed key waits for the next one, whatever the authority says. Milliseconds. Shorter lets
   * strangers make us ask more often; longer delays an unannounced rollover.
   */
  readonly cooldownMs: number
  /**
   * How long keys are honoured beyond the time their refresh was due, while the authority is down. Milliseconds.
   * Counted from the last fetch: an API that was idle before an outage had its keys age meanwhile.
   * Longer survives longer outages and honours a withdrawn key for longer.
   */
  readonly lastKnownGoodMs: number
}

/** What is handed in. */
export interface SigningKeysPorts {
  readonly fetch: AuthorityFetch
  readonly clock: Clock
  readonly observe: (event: ObserverEvent) => void
  /** Is handed what goes on behind a request's back. Default: nobody is. */
  readonly waitUntil?: WaitUntil | undefined
}

/** The answer for a `kid`. */
export interface KeyLookup {
  /** `undefined` when the authority does not publish such a key. */
  readonly key: SigningKey | undefined
  readonly metadata: AuthorityMetadata
}

/** A good answer of the authority. */
interface Snapshot {
  readonly metadata: AuthorityMetadata
  readonly metadataSince: Moment
  readonly keys: KeySet
  readonly since: Moment
}

const noKeys: KeySet = new Map()

/** The keys of one issuer. Starts no timer: keys age and are refreshed as they are used. */
export class SigningKeys {
  readonly #trusted: TrustedIssuer
  readonly #settings: SigningKeysSettings
  readonly #ports: SigningKeysPorts
  readonly #clock: SteadyClock
  readonly #cooldown: Cooldown
  readonly #comparison: ClockComparison
  readonly #flight = new SingleFlight<Snapshot>()
  #snapshot: Snapshot | undefined
  #lastFailure: AuthorityUnavailableError | undefined
  /** When the keys were last asked for because they may not be the latest. */
  #doubtedSince: Moment | undefined
  /** When they were last asked for because of their age. */
  #refreshedSince: Moment | undefined
  /** Requests to the authority that were begun, and the latest of them that was answered: of isolated requests, several are on their way. */
  #begun = 0
  #answered = 0

  constructor(trusted: TrustedIssuer, settings: SigningKeysSettings, ports: SigningKeysPorts) {
    this.#trusted = trusted
    this.#settings = settings
    this.#ports = ports
    this.#clock = steady(ports.clock)
    this.#cooldown = new Cooldown(settings.cooldownMs, ports.clock)
    this.#comparison = new ClockComparison(ports.clock)
  }

  /**
   * The key of a `kid`: at once when it is known, else after asking the authority, once for all who wait and not in the cool-down.
   *
   * @throws AuthorityUnavailableError when it cannot be known, because the authority is down; rejects or throws with it.
   */
  find(kid: string): KeyLookup | Promise<KeyLookup> {
    const snapshot = this.#honoured()
    const key = snapshot?.keys.get(kid)
    if (snapshot !== undefined && key !== undefined) return { key, metadata: snapshot.metadata }
    if (this.#isPaused('needed')) throw this.#unavailable(this.#lastFailure)
    if (snapshot === undefined) return this.#lookUp(kid, this.#refresh())
    // In the cool-down after a success, an unknown `kid` is unknown.
    return this.#mayDoubt()
      ? this.#lookUp(kid, this.#refreshInDoubt())
      : { key: undefined, metadata: snapshot.metadata }
  }

  /** Whether a `kid` is among the keys at hand; asks nobody. */
  knows(kid: string): boolean {
    return this.#honoured()?.keys.has(kid) === true
  }

  /** Whether a key found earlier is still published and not too old; for what it verified and was cached. */
  honours(key: SigningKey): boolean {
    return this.#honoured()?.keys.get(key.kid) === key
  }

  /** Asks for the keys behind everybody's back, though they are young, but not in the cool-down: the authority refused what one had verified. */
  doubt(): void {
    if (!this.#isPaused('needed') && this.#mayDoubt()) this.#behind(this.#refreshInDoubt())
  }

  /** Has keys at hand, asking the authority when there are none. @throws AuthorityUnavailableError when it is down. */
  async warmUp(): Promise<void> {
    if (this.#honoured() !== undefined) return
    if (this.#isPaused('needed')) throw this.#unavailable(this.#lastFailure)
    await this.#refresh()
  }

  /** By how much our clock is ahead of the authority's, when that is more than this either way; once, until it was less. Milliseconds. */
  tellClockDifference(mostMs: number): number | undefined {
    return this.#comparison.tellOnce(mostMs)
  }

  /** Whether keys are at hand, how old they are, and what went wrong last. */
  health(): SigningKeysHealth {
    const snapshot = this.#snapshot
    return {
      issuer: this.#trusted.issuer,
      ready: snapshot !== undefined && this.#clock.ageMs(snapshot.since) < this.#longestAgeMs(),
      keyCount: snapshot?.keys.size ?? 0,
      fetchedAtMs: snapshot?.since.wallMs,
      lastFailure: this.#lastFailure?.message,
      lastFailureReason: this.#lastFailure?.reason,
      retryAfterMs: this.#cooldown.waitMs('needed'),
    }
  }

  /** The snapshot while it may be used; refreshed behind the caller's back from the age at which it is due. */
  #honoured(): Snapshot | undefined {
    const snapshot = this.#snapshot
    if (snapshot === undefined) return undefined
    const ageMs = this.#clock.ageMs(snapshot.since)
    if (ageMs < this.#settings.refreshAfterMs) return snapshot
    if (ageMs >= this.#longestAgeMs()) return undefined
    if (!this.#isPaused('helpful')) this.#refreshBehind()
    return snapshot
  }

  #longestAgeMs(): number {
    return this.#settings.refreshAfterMs + this.#settings.lastKnownGoodMs
  }

  /** Whether nothing may be asked after a failure; what is being asked already is waited for. */
  #isPaused(need: Need): boolean {
    return this.#flight.size === 0 && this.#cooldown.waitMs(need) > 0
  }

  /** Whether the keys may be asked for although they are young: once per cool-down, and what is being asked already is waited for. */
  #mayDoubt(): boolean {
    return this.#flight.size > 0 || !this.#isWithinCooldown(this.#doubtedSince)
  }

  #isWithinCooldown(since: Moment | undefined): boolean {
    return since !== undefined && this.#clock.ageMs(since) < this.#settings.cooldownMs
  }

  async #lookUp(kid: string, asked: Promise<Snapshot>): Promise<KeyLookup> {
    const { keys, metadata } = await asked
    return { key: keys.get(kid), metadata }
  }

  /** The doubt counts once it is answered: until then, requests that are isolated each ask for themselves, as others join. */
  async #refreshInDoubt(): Promise<Snapshot> {
    const since = this.#clock.now()
    try {
      return await this.#refresh()
    } finally {
      this.#doubtedSince = since
    }
  }

  #refresh(): Promise<Snapshot> {
    return this.#flight.run('', () => this.#request())
  }

  /** Once per cool-down: one that ended with the isolated request that began it is begun again by a later one, not by each. */
  #refreshBehind(): void {
    if (this.#flight.size > 0 || this.#isWithinCooldown(this.#refreshedSince)) return
    this.#refreshedSince = this.#clock.now()
    this.#behind(this.#refresh())
  }

  /** Its failure is told to the observer; the keys at hand are still good. */
  #behind(refresh: Promise<Snapshot>): void {
    const settled = refresh.catch(() => undefined)
    this.#ports.waitUntil?.(settled)
  }

  async #request(): Promise<Snapshot> {
    const asked = ++this.#begun
    try {
      return this.#accept(await this.#fetchSnapshot(), asked)
    } catch (error) {
      throw this.#fail(error, asked)
    }
  }

  async #fetchSnapshot(): Promise<Snapshot> {
    const { metadata, metadataSince } = await this.#currentMetadata()
    const keys = await parseKeySet(await this.#get(metadata.keysUrl), {
      algorithms: this.#settings.algorithms,
      cloudInstanceName: metadata.cloudInstanceName,
      previous: this.#snapshot?.keys ?? noKeys,
    })
    if (keys === undefined) throw new AuthorityUnavailableError('the key set holds no usable key', 0)
    return { metadata, metadataSince, keys, since: this.#clock.now() }
  }

  /** An unknown `kid` is a question about keys: the metadata is asked for again only when it is as old as keys may get. */
  async #currentMetadata(): Promise<Pick<Snapshot, 'metadata' | 'metadataSince'>> {
    const snapshot = this.#snapshot
    const now = this.#clock.now()
    if (snapshot !== undefined && ageMs(snapshot.metadataSince, now) < this.#settings.refreshAfterMs)
      return snapshot
    const metadata = parseMetadata(await this.#get(this.#trusted.metadataUrl), this.#trusted)
    if ('fault' in metadata) throw new AuthorityUnavailableError(metadata.fault, 0, metadata)
    return { metadata, metadataSince: now }
  }

  #get(url: string): Promise<JsonObject> {
    const sentAt = this.#clock.now()
    return requestDocument(this.#ports.fetch, url, this.#settings, this.#ports.clock.nowMs(), (headers) => {
      this.#comparison.note(headers, sentAt)
    })
  }

  /** What a later request was answered with is not replaced by the answer to an earlier one. */
  #accept(snapshot: Snapshot, asked: number): Snapshot {
    if (asked < this.#answered) return snapshot
    this.#answered = asked
    this.#snapshot = snapshot
    this.#cooldown.succeeded()
    this.#lastFailure = undefined
    this.#ports.observe({
      type: 'keys_refreshed',
      authority: this.#trusted.issuer,
      kids: [...snapshot.keys.keys()],
    })
    return snapshot
  }

  #fail(error: unknown, asked: number): AuthorityUnavailableError {
    const failure = hasCode(error, 'authority_unavailable')
      ? error
      : new AuthorityUnavailableError('the signing keys could not be read', 0, { cause: error })
    if (asked < this.#answered) return this.#unavailable(failure) // the authority has answered since
    this.#lastFailure = failure
    this.#cooldown.failed(failure.retryAfterSeconds)
    const { reason, message, remedy } = failure
    this.#ports.observe({ type: 'keys_failed', authority: this.#trusted.issuer, reason, message, remedy })
    return this.#unavailable(failure)
  }

  #unavailable(cause: AuthorityUnavailableError | undefined): AuthorityUnavailableError {
    const waitSeconds = Math.max(1, Math.ceil(this.#cooldown.waitMs('needed') / 1000))
    const because = cause === undefined ? '' : `: ${cause.message}`
    const message = `The signing keys of ${this.#trusted.issuer} are not available${because}`
    return new AuthorityUnavailableError(message, waitSeconds, { cause, ...causeOf(cause) })
  }
}

/** State of the keys of one issuer. */
export interface SigningKeysHealth {
  readonly issuer: string
  /** Whether tokens of this issuer can be validated without asking the authority first. */
  readonly ready: boolean
  readonly keyCount: number
  /** Milliseconds since the epoch. */
  readonly fetchedAtMs: number | undefined
  /** What went wrong in the last request; `undefined` when it succeeded. */
  readonly lastFailure: string | undefined
  /** Why; all but `unavailable` stay until somebody mends them. */
  readonly lastFailureReason: OutageReason | undefined
  /** Until the authority may be asked again for keys that are needed; 0 when it may be now. */
  readonly retryAfterMs: number
}
