// Whose tokens these are: the object id, a dot, and the tenant id of the validated caller.

const objectIdNames = ['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'] as const
const tenantIdNames = ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid'] as const

/** The user on whose behalf tokens are cached; applications by themselves have none. */
export interface Account {
  /** `oid.tid`. */
  readonly id: string
  readonly objectId: string
  readonly tenantId: string
}

/**
 * The account identifier `oid.tid` of a set of claims, by their short or their long URI names;
 * `undefined` when either is absent or blank, never half a key.
 *
 * Does not check who issued the claims: give it validated ones.
 */
export function getAccountId(claims: Readonly<Record<string, unknown>>): string | undefined {
  return getAccount(claims)?.id
}

/** The account of a set of claims; `undefined` when the object id or the tenant id is absent or blank. */
export function getAccount(claims: Readonly<Record<string, unknown>>): Account | undefined {
  const objectId = readClaim(claims, objectIdNames)
  const tenantId = readClaim(claims, tenantIdNames)
  if (objectId === undefined || tenantId === undefined) return undefined
  return { id: `${objectId}.${tenantId}`, objectId, tenantId }
}

function readClaim(claims: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = claims[name]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return undefined
}
