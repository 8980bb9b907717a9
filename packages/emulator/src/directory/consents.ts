// Who granted which delegated permissions to which client; what is granted at run time is kept.
import type { StateStore } from '../kernel/state.ts'
import { parseObject } from '../kernel/base64url.ts'
import type { Consent } from './model.ts'

/** For whom and for what a consent is looked up. */
export interface ConsentQuery {
  readonly tenantId: string
  readonly clientId: string
  readonly userId: string
}

/** Which grants are taken back. */
export interface ConsentRevocation {
  readonly tenantId: string
  readonly clientId: string
  /** Default: of every API. */
  readonly resourceId?: string
  /** Home object id of the user whose own consent it is; default: everybody's, the administrator's included. */
  readonly userId?: string
  /** Default: all of them. */
  readonly scopes?: readonly string[]
}

const maximumConsents = 10_000

/** The delegated permissions of a directory. */
export class Consents {
  readonly #state: StateStore
  #seeded: readonly Consent[]
  #given: Consent[]
  #revoked: Consent[]

  private constructor(state: StateStore, seeded: readonly Consent[], changes: Changes) {
    this.#state = state
    this.#seeded = seeded
    this.#given = [...changes.given]
    this.#revoked = [...changes.revoked]
  }

  /** Loads what was granted at run time on top of what the directory was seeded with. */
  static async load(state: StateStore, seeded: readonly Consent[]): Promise<Consents> {
    return new Consents(state, seeded, parseChanges(await state.read('consents.json')))
  }

  /** Every consent that holds. */
  list(): readonly Consent[] {
    const seeded = this.#seeded.filter(
      (consent) => !this.#revoked.some((revoked) => isSame(revoked, consent)),
    )
    return [...seeded, ...this.#given]
  }

  /** The scopes of one API that a client may use for a user: the user's own consent and the administrator's. */
  scopesFor(query: ConsentQuery, resourceId: string): ReadonlySet<string> {
    const consents = this.#matching(query).filter((consent) => consent.resourceId === resourceId)
    return new Set(consents.flatMap(({ scopes }) => scopes))
  }

  /** Whether anything at all was granted to a client for a user. */
  hasAny(query: ConsentQuery): boolean {
    return this.#matching(query).length > 0
  }

  /** Whether a client was granted anything in a tenant, which makes it present there. */
  knows(tenantId: string, clientId: string): boolean {
    return this.list().some((consent) => consent.tenantId === tenantId && consent.clientId === clientId)
  }

  /** Grants scopes, and remembers them. */
  async grant(consent: Consent): Promise<void> {
    const others = this.#given.filter((given) => !isSame(given, consent))
    const earlier = this.#given.filter((given) => isSame(given, consent)).flatMap(({ scopes }) => scopes)
    const scopes = [...new Set([...earlier, ...consent.scopes])]
    this.#given = [...others, { ...consent, scopes }].slice(-maximumConsents)
    await this.#save()
  }

  /**
   * Takes back what was granted to a client in a tenant: for one API or for all, by one user or by everyone, some
   * scopes or all of them; returns how many grants that touched. A user's name leaves the administrator's consent.
   */
  async revoke(query: ConsentRevocation): Promise<number> {
    const hit = (consent: Consent): boolean =>
      consent.tenantId === query.tenantId &&
      consent.clientId === query.clientId &&
      (query.resourceId === undefined || consent.resourceId === query.resourceId) &&
      (query.userId === undefined || consent.userId === query.userId) &&
      (query.scopes?.some((scope) => consent.scopes.includes(scope)) ?? true)
    const revoked = this.list().filter(hit)
    this.#given = this.#given.filter((consent) => !hit(consent))
    this.#revoked.push(
      ...this.#seeded.filter((seed) => hit(seed) && !this.#revoked.some((it) => isSame(it, seed))),
    )
    const kept = query.scopes === undefined ? [] : revoked.flatMap((it) => without(it, query.scopes ?? []))
    this.#given.push(...kept)
    await this.#save()
    return revoked.length
  }

  /** What holds now, for `restore`. */
  snapshot(): ConsentState {
    return { seeded: this.#seeded, given: [...this.#given], revoked: [...this.#revoked] }
  }

  /** Goes back to what held. */
  async restore({ seeded, given, revoked }: ConsentState): Promise<void> {
    this.#seeded = seeded
    this.#given = [...given]
    this.#revoked = [...revoked]
    await this.#save()
  }

  /** Takes over what a directory brings by now; what was granted and taken back at run time stays. */
  reseed(seeded: readonly Consent[]): void {
    this.#seeded = seeded
  }

  /** Leaves these alone of those that hold, until the next start: what they were granted to is there again then, too. */
  keep(kept: ReadonlySet<Consent>): void {
    this.#seeded = this.#seeded.filter((consent) => kept.has(consent))
    this.#given = this.#given.filter((consent) => kept.has(consent))
  }

  #matching({ tenantId, clientId, userId }: ConsentQuery): readonly Consent[] {
    return this.list().filter(
      (consent) =>
        consent.tenantId === tenantId &&
        consent.clientId === clientId &&
        (consent.userId === undefined || consent.userId === userId),
    )
  }

  async #save(): Promise<void> {
    await this.#state.write('consents.json', JSON.stringify({ given: this.#given, revoked: this.#revoked }))
  }
}

/** The consents of one moment. */
export interface ConsentState extends Changes {
  /** What the directory brings. */
  readonly seeded: readonly Consent[]
}

/** What was changed at run time. */
export interface Changes {
  readonly given: readonly Consent[]
  readonly revoked: readonly Consent[]
}

// The emulator wrote this file itself, into a directory that only its owner can write.
function parseChanges(text: string | undefined): Changes {
  const { given, revoked } = parseObject(text ?? '') ?? {}
  return { given: asConsents(given), revoked: asConsents(revoked) }
}

function asConsents(value: unknown): readonly Consent[] {
  return Array.isArray(value) ? (value as Consent[]) : []
}

function without(consent: Consent, gone: readonly string[]): readonly Consent[] {
  const scopes = consent.scopes.filter((scope) => !gone.includes(scope))
  return scopes.length === 0 ? [] : [{ ...consent, scopes }]
}

function isSame(a: Consent, b: Consent): boolean {
  return (
    a.tenantId === b.tenantId &&
    a.clientId === b.clientId &&
    a.resourceId === b.resourceId &&
    a.userId === b.userId
  )
}
