// Checks of who issued a token: tenant, issuer, metadata and key have to be one chain, each link exact.
import { issuerOfTenant } from '../../authority/issuer-template.ts'
import { consumersTenantId, isGuid } from '../../authority/tenant.ts'
import { readText, textOf } from '../../jwt/claims.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { quote, quoteAll, type Check } from './check.ts'
import type { ClaimedEvidence, KeyEvidence, Trust } from './evidence.ts'

/**
 * What the token's own issuer selects among those we trust; `undefined` when it is none of them.
 *
 * By the issuer, never by trying one key set after another: then a key of one authority would open the door of another.
 * Two registrations with one authority are told apart by the audience.
 */
export function selectTrust(trusts: readonly Trust[], claims: JsonObject): Trust | undefined {
  const audience = claims['aud']
  let first: Trust | undefined
  for (const trust of trusts) {
    if (!isIssuedBy(trust, claims)) continue
    if (typeof audience === 'string' && trust.audiences?.has(audience) === true) return trust
    first ??= trust
  }
  return first
}

function isIssuedBy({ registration: { authority }, issuer }: Trust, claims: JsonObject): boolean {
  if (!authority.hasTenants) return claims['iss'] === issuer.issuer
  const tenant = readText(claims['tid'])
  if (tenant === undefined) return false
  // A tenant that was configured as an id is a GUID; any other has to look like one before it goes into the template.
  if (issuer.tenantId === undefined ? !isGuid(tenant) : tenant !== issuer.tenantId) return false
  return claims['iss'] === issuerOfTenant(issuer.issuer, tenant)
}

/** `tid` becomes part of the issuer to compare with, of URLs and of cache keys: a GUID, or it is an injection (CVE-2016-7191). */
export const tenantId: Check<ClaimedEvidence> = {
  name: 'tenant_id',
  // What selects a trust is a GUID, or nothing at all where the issuer has no tenants: `isIssuedBy`.
  passes: ({ claims, trust, trusts }) =>
    trust !== undefined || !trusts.some(hasTenants) || isGuid(claims['tid']),
  description: 'The token does not name its tenant by a GUID',
  expected: () => 'a GUID in tid',
  actual: ({ claims }) => quote(claims['tid']),
}

function hasTenants({ registration }: Trust): boolean {
  return registration.authority.hasTenants
}

/** A token of an issuer nobody trusts, or whose issuer and tenant disagree. Exact: no prefix, no case, no other cloud. */
export const issuer: Check<ClaimedEvidence> = {
  name: 'issuer',
  passes: ({ trust }) => trust !== undefined,
  description: 'The token was issued by another authority or tenant than this API accepts',
  expected: ({ trusts }) => quoteAll(new Set(trusts.map((trust) => trust.issuer.issuer))),
  actual: ({ claims }) => quote(claims['iss']),
  mistake: ({ claims, trusts }) => issuerMistake(textOf(claims, 'iss'), trusts),
}

function issuerMistake(iss: string, trusts: readonly Trust[]): string {
  const authority = authorityOf(iss)
  if (authority !== undefined && !trusts.some((trust) => trust.issuer.issuer.startsWith(authority)))
    return `a token of another authority: is instance ${quote(authority)} meant?`
  if (iss.startsWith('https://sts.windows.net/'))
    return 'a v1.0 token of another tenant, or of a cloud without v1.0 tokens: compare tid with tenantId'
  return "the client signed in at another tenant or cloud: compare the issuer with instance and tenantId; several tenants need 'organizations'"
}

/** Where an issuer of the shape of Entra's v2.0 issues, such as another cloud or an emulator. */
function authorityOf(iss: string): string | undefined {
  const [, origin, tenant] = /^(https?:\/\/[\w.:[\]-]{1,200}\/)([0-9a-f-]{36})\/v2\.0$/.exec(iss) ?? []
  return isGuid(tenant) ? origin : undefined
}

