// Tokens that are valid and refused nonetheless: issued before an instant that was set for their user, their tenant or their session.
import { BoundedMap } from '../../kernel/bounded-map.ts'
import { readSeconds } from '../../jwt/claims.ts'
import type { Clock } from '../../kernel/time/clock.ts'
import { BearerError, TokenStoreError } from '../../kernel/errors/errors.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import type { ObserverEvent } from '../../kernel/observer.ts'
import { SingleFlight } from '../../kernel/single-flight.ts'
import { ageMs, type Moment, steady } from '../../kernel/time/steady-clock.ts'
import type { WaitUntil } from '../../kernel/wait-until.ts'
import { noteRefused, understandsClaimsChallenges } from '../challenged-token.ts'
import { traitsOf } from '../claimed.ts'
import type { Principal } from '../principal.ts'
import { subjectsOf } from './revocation-subjects.ts'

/** Settings of {@link Revocations}. */
export interface RevocationSettings {
  /** Oldest knowledge of the store that a token is accepted on. Milliseconds. */
  readonly freshnessMs: number
  /** After this time no token is alive that was issued before a revocation. Milliseconds. */
  readonly longestTokenLifetimeMs: number
  /** What happens to a token whose revocation cannot be looked up. */
  readonly whenStoreFails: 'refuse' | 'accept'
}

/** Where processes share what is revoked; every failure is a {@link TokenStoreError}. */
export interface RevocationStore {
  /** Before when tokens are refused, milliseconds since the epoch; 0 for a subject that is not revoked. */
  read(subject: string, urgency: 'helpful' | 'needed'): Promise<number>
  /** Sets the instant of a subject, unless it has a later one: at once where the store can compare, whoever else does the same. */
  raise(subject: string, notBeforeMs: number, ttlMs: number): Promise<void>
  /** Tells the other processes. What is lost they learn when they read again. */
  tell(subject: string, notBeforeMs: number): Promise<void>
  /** Hears the other processes from now on; calls `begun` whenever messages begin to arrive and earlier ones may have been missed. */
  hear(listener: (subject: string, notBeforeMs: number) => void, begun: () => void): void
  /** @throws TokenStoreError */
  close(): Promise<void>
}

/** What {@link Revocations} is handed. */
export interface RevocationPorts {
  readonly clock: Clock
  readonly observe: (event: ObserverEvent) => void
  /** Is handed what goes on behind a request's back. Default: nobody is. */
  readonly waitUntil?: WaitUntil | undefined
  /** Absent: this process alone knows. */
  readonly store: RevocationStore | undefined
}

interface Known {
  readonly notBeforeMs: number
  /** When the store was read; `undefined` when it was not, or is not there. */
  readonly readAt: Moment | undefined
  /** How often messages had begun to arrive when it was read. */
  readonly epoch: number
}

/** Most subjects that this process knows something of. */
const maxKnown = 100_000

/** Looks up and sets the instants before which tokens are refused. */
export class Revocations {
  readonly #settings: RevocationSettings
  readonly #ports: RevocationPorts
  readonly #known: BoundedMap<Known>
  readonly #reads = new SingleFlight<undefined>()
  /** Everybody's: raised when this process alone knows of a revocation and cannot keep it. */
  #floorMs = 0
  #listening = false
  /** How often messages have begun to arrive: what was read before the last time is not fresh, since a message may have been missed. */
  #epoch = 0

