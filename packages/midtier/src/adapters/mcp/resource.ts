// The API as MCP clients name it to Entra: what cannot work there is said at start-up, with its fix, before a client dies by AADSTS9010010.
import { resourceMetadataUrl, type ResourceMetadata } from '../../bearer/resource-metadata.ts'
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { hasMark, lazyMark } from '../../kernel/errors/marks.ts'
import { findUnworkable } from '../../protect/mcp-registration.ts'
import type { WebApi } from '../../web-api/web-api.ts'

/** What is announced. */
export interface McpResource {
  readonly identifier: string
  readonly metadataUrl: string
  readonly origin: string
  /** The scopes as a client asks the authority for them; `Mail.Search` alone would be taken for a scope of Microsoft Graph. */
  readonly asRequested: (scopes: readonly string[]) => readonly string[]
  /** The scopes of a token by both names. */
  readonly named: (scopes: readonly string[]) => readonly string[]
}

/**
 * The resource of an API, once it can be known.
 *
 * @param demanded The scopes that the door and the tools demand.
 * @throws ConfigurationError at once, or with the first request when the API reads its options later.
 */
export function resourceOf(api: WebApi, demanded: readonly string[]): () => McpResource {
  let found: McpResource | undefined
  const resource = (): McpResource => (found ??= checkResource(api.resourceMetadata(), demanded))
  if (!hasMark(api, lazyMark)) resource()
  return resource
}

function checkResource(metadata: ResourceMetadata | undefined, demanded: readonly string[]): McpResource {
  if (metadata === undefined)
    throw new ConfigurationError('resource', "is missing: write { identifier: 'https://…/mcp', scopes: […] }")
  const [unworkable] = findUnworkable(metadata, demanded)
  if (unworkable !== undefined) throw new ConfigurationError(unworkable.option, unworkable.message)
  const { resource: identifier, scopes_supported: known = [] } = metadata
  const asRequested = (scopes: readonly string[]): readonly string[] =>
    scopes.map((scope) => known.find((full) => full.endsWith(`/${scope}`)) ?? scope)
  const both = new WeakMap<readonly string[], readonly string[]>() // a token that is remembered has the same list each time
  return {
    identifier,
    metadataUrl: resourceMetadataUrl(identifier),
    origin: new URL(identifier).origin,
    asRequested,
    named(scopes) {
      const found = both.get(scopes) ?? [...new Set([...scopes, ...asRequested(scopes)])]
      both.set(scopes, found)
      return found
    },
  }
}
