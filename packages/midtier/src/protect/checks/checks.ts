// Everything a token has to pass, in the order in which it runs: the one list to read, to extend and to be asked about.
import type { Check } from './check.ts'
import {
  audience,
  boundToSender,
  client,
  idToken,
  permissions,
  tokenKind,
  userObjectId,
} from './claim-checks.ts'
import type { ClaimedEvidence, KeyEvidence, SignedEvidence, TextEvidence } from './evidence.ts'
import {
  algorithm,
  claimTypes,
  criticalHeaders,
  foreignNonce,
  keyId,
  lookalikeClaims,
  size,
  tokenType,
} from './form-checks.ts'
import {
  issuer,
  issuerOfMetadata,
  keyAlgorithm,
  keyIssuer,
  keyKnown,
  tenantAllowed,
  tenantId,
  version,
} from './issuer-checks.ts'
import { expired, issuedInFuture, lifetime, notYetValid } from './time-checks.ts'

/** On the text, before anything is decoded. Then it is taken apart: `jwt/compact.ts`. */
export const textChecks: readonly Check<TextEvidence>[] = [size]

/** On header and claims as they claim to be, before anything is asked of an authority. */
export const claimedChecks: readonly Check<ClaimedEvidence>[] = [
  tokenType,
  algorithm,
  criticalHeaders,
  keyId,
  claimTypes,
  lookalikeClaims,
  tenantId,
  issuer,
  version,
  tenantAllowed,
  foreignNonce,
]

/** On the key that the token's issuer publishes under its `kid`. Then the signature: `jwt/signature.ts`. */
export const keyChecks: readonly Check<KeyEvidence>[] = [issuerOfMetadata, keyKnown, keyAlgorithm, keyIssuer]

/** On the claims, now that the authority's signature stands behind them. */
export const signedChecks: readonly Check<SignedEvidence>[] = [
  lifetime,
  expired,
  notYetValid,
  issuedInFuture,
  audience,
  idToken,
  boundToSender,
  client,
  permissions,
  tokenKind,
  userObjectId,
]
