// Who a token speaks about and who asked for it: the input of every token that the emulator makes.
import type { Account } from '../directory/directory.ts'
import type { Application, Tenant } from '../directory/model.ts'

/** How a client proved itself, as `azpacr` and `appidacr` say it: nothing, a secret, a certificate or its like. */
export type ClientAuthenticationLevel = '0' | '1' | '2'

/** A signed-in session. */
export interface UserSession {
  readonly sid: string
  /** Seconds since the epoch. */
  readonly authTime: number
  /** Methods that were used: `pwd`, `mfa`. */
  readonly amr: readonly string[]
  /** Authentication contexts that the session was stepped up to; absent: none. */
  readonly authContexts?: readonly string[]
}

/** What a delegated token is made of. */
export interface UserSubject {
  readonly account: Account
  readonly session: UserSession
}

/** What an access token is made of. */
export interface AccessTokenRequest {
  readonly tenant: Tenant
  readonly client: Application
  readonly clientLevel: ClientAuthenticationLevel
  readonly resource: Application
  /** How the API was named in the request; `aud` of a v1 token. */
  readonly identifier: string
  /** The user; absent in an app-only token. */
  readonly user?: UserSubject
  /** Delegated scopes. */
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  /** Capabilities that the client declared (`cp1`). */
  readonly capabilities: readonly string[]
  /** Authentication contexts that the client asked for, and that the session meets; default: none. */
  readonly authContexts?: readonly string[]
}
