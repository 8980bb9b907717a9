// Whose tokens these are: the object id, a dot, and the tenant id of the validated caller.

const objectIdNames = ['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'] as const
const tenantIdNames = ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid'] as const

/** The user on whose behalf tokens are cached; applications by themselves have none. */
export interface Account {
  /** `oid.tid`; for an issuer other than Entra, a text made of issuer and subject that no `oid.tid` can equal. */
  readonly id: string
  /** `oid`; for an issuer other than Entra, `sub`: there, only both members together say who it is. */
  readonly objectId: string
  /** `tid`; for an issuer other than Entra, `iss`. */
  readonly tenantId: string
}

/**
 * The account identifier `oid.tid` of a set of claims, by their short or their long URI names;
 * `undefined` when either is absent or blank, never half a key.
 *
 * Does not check who issued the claims: give it validated ones.
 * @example
 * ```ts
 * const claims = { oid: '0a000000-0000-4000-8000-000000000001', tid: 'c0000000-0000-4000-8000-000000000001' }
 * const accountId = getAccountId(claims) // '{oid}.{tid}', as of `caller.account`
 * if (accountId !== undefined) await api.forget({ id: accountId })
 * ```
 */
export function getAccountId(claims: Readonly<Record<string, unknown>>): string | undefined {
  return getAccount(claims)?.id
}

/** The account of a set of claims; `undefined` when the object id or the tenant id is absent or blank. */
export function getAccount(claims: Readonly<Record<string, unknown>>): Account | undefined {
  const objectId = readClaim(claims, objectIdNames)
  const tenantId = readClaim(claims, tenantIdNames)
  if (objectId === undefined || tenantId === undefined) return undefined
  return Object.freeze({ id: `${objectId}.${tenantId}`, objectId, tenantId })
}

/**
 * The account of a user of an issuer other than Entra: issuer and subject, never the `oid` and `tid` that its tokens may claim.
 * `undefined` when the subject is blank, or no text that can be written without loss.
 *
 * Does not check who issued the claims: give it validated ones.
 */
export function getOpenIdAccount(issuer: string, subject: string): Account | undefined {
  if (subject.trim() === '' || loneSurrogate.test(subject)) return undefined
  // With the issuer's length before it, and a colon that no GUID has: neither two issuers nor Entra can spell the same account.
  return Object.freeze({ id: `${issuer.length}:${issuer} ${subject}`, objectId: subject, tenantId: issuer })
}

/** Encoded as UTF-8, all of them become the same character: two users would become one. */
const loneSurrogate = /\p{Surrogate}/u

function readClaim(claims: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = claims[name]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return undefined
}
