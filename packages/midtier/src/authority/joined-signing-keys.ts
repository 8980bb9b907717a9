// The keys of one issuer that publishes them in several documents, as Azure AD B2C does for each of its policies: all of them count.
import type { SigningKey } from './key-set.ts'
import type { KeyLookup, SigningKeys, SigningKeysHealth } from './signing-keys.ts'

/** What the token gate asks of keys, whether they come from one document or from several. */
export type IssuerKeys = Pick<
  SigningKeys,
  'find' | 'honours' | 'knows' | 'doubt' | 'warmUp' | 'health' | 'tellClockDifference'
>

/** Joins the keys of several documents of one issuer. */
export function joinSigningKeys(sources: readonly [IssuerKeys, ...IssuerKeys[]]): IssuerKeys {
  const [first, ...others] = sources
  return others.length === 0 ? first : new JoinedSigningKeys(sources)
}

class JoinedSigningKeys implements IssuerKeys {
  readonly #sources: readonly [IssuerKeys, ...IssuerKeys[]]

  constructor(sources: readonly [IssuerKeys, ...IssuerKeys[]]) {
    this.#sources = sources
  }

  find(kid: string): KeyLookup | Promise<KeyLookup> {
    const known = this.#sources.find((source) => source.knows(kid))
    return known === undefined ? this.#ask(kid) : known.find(kid)
  }

  /** Whoever publishes the key has answered, or nobody can tell: a document that could not be had may be the one with the key. */
  async #ask(kid: string): Promise<KeyLookup> {
    const [first, ...others] = this.#sources
    const ask = async (source: IssuerKeys): Promise<KeyLookup> => source.find(kid)
    const asked = [ask(first), ...others.map(ask)] as const
    for (const outcome of await Promise.allSettled(asked))
      if (outcome.status === 'fulfilled' && outcome.value.key !== undefined) return outcome.value
    const [none] = await Promise.all(asked) // rejects for the first that could not be had
    return none
  }

  knows(kid: string): boolean {
    return this.#sources.some((source) => source.knows(kid))
  }

  honours(key: SigningKey): boolean {
    return this.#sources.some((source) => source.honours(key))
  }

  doubt(): void {
    for (const source of this.#sources) source.doubt()
  }

  async warmUp(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.warmUp()))
  }

  tellClockDifference(mostMs: number): number | undefined {
    return this.#sources
      .map((source) => source.tellClockDifference(mostMs))
      .find((differenceMs) => differenceMs !== undefined)
  }

  health(): SigningKeysHealth {
    const [first, ...others] = this.#sources
    const all = [first.health(), ...others.map((source) => source.health())] as const
    const failed = all.find(({ lastFailure }) => lastFailure !== undefined)
    const fetched = all.flatMap(({ fetchedAtMs }) => (fetchedAtMs === undefined ? [] : [fetchedAtMs]))
    const waits = all.filter(({ ready }) => !ready).map(({ retryAfterMs }) => retryAfterMs)
    return {
      ...all[0],
      ready: all.every(({ ready }) => ready),
      keyCount: all.reduce((sum, { keyCount }) => sum + keyCount, 0),
      fetchedAtMs: fetched.length === 0 ? undefined : Math.min(...fetched),
      lastFailure: failed?.lastFailure,
      lastFailureReason: failed?.lastFailureReason,
      retryAfterMs: waits.length === 0 ? 0 : Math.min(...waits),
    }
  }
}
