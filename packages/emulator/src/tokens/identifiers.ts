// The opaque identifiers in tokens: pairwise subjects, unique token ids, and the strings that only Entra reads.
import { createHash, randomBytes } from 'node:crypto'

/** The subject of a user at one application: the same on every start, different at the next application. */
export function pairwiseSubject(tenantId: string, objectId: string, applicationId: string): string {
  return digest('sub', tenantId, objectId, applicationId)
}

/** A fresh token id (`uti`, and `jti` of nothing else). */
export function uniqueTokenId(): string {
  return randomBytes(16).toString('base64url')
}

/** An opaque value of the kind that Entra leaves in tokens for itself. */
export function opaqueValue(): string {
  return randomBytes(36).toString('base64')
}

/** `rh`: opaque, and stable for a tenant and an application. */
export function opaqueRh(tenantId: string, applicationId: string): string {
  return `1.${digest('rh', tenantId, applicationId).slice(0, 32)}.`
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
