// The opaque identifiers in tokens: pairwise subjects, unique token ids, and the strings that only Entra reads.
import { sha256 } from '../kernel/digest.ts'
import { randomText } from '../kernel/random.ts'

/** The subject of a user at one application: the same on every start, different at the next application. */
export function pairwiseSubject(tenantId: string, objectId: string, applicationId: string): string {
  return digest('sub', tenantId, objectId, applicationId)
}

/** A fresh token id (`uti`, and `jti` of nothing else). */
export function uniqueTokenId(): string {
  return randomText(16, 'base64url')
}

/** An opaque value of the kind that Entra leaves in tokens for itself. */
export function opaqueValue(): string {
  return randomText(36, 'base64')
}

/** `rh`: opaque, and stable for a tenant and an application. */
export function opaqueRh(tenantId: string, applicationId: string): string {
  return `1.${digest('rh', tenantId, applicationId).slice(0, 32)}.`
}

function digest(...parts: readonly string[]): string {
  return sha256(JSON.stringify(parts), 'base64url')
}
