// What of an MCP server's metadata Entra would refuse its clients for, each with its fix: asked at start-up, and when a token is explained.
import type { ResourceMetadata } from '../bearer/resource-metadata.ts'

/** Something that cannot work, and whose option it is. */
export interface Unworkable {
  readonly option: string
  readonly message: string
}

/** Scopes of OpenID Connect, which belong to no resource. */
const ofNobody: readonly string[] = ['openid', 'profile', 'email', 'offline_access']

/**
 * Everything that cannot work, in the order in which it would be met. Does not ask the authority: whether the registration has the
 * identifier among its Application ID URIs, nobody here can know.
 *
 * @param demanded Scopes by the names that tokens have.
 */
export function findUnworkable(
  { resource, authorization_servers: servers, scopes_supported: scopes = [] }: ResourceMetadata,
  demanded: readonly string[],
): readonly Unworkable[] {
  const old = servers.find(isOldIssuer)
  const isEntra = servers.some((server) => server.endsWith('/v2.0'))
  const bare = isEntra ? scopes.filter((scope) => !scope.includes('/') && !ofNobody.includes(scope)) : []
  const missing = demanded.filter((name) => !isRequestable(name, scopes, isEntra))
  return [
    ...(resource.endsWith('/') ? [trailingSlash(resource)] : []),
    ...(old === undefined ? [] : [oldIssuer(old)]),
    ...bare.map((scope) => unqualified(scope, resource)),
    ...missing.map((scope) => unknown(scope, resource)),
  ]
}

function isOldIssuer(server: string): boolean {
  const { hostname, pathname } = new URL(server)
  const isEntra = hostname === 'sts.windows.net' || /^login\.(microsoftonline|partner)\./.test(hostname)
  return isEntra && !/\/v2\.0\/?$/.test(pathname)
}

function isRequestable(name: string, scopes: readonly string[], isEntra: boolean): boolean {
  return !isEntra || scopes.some((full) => full.endsWith(`/${name}`))
}

function trailingSlash(resource: string): Unworkable {
  return {
    option: 'resource.identifier',
    message: `ends with a slash: Entra compares it to the letter with the Application ID URIs, which have none (AADSTS9010010): write '${resource.replace(/\/+$/, '')}'`,
  }
}

function oldIssuer(server: string): Unworkable {
  return {
    option: 'instance',
    message: `gives the issuer '${server}', whose endpoints are v1.0 and know no scopes: MCP clients need the v2.0 issuer, https://login.microsoftonline.com/{tenant}/v2.0`,
  }
}

function unqualified(scope: string, resource: string): Unworkable {
  return {
    option: 'resource.scopes',
    message: `holds '${scope}', which Entra takes for a scope of Microsoft Graph (AADSTS650053): write '${resource}/${scope}', the Application ID URI in front`,
  }
}

function unknown(scope: string, resource: string): Unworkable {
  return {
    option: 'resource.scopes',
    message: `does not say how clients ask for '${scope}', which is demanded: add '${resource}/${scope}', or the same below another Application ID URI`,
  }
}

/**
 * What keeps MCP clients out of an API that has a `resource`, in words: of its metadata, and of a token's version.
 *
 * @param version `ver` of the token.
 */
export function explainMcp(
  metadata: ResourceMetadata,
  version: string | undefined,
  demanded: readonly string[],
): readonly string[] {
  const unworkable = findUnworkable(metadata, demanded)
  return [
    ...unworkable.map(({ option, message }) => `MCP clients: ${option} ${message}`),
    ...(version === '1.0' ? [`MCP clients: ${oldVersion}`] : []),
  ]
}

const oldVersion =
  'this is a v1.0 token. The https Application ID URI that they send as `resource` needs v2.0 tokens: set requestedAccessTokenVersion to 2 in the manifest of the registration first, then add the URI'
