// The checks of each kind of request by name, in the order in which they are made; a request that is refused early never reaches the rest.
import type { Endpoint } from './request-log.ts'

/** The name of a check. The names that `midtier explain` has mean the same here. */
export type CheckName =
  | 'agent'
  | 'assignment'
  | 'audience'
  | 'client'
  | 'client_authentication'
  | 'code'
  | 'code_challenge'
  | 'code_verifier'
  | 'consent'
  | 'device_code'
  | 'expired'
  | 'fault'
  | 'form'
  | 'grant_type'
  | 'issuer'
  | 'password'
  | 'permissions'
  | 'platform'
  | 'policies'
  | 'redirect_uri'
  | 'refresh_token'
  | 'resource'
  | 'response_type'
  | 'roles'
  | 'second_step'
  | 'session'
  | 'signature'
  | 'single_use'
  | 'tenant'
  | 'tenant_id'
  | 'token'
  | 'token_form'
  | 'token_kind'
  | 'user'

type Plan = readonly CheckName[]

const beforeGrant: Plan = ['fault', 'form', 'tenant', 'grant_type', 'client', 'client_authentication']
const userTokens: Plan = ['assignment', 'consent', 'policies', 'token']
const assertion: Plan = ['token_form', 'token_kind', 'signature', 'tenant_id', 'expired', 'audience']
const code: Plan = ['code', 'redirect_uri', 'platform', 'code_verifier', 'single_use', 'user', 'resource']
const refresh: Plan = ['refresh_token', 'platform', 'expired', 'user', 'resource']
const credential: Plan = ['agent', 'token_form', 'audience', 'signature', 'expired', 'resource', 'user']
const device: Plan = ['platform', 'device_code', 'user', 'resource']
const namedUser: Plan = ['platform', 'user', 'password', 'resource']
const request: Plan = ['tenant', 'client', 'redirect_uri', 'response_type', 'code_challenge', 'resource']
const signIn: Plan = ['session', 'user', 'policies', 'consent', 'code']
const graph: Plan = ['fault', 'signature', 'audience', 'expired', 'issuer', 'user', 'permissions']

const grantPlans: ReadonlyMap<string | undefined, Plan> = new Map<string, Plan>([
  ['authorization_code', [...beforeGrant, ...code, ...userTokens]],
  ['refresh_token', [...beforeGrant, ...refresh, ...userTokens]],
  ['client_credentials', [...beforeGrant, 'resource', 'policies', 'roles', 'token']],
  [
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    [...beforeGrant, ...assertion, 'permissions', 'resource', 'user', ...userTokens],
  ],
  ['user_fic', [...beforeGrant, ...credential, ...userTokens]],
  ['urn:ietf:params:oauth:grant-type:device_code', [...beforeGrant, ...device, ...userTokens]],
  ['device_code', [...beforeGrant, ...device, ...userTokens]],
  ['password', [...beforeGrant, ...namedUser, ...userTokens]],
])

const endpointPlans: Readonly<Partial<Record<Endpoint, Plan>>> = {
  authorize: ['fault', 'form', ...request, ...signIn],
  interaction: ['fault', 'form', 'password', 'second_step', ...signIn],
  graph,
  userinfo: graph,
}

/** The checks that a request has before it. */
export function planOf(endpoint: Endpoint, grantType: string | undefined): Plan {
  if (endpoint === 'token') return grantPlans.get(grantType) ?? beforeGrant
  return endpointPlans[endpoint] ?? []
}
