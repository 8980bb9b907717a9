// Where a managed identity gets its tokens on Azure: the address, the header that proves we are inside, the names of its parameters.
import { Redacted } from '../../kernel/redacted.ts'
import { unusable } from '../credential-error.ts'

/** Which identity of the host; absent: the one that the system assigned. At most one of the three. */
export interface ManagedIdentityChoice {
  /** Client id of a user-assigned identity. */
  readonly clientId?: string
  /** Object (principal) id of a user-assigned identity. */
  readonly objectId?: string
  /** Azure resource id of a user-assigned identity. */
  readonly resourceId?: string
}

/** The endpoint of the host. */
export interface ManagedIdentityEndpoint {
  readonly kind: 'imds' | 'app_service'
  /** The request for a token for a resource. */
  readonly buildRequest: (
    resource: string,
    choice: ManagedIdentityChoice,
  ) => { readonly url: string; readonly headers: Readonly<Record<string, string>> }
}

/** Azure's link-local metadata service. */
const imdsOrigin = 'http://169.254.169.254'

/**
 * The metadata service of virtual machines, scale sets and Kubernetes nodes (IMDS).
 *
 * Never chosen by itself: off Azure, whoever answers at a link-local address would be believed.
 *
 * @param origin Default `http://169.254.169.254`; another one for a test.
 * @throws ConfigurationError when the origin is no http URL.
 * @example
 * ```ts
 * const identity = createManagedIdentity({ endpoint: imdsEndpoint(), clientId: process.env['AZURE_CLIENT_ID'] })
 * ```
 */
export function imdsEndpoint(origin: string = imdsOrigin): ManagedIdentityEndpoint {
  const base = readUrl(origin, 'the origin of the metadata service')
  return {
    kind: 'imds',
    buildRequest: (resource, choice) => ({
      url: buildUrl(
        new URL('/metadata/identity/oauth2/token', base),
        '2018-02-01',
        resource,
        choice,
        'msi_res_id',
      ),
      headers: { metadata: 'true' },
    }),
  }
}

/** What App Service, Functions and Container Apps put into the environment. */
export interface AppServiceEndpointOptions {
  /** `IDENTITY_ENDPOINT`. */
  readonly endpoint: string | undefined
  /** `IDENTITY_HEADER`: a secret that keeps other processes from asking. */
  readonly header: string | undefined
}

/**
 * The endpoint of App Service, Functions and Container Apps.
 *
 * @throws ConfigurationError naming the variable that is missing.
 * @example
 * ```ts
 * const identity = createManagedIdentity({
 *   endpoint: appServiceEndpoint({
 *     endpoint: process.env['IDENTITY_ENDPOINT'],
 *     header: process.env['IDENTITY_HEADER'],
 *   }),
 * })
 * ```
 */
export function appServiceEndpoint({ endpoint, header }: AppServiceEndpointOptions): ManagedIdentityEndpoint {
  if (header === undefined || header.trim() === '')
    throw unusable('IDENTITY_HEADER is missing: does this application have a managed identity?')
  const base = readUrl(endpoint, 'IDENTITY_ENDPOINT')
  const secret = new Redacted(header)
  return {
    kind: 'app_service',
    buildRequest: (resource, choice) => ({
      url: buildUrl(base, '2019-08-01', resource, choice, 'mi_res_id'),
      headers: { 'x-identity-header': secret.reveal() },
    }),
  }
}

function readUrl(text: string | undefined, name: string): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw unusable(`${name} is missing or no http URL`)
  return url
}

function buildUrl(
  base: URL,
  version: string,
  resource: string,
  { clientId, objectId, resourceId }: ManagedIdentityChoice,
  resourceIdName: string,
): string {
  const url = new URL(base)
  url.searchParams.set('api-version', version)
  url.searchParams.set('resource', resource)
  if (clientId !== undefined) url.searchParams.set('client_id', clientId)
  if (objectId !== undefined) url.searchParams.set('object_id', objectId)
  if (resourceId !== undefined) url.searchParams.set(resourceIdName, resourceId)
  return url.href
}