/** A v1.0 token whose claims mean something else than those of the v2.0 issuer it names. */
export const version: Check<ClaimedEvidence> = {
  name: 'version',
  passes: ({ claims, trust }) =>
    trust !== undefined && (trust.issuer.version === undefined || claims['ver'] === trust.issuer.version),
  description: 'The version of the token is not the one that its issuer issues',
  expected: ({ trust }) => quote(trust?.issuer.version),
  actual: ({ claims }) => quote(claims['ver']),
}

/** Any of the world's tenants calling an API that was made multi-tenant for a few; personal accounts where work accounts are meant. */
export const tenantAllowed: Check<ClaimedEvidence> = {
  name: 'tenant_allowed',
  passes: ({ claims, trust }) => trust !== undefined && isTenantAllowed(trust, readText(claims['tid'])),
  description: 'The tenant of the token is not one that this API accepts',
  expected: ({ trust }) => (trust?.tenants === undefined ? 'a work tenant' : 'a tenant in allowedTenants'),
  actual: ({ claims }) => quote(claims['tid']),
  mistake: () => 'the tenant is missing in allowedTenants',
}

function isTenantAllowed(
  { registration: { authority }, tenants }: Trust,
  tenant: string | undefined,
): boolean {
  if (!authority.hasTenants) return true
  if (tenant === undefined || (tenant === consumersTenantId && !authority.personalAccounts)) return false
  return tenants?.has(tenant) ?? true
}

/** A token of another tenant where the metadata says which one ours is: the GUID behind a configured domain is learned from it. */
export const issuerOfMetadata: Check<KeyEvidence> = {
  name: 'issuer_of_metadata',
  passes: ({ claims, metadata }) =>
    claims['iss'] === issuerOfTenant(metadata.issuer, readText(claims['tid'])),
  description: 'The token was issued by another tenant than this API accepts',
  expected: ({ metadata }) => metadata.issuer,
  actual: ({ claims }) => quote(claims['iss']),
  mistake: () =>
    "the client signed in at another tenant than the domain in tenantId stands for; several tenants need 'organizations'",
}

/** A key from the token itself (`jwk`, `jku`, `x5u`, `x5c`) or a withdrawn one: only what the authority publishes counts. */
export const keyKnown: Check<KeyEvidence> = {
  name: 'key_known',
  passes: ({ key }) => key !== undefined,
  description: 'The token is signed with a key that its issuer does not publish',
  expected: () => 'a published key',
  actual: ({ header }) => quote(header['kid']),
  mistake: () =>
    'claims mapping makes Entra sign with a key of the application: set customSigningKeys; or the token is old',
}

/** One key used with two algorithms, of which one is weak (RFC 8725 §3.1). */
export const keyAlgorithm: Check<KeyEvidence> = {
  name: 'key_algorithm',
  passes: ({ header, key }) => key?.verification.algorithm === header['alg'],
  description: 'The token is signed with another algorithm than its key is for',
  expected: ({ key }) => quote(key?.verification.algorithm),
  actual: ({ header }) => quote(header['alg']),
}

/** A key that the authority limits to one tenant, signing for another: the shape of Storm-0558. */
export const keyIssuer: Check<KeyEvidence> = {
  name: 'key_issuer',
  passes: ({ claims, trust, key }) => key?.issuer === undefined || isKeyOf(key.issuer, claims, trust),
  description: 'The token is signed with a key that may not sign for its issuer',
  expected: ({ key }) => quote(key?.issuer),
  actual: ({ claims }) => quote(claims['iss']),
}

/** Keys of v1.0 documents name no issuer, or the v2.0 one of the same tenant. */
function isKeyOf(
  limit: string,
  claims: JsonObject,
  { registration, issuer: { version: tokenVersion } }: Trust,
): boolean {
  const tenant = readText(claims['tid'])
  const allowed = issuerOfTenant(limit, tenant)
  if (allowed === claims['iss']) return true
  const v2 = registration.authority.issuers.find((other) => other.version === '2.0')
  return tokenVersion === '1.0' && v2 !== undefined && allowed === issuerOfTenant(v2.issuer, tenant)
}
