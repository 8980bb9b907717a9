// What is known about a token at each stage of its validation; each stage adds to the one before.
import type { TrustedIssuer } from '../../authority/authority.ts'
import type { AuthorityMetadata } from '../../authority/metadata.ts'
import type { SigningKey } from '../../authority/key-set.ts'
import type { IssuerKeys } from '../../authority/joined-signing-keys.ts'
import type { ClaimFault } from '../../jwt/claims.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { SignatureAlgorithm } from '../../kernel/crypto/signature-algorithm.ts'
import type { Registration } from '../registration.ts'

/** A registration and one issuer of its authority: what a token that names this issuer is measured against. */
export interface Trust {
  readonly registration: Registration
  readonly issuer: TrustedIssuer
  readonly keys: IssuerKeys
  /** Every acceptable `aud`; `undefined` when any is accepted. */
  readonly audiences: ReadonlySet<string> | undefined
  /** Tenants that are accepted; `undefined` when every tenant of the authority is. */
  readonly tenants: ReadonlySet<string> | undefined
}

/** The text alone. */
export interface TextEvidence {
  readonly token: string
  readonly maxTokenLength: number
}

/** Header and claims, believed by nobody yet. */
export interface ClaimedEvidence {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly algorithms: readonly SignatureAlgorithm[]
  /** The first claim that nothing may be decided by. */
  readonly claimFault: ClaimFault | undefined
  /** What would be trusted, for messages. */
  readonly trusts: readonly Trust[]
  /** What the token's own issuer selects; `undefined` when it is nobody we trust. */
  readonly trust: Trust | undefined
}

/** With the key that the token names. */
export interface KeyEvidence {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly trust: Trust
  readonly metadata: AuthorityMetadata
  /** `undefined` when the authority publishes no such key. */
  readonly key: SigningKey | undefined
}

/** Signed by the authority. */
export interface SignedEvidence {
  readonly claims: JsonObject
  readonly trust: Trust
  readonly nowSeconds: number
  readonly clockToleranceSeconds: number
}
