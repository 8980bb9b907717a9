// The API as a protected resource: its metadata document, and where clients find that.
import type { Authority } from '../authority/authority.ts'
import { isIssuerTemplate } from '../authority/issuer-template.ts'
import {
  buildResourceMetadata,
  resourceMetadataUrl,
  type ResourceMetadata,
} from '../bearer/resource-metadata.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { checkKnownOptions } from '../kernel/known-options.ts'
import { resolveText, resolveTexts, resolveUrl } from './values.ts'
import type { ResourceOptions } from '../options.ts'
import type { Registration } from '../protect/registration.ts'

/** What is announced of this API. */
export interface Resource {
  readonly metadata: ResourceMetadata
  readonly metadataUrl: string
}

const known = [
  'identifier',
  'scopes',
  'name',
  'documentation',
] as const satisfies readonly (keyof ResourceOptions)[]

/** Prepares the document. @throws ConfigurationError naming the member at fault. */
export function resolveResource(options: ResourceOptions, registrations: readonly Registration[]): Resource {
  checkKnownOptions(options, known, 'resource')
  const { name, documentation } = options
  const identifier = resolveIdentifier(options.identifier)
  const servers = registrations.map(({ authority }) => authorizationServerOf(authority))
  return Object.freeze({
    metadataUrl: resourceMetadataUrl(identifier),
    metadata: buildResourceMetadata({
      identifier,
      authorizationServers: [...new Set(servers)],
      scopes: resolveTexts('resource.scopes', options.scopes),
      ...(name === undefined ? {} : { name: resolveText('resource.name', name) }),
      ...(documentation === undefined ? {} : { documentation: resolvePage(documentation) }),
    }),
  })
}

/** Kept as it is written: clients and the authority compare it byte by byte. */
function resolveIdentifier(value: unknown): string {
  const identifier = resolveText('resource.identifier', value)
  resolveUrl('resource.identifier', identifier)
  if (/[^\x21-\x7e]|[?#]/.test(identifier))
    throw new ConfigurationError('resource.identifier', 'must have no white space, query or fragment')
  return identifier
}

/** A page for people: any web address will do. */
function resolvePage(value: unknown): string {
  const page = resolveText('resource.documentation', value)
  if (URL.canParse(page) && /^https?:$/.test(new URL(page).protocol)) return page
  throw new ConfigurationError('resource.documentation', 'is not an absolute URL')
}

const metadataSuffix = '/.well-known/openid-configuration'

/** The issuer when it is exact; for several tenants, or one known by its domain, the address below which its metadata is. */
function authorizationServerOf({ issuers }: Authority): string {
  const [{ issuer, metadataUrl }] = issuers // v2.0 stands first
  if (!isIssuerTemplate(issuer)) return issuer
  const { origin, pathname } = new URL(metadataUrl)
  return `${origin}${pathname.slice(0, -metadataSuffix.length)}`
}
