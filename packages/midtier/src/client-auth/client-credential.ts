// How our own application proves itself to the token endpoint: a secret, a signature, or another issuer's token (RFC 7521).
import type { Clock } from '../kernel/time/clock.ts'

/** The token request that a credential is written into, and the time by which it is made. */
export interface ClientCredentialFacts {
  readonly clientId: string
  readonly tenantId: string
  /** The address the request is sent to: the audience of a signed assertion (RFC 7523 §3). */
  readonly tokenEndpoint: string
  /** A claims request (JSON text): a credential that comes from Entra itself is renewed for it, too. */
  readonly claims: string | undefined
  readonly clock: Clock
}

/** What may be told of a credential: nothing of it is secret. */
export interface CredentialValidity {
  /** SHA-256 of the certificate, base64url. */
  readonly thumbprint: string
  /** Milliseconds since the epoch; `undefined` when only the thumbprint is known. */
  readonly notBeforeMs: number | undefined
  /** Milliseconds since the epoch; `undefined` when only the thumbprint is known. */
  readonly notAfterMs: number | undefined
}

/** Proof of the application's identity. Shared by all calls, so it holds nothing of a single one. */
export interface ClientCredential {
  /** Stable name for logs, such as `secret`; never holds the credential itself. */
  readonly kind: string
  /**
   * Adds the parameters that authenticate the client. They stay in this request and are never logged.
   *
   * @throws ConfigurationError when the credential cannot be had until somebody acts, AuthorityUnavailableError when it may later.
   */
  addTo(parameters: URLSearchParams, facts: ClientCredentialFacts): void | Promise<void>
  /**
   * Told that the authority answered `invalid_client`; resolves to whether a different credential is now at hand.
   * The request is then sent once more, so that a rotation needs no restart.
   *
   * `parameters` are those that were refused: of many requests refused at the same time, only the first changes anything.
   */
  rejected?(parameters: URLSearchParams, facts: ClientCredentialFacts): boolean | Promise<boolean>
  /** Optional: which certificate it is, and for how long it is good. @throws ConfigurationError when the credential cannot be had. */
  describe?(): Promise<CredentialValidity>
  /** `notAfterMs` of what {@link describe} or a token request has loaded last, as far as it is known without asking anybody: for `api.health()`. */
  expiresAtMs?(): number | undefined
}
