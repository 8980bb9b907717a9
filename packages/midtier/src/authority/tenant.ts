// The tenant segment of an authority: a GUID, a verified domain, or one of the names that stand for several tenants.
import { ConfigurationError } from '../kernel/errors/errors.ts'

/** The tenant of all personal Microsoft accounts. */
export const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const domain = /^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/** Whether text is a GUID as Entra writes it: lower case, with hyphens, without braces. */
export function isGuid(text: unknown): text is string {
  return typeof text === 'string' && text.length === 36 && guid.test(text)
}

/** What a tenant segment stands for. */
export type TenantSegment =
  | { readonly kind: 'id'; readonly segment: string }
  /** Its GUID is learned from the metadata. */
  | { readonly kind: 'domain'; readonly segment: string }
  /** Every work tenant (`organizations`), personal accounts too (`common`). */
  | { readonly kind: 'several'; readonly segment: 'common' | 'organizations' }

/**
 * Reads a tenant segment; `consumers` becomes its GUID.
 *
 * @throws ConfigurationError naming `option` when the text is no tenant, so that nothing else ever becomes part of a URL.
 */
export function parseTenantSegment(text: string, option = 'tenantId'): TenantSegment {
  const segment = typeof (text as unknown) === 'string' ? text.toLowerCase() : ''
  if (segment === 'common' || segment === 'organizations') return { kind: 'several', segment }
  if (segment === 'consumers') return { kind: 'id', segment: consumersTenantId }
  if (isGuid(segment)) return { kind: 'id', segment }
  if (domain.test(segment)) return { kind: 'domain', segment }
  throw new ConfigurationError(
    option,
    "is neither a GUID nor a domain nor 'common', 'organizations' or 'consumers'",
  )
}
