// The signature algorithms a key can be pinned to; nothing else is ever verified with.

/** JWS algorithms (RFC 7518 §3.1) that a resource server may allow. */
export type SignatureAlgorithm = 'RS256' | 'PS256' | 'ES256'

/** A public key, usable with exactly one algorithm (RFC 8725 §3.1). */
export interface VerificationKey {
  readonly algorithm: SignatureAlgorithm
  /** The platform's own key object: `KeyObject` on Node, `CryptoKey` elsewhere. */
  readonly handle: unknown
}
