// An ordered list of credentials: the first that can be had is used, and the next one when the authority refuses it.
import { AuthorityUnavailableError, ConfigurationError, type MidtierError } from '../kernel/errors/errors.ts'
import { hasCode, isMidtierError } from '../kernel/errors/known-errors.ts'
import type { ClientCredential, ClientCredentialFacts } from './client-credential.ts'
import { runWithin, unusable } from './credential-error.ts'
import { isError } from '../kernel/errors/other-realms.ts'
import { SingleFlight } from '../kernel/single-flight.ts'

/** A credential, or a function that loads one: called at the first use, and again after the authority refused what it gave. */
export type CredentialCandidate = ClientCredential | (() => ClientCredential | Promise<ClientCredential>)

/** Longest wait for a function that loads a credential. */
const loadTimeoutMs = 10_000

/** A candidate in use: what it wrote, kept apart so that one that fails half-way leaves nothing behind. */
interface Turn {
  readonly index: number
  readonly credential: ClientCredential
  readonly parameters: URLSearchParams
}

/**
 * Tries credentials in their order and keeps to the first that can be had: a managed identity where there is one, a certificate on a
 * developer's machine; or both secrets of a registration, so that a rotation needs no restart.
 *
 * When the authority refuses it (`invalid_client`), it is asked for a newer one, then the others have their turn, then a function
 * that loaded it is called again; the request is sent once more.
 *
 * @throws ConfigurationError at once for an empty list; at use, with all reasons in one error, when none can be had.
 * @example
 * ```ts
 * // In a cluster the federated token, on a laptop the secret; both of one registration.
 * const clientCredential = firstOf([
 *   federatedTokenFile({ path: '/var/run/secrets/azure/tokens/azure-identity-token', readFile: readTextFile }),
 *   () => clientSecret(process.env['CLIENT_SECRET']),
 * ])
 * ```
 */
export function firstOf(candidates: readonly CredentialCandidate[]): ClientCredential {
  if (candidates.length === 0) throw unusable('the list of credentials is empty')
  const loaded = new LoadedCandidates(candidates)
  const turns = new WeakMap<URLSearchParams, Turn & { readonly generation: number }>()
  let [current, generation] = [0, 0] // it counts the changes: what was refused before the last one has been dealt with
  const isSuperseded = (turn: { readonly generation: number }): boolean => turn.generation !== generation

  return {
    kind: 'first_of',
    async addTo(parameters, facts) {
      const started = { index: current, generation }
      const failures: Failure[] = []
      const turn = await loaded.firstUsable(order(current, candidates.length), facts, failures)
      if (turn === undefined) throw summarize(failures)
      if (turn.index !== started.index && !isSuperseded(started)) changeTo(turn.index)
      for (const [name, value] of turn.parameters) parameters.set(name, value)
      const isCurrent = turn.index === current && turn.index !== started.index
      turns.set(parameters, { ...turn, generation: isCurrent ? generation : started.generation })
    },
    async rejected(parameters, facts) {
      const turn = turns.get(parameters)
      if (turn === undefined) return false
      if (isSuperseded(turn)) return true
      if ((await turn.credential.rejected?.(turn.parameters, facts)) === true) return true
      return moveOn(turn, facts)
    },
    expiresAtMs: () => loaded.atHand(current)?.expiresAtMs?.(),
  }

  function changeTo(index: number): void {
    current = index
    generation += 1
  }

  /** Whether there is another one to try: a later one, an earlier one, or the same loaded anew. */
  async function moveOn(
    turn: Turn & { readonly generation: number },
    facts: ClientCredentialFacts,
  ): Promise<boolean> {
    const { index } = turn
    const others = order(index + 1, candidates.length).slice(0, -1)
    const next = await loaded.firstUsable(others, facts)
    if (isSuperseded(turn)) return true // another request was refused first, and has seen to it
    if (next === undefined && !loaded.canBeLoadedAnew(index)) return false
    loaded.forget(index)
    changeTo(next?.index ?? index)
    return true
  }
}

/** The candidates by their place; those that functions load are kept, and a failure is not. */
class LoadedCandidates {
  readonly #candidates: readonly CredentialCandidate[]
  readonly #loaded = new Map<number, ClientCredential>()
  readonly #loading = new SingleFlight<ClientCredential>()

  constructor(candidates: readonly CredentialCandidate[]) {
    this.#candidates = candidates
  }

  /** Tries them in this order; `failures` are those that come before it. */
  async firstUsable(
    indexes: readonly number[],
    facts: ClientCredentialFacts,
    failures: Failure[] = [],
  ): Promise<Turn | undefined> {
    for (const index of indexes) {
      try {
        const credential = await this.#get(index)
        const parameters = new URLSearchParams()
        await credential.addTo(parameters, facts)
        return { index, credential, parameters }
      } catch (error) {
        failures.push({ index, error })
      }
    }
    return undefined
  }

  async #get(index: number): Promise<ClientCredential> {
    const candidate = this.#candidates[index]
    if (candidate === undefined) throw new RangeError('No such credential')
    if (typeof candidate !== 'function') return candidate
    return this.#loaded.get(index) ?? this.#loading.run(String(index), () => this.#load(index, candidate))
  }

  /** The candidate, unless it has to be loaded first. */
  atHand(index: number): ClientCredential | undefined {
    const candidate = this.#candidates[index]
    return typeof candidate === 'function' ? this.#loaded.get(index) : candidate
  }

  async #load(
    index: number,
    load: Exclude<CredentialCandidate, ClientCredential>,
  ): Promise<ClientCredential> {
    const credential = await runWithin('loading a credential', loadTimeoutMs, load)
    this.#loaded.set(index, credential)
    return credential
  }

  canBeLoadedAnew(index: number): boolean {
    return typeof this.#candidates[index] === 'function'
  }

  forget(index: number): void {
    this.#loaded.delete(index)
  }
}

/** All indexes once, from `start` round to the one before it. */
function order(start: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, offset) => (start + offset) % count)
}

interface Failure {
  readonly index: number
  readonly error: unknown
}

/** One error for all: it may work later, if one of them may. */
function summarize(failures: readonly Failure[]): MidtierError {
  const reasons = [...failures]
    .sort((a, b) => a.index - b.index)
    .map(({ index, error }) => `${index + 1}. ${reasonOf(error)}`)
  const message = `none of the credentials can be used: ${reasons.join('; ')}`
  const known = failures.map(({ error }) => error).filter((error) => isMidtierError(error))
  const cause = new AggregateError(known, message)
  const waits = known
    .filter((error) => hasCode(error, 'authority_unavailable'))
    .map((error) => error.retryAfterSeconds)
  return waits.length === 0
    ? new ConfigurationError('clientCredential', message, { cause })
    : new AuthorityUnavailableError(message, Math.max(...waits), { cause })
}

/** The text of an error that is not ours may hold anything. */
function reasonOf(error: unknown): string {
  if (isMidtierError(error)) return error.message.replace(/^clientCredential: /, '')
  return isError(error) ? error.name : 'unknown failure'
}
