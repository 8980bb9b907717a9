// Protected-resource metadata (RFC 9728): how a client that knows nothing but the URL of an API learns where to sign in for it.

/** The document, with the specification's own names. @see RFC 9728 §2 */
export interface ResourceMetadata {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly scopes_supported?: readonly string[]
  readonly bearer_methods_supported: readonly ['header']
  readonly resource_name?: string
  readonly resource_documentation?: string
}

/** What the document is built from. */
export interface ResourceDescription {
  readonly identifier: string
  /** Issuers whose tokens are accepted. */
  readonly authorizationServers: readonly string[]
  readonly scopes: readonly string[]
  readonly name?: string
  readonly documentation?: string
}

/** Builds the document; a member with nothing to say is left out (RFC 9728 §3.2). */
export function buildResourceMetadata(description: ResourceDescription): ResourceMetadata {
  const { identifier, authorizationServers, scopes, name, documentation } = description
  return Object.freeze({
    resource: identifier,
    authorization_servers: Object.freeze([...authorizationServers]),
    ...(scopes.length === 0 ? {} : { scopes_supported: Object.freeze([...scopes]) }),
    bearer_methods_supported: Object.freeze(['header'] as const),
    ...(name === undefined ? {} : { resource_name: name }),
    ...(documentation === undefined ? {} : { resource_documentation: documentation }),
  })
}

/** The path under which every host keeps such documents. */
export const resourceMetadataPath = '/.well-known/oauth-protected-resource'

/** Where the document of a resource is: the well-known path goes between the host and the resource's own path. @see RFC 9728 §3.1 */
export function resourceMetadataUrl(identifier: string): string {
  const { origin, pathname } = new URL(identifier)
  return `${origin}${resourceMetadataPath}${pathname === '/' ? '' : pathname}`
}
