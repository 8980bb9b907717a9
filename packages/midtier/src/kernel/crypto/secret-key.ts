// A secret key, good for one purpose: never seen as bytes again once it is derived, and used through `#crypto` alone.

/** What a key may be used for. */
export type SecretKeyUse = 'encryption' | 'authentication'

/** A key that was derived for one use. */
export interface SecretKey {
  readonly use: SecretKeyUse
  /** The platform's own key object: `KeyObject` on Node, `CryptoKey` elsewhere. */
  readonly handle: unknown
}

/** 96 random bits, a fresh one for every encryption (NIST SP 800-38D §8.2.2). */
export const nonceBytes = 12

/** The whole tag: a truncated one is easier to forge. */
export const tagBytes = 16
