// Which applications a session signed in to, so that they are told when it ends (OpenID Connect Front-Channel Logout).

/** A sign-in of a session. */
export interface ClientSignIn {
  readonly clientId: string
  /** The tenant that the user signed in in. */
  readonly tenantId: string
  /** Of the endpoint, and so of the issuer that the application knows. */
  readonly version: 1 | 2
}

const maximumSessions = 10_000
const maximumClients = 50

/** The applications of each session; in memory and bounded, the oldest session is forgotten first. */
export class SignedInClients {
  readonly #bySession = new Map<string, readonly ClientSignIn[]>()

  /** Remembers that a session (`sid`) signed in to an application. */
  add(sid: string, signIn: ClientSignIn): void {
    const others = (this.#bySession.get(sid) ?? []).filter((each) => !isSame(each, signIn))
    this.#bySession.set(sid, [...others, signIn].slice(-maximumClients))
    for (const oldest of this.#bySession.keys()) {
      if (this.#bySession.size <= maximumSessions) break
      this.#bySession.delete(oldest)
    }
  }

  /** The applications of a session that ends; they are told once. */
  take(sid: string): readonly ClientSignIn[] {
    const signIns = this.#bySession.get(sid) ?? []
    this.#bySession.delete(sid)
    return signIns
  }
}

function isSame(one: ClientSignIn, other: ClientSignIn): boolean {
  return one.clientId === other.clientId && one.tenantId === other.tenantId && one.version === other.version
}
