import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { claimsOf, contoso, daemon, todoApi, type Json } from '../../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

async function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: Json }> {
  const response = await fetch(`${emulator.origin}${path}`, { headers })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}

const v2 = '/v2.0/.well-known/openid-configuration'
const v1 = '/.well-known/openid-configuration'

const shared = {
  token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
  response_modes_supported: ['query', 'fragment', 'form_post'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  http_logout_supported: true,
  frontchannel_logout_supported: true,
  tenant_region_scope: 'WW',
  cloud_instance_name: 'microsoftonline.com',
  cloud_graph_host_name: 'graph.windows.net',
  msgraph_host: 'graph.microsoft.com',
  rbac_url: 'https://pas.windows.net',
}

// prettier-ignore
const sharedClaims = [
  'sub', 'iss', 'cloud_instance_name', 'cloud_instance_host_name', 'cloud_graph_host_name', 'msgraph_host', 'aud', 'exp',
  'iat', 'auth_time',
]

describe('metadata', () => {
  it('names the tenant by its GUID when it is asked for by domain', async () => {
    const { body, headers } = await get(`/contoso.com${v2}`)
    expect(body['issuer']).toBe(`${emulator.origin}/${contoso}/v2.0`)
    expect(body['token_endpoint']).toBe(`${emulator.origin}/${contoso}/oauth2/v2.0/token`)
    expect(headers.get('cache-control')).toBe('max-age=86400, private')
    expect(headers.get('access-control-allow-origin')).toBe('*')
  })

  it('keeps the issuer a template for common and organizations', async () => {
    for (const alias of ['common', 'organizations']) {
      const { body } = await get(`/${alias}${v2}`)
      expect(body['issuer']).toBe(`${emulator.origin}/{tenantid}/v2.0`)
      expect(body['authorization_endpoint']).toBe(`${emulator.origin}/${alias}/oauth2/v2.0/authorize`)
      expect(body['tenant_region_scope']).toBeNull()
    }
  })

  it('ends the v1 issuer with a slash', async () => {
    const { body } = await get(`/${contoso}${v1}`)
    expect(body['issuer']).toBe(`${emulator.origin}/${contoso}/`)
    expect(body['jwks_uri']).toBe(`${emulator.origin}/common/discovery/keys`)
    expect(body['scopes_supported']).toEqual(['openid'])
  })

  it('has what the v2 document of Entra has, member by member', async () => {
    const { body } = await get(`/${contoso}${v2}`)
    const base = `${emulator.origin}/${contoso}`
    expect(body).toEqual({
      ...shared,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: `${base}/v2.0`,
      request_uri_parameter_supported: false,
      userinfo_endpoint: `${emulator.origin}/oidc/userinfo`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      claims_supported: [
        ...sharedClaims,
        'acr',
        'nonce',
        'preferred_username',
        'name',
        'tid',
        'ver',
        'at_hash',
        'c_hash',
        'email',
      ],
      kerberos_endpoint: `${base}/kerberos`,
    })
  })

  it('has what the v1 document of Entra has, member by member', async () => {
    const { body } = await get(`/contoso.com${v1}`)
    const base = `${emulator.origin}/${contoso}`
    expect(body).toEqual({
      ...shared,
      token_endpoint: `${base}/oauth2/token`,
      jwks_uri: `${emulator.origin}/common/discovery/keys`,
      response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
      scopes_supported: ['openid'],
      issuer: `${base}/`,
      microsoft_multi_refresh_token: true,
      authorization_endpoint: `${base}/oauth2/authorize`,
      device_authorization_endpoint: `${base}/oauth2/devicecode`,
      end_session_endpoint: `${base}/oauth2/logout`,
      claims_supported: [...sharedClaims, 'amr', 'nonce', 'email', 'given_name', 'family_name', 'nickname'],
      check_session_iframe: `${base}/oauth2/checksession`,
      userinfo_endpoint: `${base}/openid/userinfo`,
      kerberos_endpoint: `${base}/kerberos`,
    })
  })

  it('advertises nothing that Entra does not', async () => {
    const { body } = await get(`/${contoso}${v2}`)
    const absent = [
      'code_challenge_methods_supported',
      'grant_types_supported',
      'introspection_endpoint',
      'revocation_endpoint',
    ]
    for (const name of absent) expect(body).not.toHaveProperty(name)
  })

  it('matches paths without regard to case', async () => {
    const { status } = await get(`/${contoso.toUpperCase()}/V2.0/.Well-Known/OpenID-Configuration`)
    expect(status).toBe(200)
  })

  it('passes appid on to the keys', async () => {
    const { body } = await get(`/${contoso}${v2}?appid=some-app`)
    expect(body['jwks_uri']).toBe(`${emulator.origin}/${contoso}/discovery/v2.0/keys?appid=some-app`)
  })

  it('has documents of personal accounts, whose issuer is their tenant', async () => {
    const id = '9188040d-6c67-4c5b-b112-36a304b66dad'
    const { origin } = emulator
    const { status, body } = await get(`/consumers${v2}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      issuer: `${origin}/${id}/v2.0`,
      token_endpoint: `${origin}/consumers/oauth2/v2.0/token`,
      jwks_uri: `${origin}/consumers/discovery/v2.0/keys`,
    })
    expect((await get(`/${id}${v2}`)).body['token_endpoint']).toBe(`${origin}/${id}/oauth2/v2.0/token`)
    const { keys } = (await get('/consumers/discovery/v2.0/keys')).body as { keys: readonly Json[] }
    for (const key of keys) expect(key).toMatchObject({ issuer: `${origin}/${id}/v2.0` })
  })

  it.each([v2, v1, '/discovery/v2.0/keys', '/discovery/keys'])(
    'says that a tenant is invalid when there is none: %s',
    async (path) => {
      const { status, body } = await get(`/d0000000-0000-4000-8000-000000000001${path}`)
      expect([status, body['error']]).toEqual([400, 'invalid_tenant'])
    },
  )

  it('refuses an unknown tenant, and a name that is none', async () => {
    const unknown = await get(`/d0000000-0000-4000-8000-000000000001${v2}`)
    expect(unknown.status).toBe(400)
    expect(unknown.body['error_codes']).toEqual([90002])
    expect((await get(`/nonsense${v2}`)).body['error_codes']).toEqual([900023])
  })

  it('takes nothing from the Host header', async () => {
    const { origin } = emulator
    const response = await fetch(`${origin.replace('localhost', '127.0.0.1')}/${contoso}${v2}`)
    const body = (await response.json()) as Json
    expect(body['issuer']).toBe(`${origin}/${contoso}/v2.0`)
  })

  it('names the public origin that it was given', async () => {
    const proxied = await createEmulator({ publicOrigin: 'https://login.example.test' })
    const token = await proxied.mint({ client: daemon, audience: todoApi })
    await proxied.stop()
    expect(proxied.origin).toBe('https://login.example.test')
    expect(claimsOf(token)['iss']).toBe(`https://login.example.test/${contoso}/v2.0`)
  })
})

describe('keys', () => {
  it('bind each v2 key to an issuer and no v1 key to any', async () => {
    const [v2Key] = (await get(`/${contoso}/discovery/v2.0/keys`)).body['keys'] as Json[]
    const [v1Key] = (await get('/common/discovery/keys')).body['keys'] as Json[]
    expect(v2Key?.['issuer']).toBe(`${emulator.origin}/${contoso}/v2.0`)
    expect(v1Key).not.toHaveProperty('issuer')
    expect(v1Key?.['x5t']).toBe(v1Key?.['kid'])
    expect(v1Key).not.toHaveProperty('alg')
  })

  it('publish a new key after a rotation and keep the old ones', async () => {
    const before = emulator.keys.current.kid
    const kid = await emulator.keys.rotate()
    const { keys } = (await get(`/${contoso}/discovery/v2.0/keys`)).body as { keys: Json[] }
    const kids = keys.map((key) => key['kid'] as string)
    expect(emulator.keys.current.kid).toBe(kid)
    expect(kids).toContain(kid)
    expect(kids).toContain(before)
  })

  it('no longer publish a retired key', async () => {
    const before = emulator.keys.current.kid
    await emulator.keys.rotate()
    await emulator.keys.retire(before)
    const { keys } = (await get(`/${contoso}/discovery/v2.0/keys`)).body as { keys: Json[] }
    expect(keys.map((key) => key['kid'] as string)).not.toContain(before)
  })
})

describe('instance discovery', () => {
  it('knows its own host and refuses strangers', async () => {
    const path = '/common/discovery/instance?api-version=1.1&authorization_endpoint='
    const own = await get(`${path}${encodeURIComponent(`${emulator.origin}/common/oauth2/v2.0/authorize`)}`)
    expect(own.body['tenant_discovery_endpoint']).toBe(`${emulator.origin}/common${v2}`)
    const strange = await get(
      `${path}${encodeURIComponent('https://login.example.test/common/oauth2/v2.0/authorize')}`,
    )
    expect(strange.body).toMatchObject({ error: 'invalid_instance', error_codes: [50049] })
  })
})
