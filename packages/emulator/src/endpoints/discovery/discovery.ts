// OpenID Connect metadata: exactly the fields that Entra publishes, so that nothing works here that fails there.
import type { Emulation } from '../emulation.ts'
import { issuerV1, issuerV2 } from '../../kernel/origins.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import type { Tenant } from '../../directory/model.ts'
import { listenerOrigin } from '../../http/listener-origin.ts'
import { sendDocument } from '../respond.ts'
import { resolveDocumentTenant } from '../tenant-segment.ts'

/** GET {tenant}/v2.0/.well-known/openid-configuration */
export function discoveryV2(c: EmulatorContext, emulation: Emulation): Response {
  const { tenant, segment, origin } = locate(c, emulation)
  const base = `${origin}/${segment}`
  return sendDocument(c, {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: authMethods,
    jwks_uri: `${base}/discovery/v2.0/keys${customKeys(c)}`,
    response_modes_supported: responseModes,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerV2(emulation.origins, tenant ?? template),
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${origin}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      ...claimsBefore,
      'acr',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      ...hashes,
      'email',
    ],
    kerberos_endpoint: `${base}/kerberos`,
    ...cloud(tenant),
  })
}

/** GET {tenant}/.well-known/openid-configuration */
export function discoveryV1(c: EmulatorContext, emulation: Emulation): Response {
  const { tenant, segment, origin } = locate(c, emulation)
  const base = `${origin}/${segment}`
  return sendDocument(c, {
    token_endpoint: `${base}/oauth2/token`,
    token_endpoint_auth_methods_supported: authMethods,
    jwks_uri: `${origin}/common/discovery/keys${customKeys(c)}`,
    response_modes_supported: responseModes,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
    scopes_supported: ['openid'],
    issuer: issuerV1(emulation.origins, tenant ?? template),
    microsoft_multi_refresh_token: true,
    authorization_endpoint: `${base}/oauth2/authorize`,
    device_authorization_endpoint: `${base}/oauth2/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/logout`,
    claims_supported: [...claimsBefore, 'amr', 'nonce', 'email', 'given_name', 'family_name', 'nickname'],
    check_session_iframe: `${base}/oauth2/checksession`,
    userinfo_endpoint: `${base}/openid/userinfo`,
    kerberos_endpoint: `${base}/kerberos`,
    ...cloud(tenant),
  })
}

const authMethods = ['client_secret_post', 'private_key_jwt', 'client_secret_basic']
const responseModes = ['query', 'fragment', 'form_post']
const hashes = ['at_hash', 'c_hash']
const claimsBefore = [
  'sub',
  'iss',
  'cloud_instance_name',
  'cloud_instance_host_name',
  'cloud_graph_host_name',
  'msgraph_host',
  'aud',
  'exp',
  'iat',
  'auth_time',
]

// For an alias the issuer stays a template, braces included: the user decides which tenant it becomes.
const template = { id: '{tenantid}' }

/** The name of a tenant, as far as a document needs it. */
type Named = Pick<Tenant, 'id'> | undefined

// A domain is answered with the tenant's GUID; an alias stays as it is.
function locate(
  c: EmulatorContext,
  { directory, origins }: Pick<Emulation, 'directory' | 'origins'>,
): { tenant: Named; segment: string; origin: string } {
  const name = routeParameter(c, 'tenant').toLowerCase()
  const tenant = resolveDocumentTenant(directory, name)
  const segment = name === 'consumers' ? name : (tenant?.id ?? name)
  return { tenant, segment, origin: listenerOrigin(c, origins) }
}

// Applications with custom signing keys ask with their id; the emulator's keys are the same for all.
function customKeys(c: EmulatorContext): string {
  const id = c.req.query('appid')
  return id === undefined ? '' : `?appid=${encodeURIComponent(id)}`
}

function cloud(tenant: Named): Record<string, unknown> {
  return {
    tenant_region_scope: tenant === undefined ? null : 'WW',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  }
}