  constructor(settings: RevocationSettings, ports: RevocationPorts) {
    this.#settings = settings
    this.#ports = ports
    this.#known = new BoundedMap<Known>({
      maxEntries: maxKnown,
      gaveWay: ({ notBeforeMs }) => {
        // Forgotten here and kept nowhere else, it would let the revoked in again: rather everybody signs in once more.
        if (ports.store === undefined) this.#floorMs = Math.max(this.#floorMs, notBeforeMs)
      },
    })
  }

  /**
   * Refuses a caller whose token was issued before a revocation; at once when what is known is fresh.
   *
   * @throws BearerError 401 with a claims challenge for callers that understand one; TokenStoreError (a 503) when it cannot be looked up.
   */
  check(principal: Principal): Promise<undefined> | undefined {
    this.#judge(principal)
    if (this.#ports.store === undefined) return undefined
    const unread = this.#refresh(subjectsOf(principal))
    if (unread.length === 0) return undefined
    return this.#readAll(unread).then(() => this.#judge(principal))
  }

  /**
   * Refuses the tokens of a subject that were issued before an instant.
   *
   * @throws TokenStoreError when that was not written or not told. This process refuses nonetheless, and so do those that were told.
   */
  async revoke(subject: string, notBeforeMs: number): Promise<void> {
    this.#learn(subject, notBeforeMs)
    const { store } = this.#ports
    if (store === undefined) return
    this.#listen()
    // The whole lifetime, whenever the instant is: how long ago that was, a clock that runs ahead does not know.
    try {
      await store.raise(subject, notBeforeMs, this.#settings.longestTokenLifetimeMs)
    } catch (error) {
      await store.tell(subject, notBeforeMs).catch(this.#report) // who runs now can refuse now; who begins later cannot know
      throw error
    }
    await store.tell(subject, notBeforeMs)
  }

  async close(): Promise<void> {
    await this.#ports.store?.close()
  }

  #judge(principal: Principal): undefined {
    let notBeforeMs = this.#floorMs
    for (const subject of subjectsOf(principal))
      notBeforeMs = Math.max(notBeforeMs, this.#known.get(subject)?.notBeforeMs ?? 0)
    if (traitsOf(principal).issuedAtSeconds * 1000 < notBeforeMs) throw refuseRevoked(principal, notBeforeMs)
  }

  /** Begins to read again what is no longer young; gives what cannot wait. */
  #refresh(subjects: readonly string[]): readonly string[] {
    this.#listen()
    const now = steady(this.#ports.clock).now()
    const { freshnessMs } = this.#settings
    const unread: string[] = []
    for (const subject of subjects) {
      const known = this.#known.get(subject)
      const readAt = known?.epoch === this.#epoch ? known.readAt : undefined
      const knownForMs = readAt === undefined ? Infinity : ageMs(readAt, now)
      if (knownForMs >= freshnessMs) unread.push(subject)
      else if (knownForMs >= freshnessMs / 2) {
        const reading = this.#read(subject).catch(this.#report)
        this.#ports.waitUntil?.(reading)
      }
    }
    return unread
  }

  /** What can be read counts, also where something else cannot. */
  async #readAll(subjects: readonly string[]): Promise<void> {
    const outcomes = await Promise.allSettled(subjects.map((subject) => this.#read(subject)))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed === undefined) return
    const cause: unknown = failed.reason
    this.#report(cause)
    if (this.#settings.whenStoreFails === 'refuse')
      throw new TokenStoreError('It cannot be looked up whether this token was revoked', { cause })
  }

  #read(subject: string): Promise<undefined> {
    return this.#reads.run(subject, async () => {
      // What is revoked while the store answers is not in the answer.
      const asked = { readAt: steady(this.#ports.clock).now(), epoch: this.#epoch }
      this.#learn(subject, (await this.#ports.store?.read(subject, 'helpful')) ?? 0, asked)
      // The answer may be as old as the question: a store that is slower than what is known may be old does not say what holds now.
      if (ageMs(asked.readAt, steady(this.#ports.clock).now()) >= this.#settings.freshnessMs)
        throw new TokenStoreError('revocations: the answer took longer than freshnessSeconds')
      return undefined
    })
  }

  readonly #report = (error: unknown): void => {
    if (!hasCode(error, 'token_store_failed')) throw error
    this.#ports.observe({ type: 'store_failed', operation: 'revocations', message: error.message })
  }

  /** An instant only ever moves on: a slow answer of the store must not take back what a message has told since. */
  #learn(subject: string, notBeforeMs: number, asked?: Pick<Known, 'readAt' | 'epoch'>): void {
    const before = this.#known.get(subject)
    const { readAt, epoch } = asked ?? before ?? { readAt: undefined, epoch: 0 }
    this.#known.set(subject, { notBeforeMs: Math.max(before?.notBeforeMs ?? 0, notBeforeMs), readAt, epoch })
  }

  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    this.#ports.store?.hear(
      (subject, notBeforeMs) => {
        this.#learn(subject, notBeforeMs)
      },
      () => {
        this.#epoch += 1
      },
    )
  }
}

/** In the words of Microsoft Graph: a new token has to be issued at that instant or later. */
function refuseRevoked(principal: Principal, notBeforeMs: number): BearerError {
  const seconds = String(Math.ceil(notBeforeMs / 1000))
  const capable = understandsClaimsChallenges(principal)
  const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: seconds } } })
  const refusal = new BearerError({
    status: 401,
    error: capable ? 'insufficient_claims' : 'invalid_token',
    reason: 'revoked',
    description: 'The session of this token was revoked; the user has to sign in again',
    expected: `iat of at least ${seconds}`,
    actual: String(readSeconds(principal.claims['iat']) ?? 'absent'),
    ...(capable ? { claims } : {}),
  })
  return noteRefused(refusal, principal)
}
