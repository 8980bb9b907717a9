// Access tokens as Okta, Auth0, Keycloak and others write them: who calls, a person or an application, and with which scopes.
import { describe, expect, it } from 'vitest'
import { createOpenIdAuthority } from '../../src/authority/authority.ts'
import { createWebApi, type Principal } from '../../src/index.ts'
import { createClock, createFakeAuthority, type FakeAuthority } from '../authority/fake-authority.ts'
import { createSigner, nowSeconds, signToken, type Signer } from '../jwt/token-builder.ts'
import { createGate, registration } from './gate.ts'

const issuer = 'https://id.example'
const signer = createSigner('generic-key')

async function validate(claims: Record<string, unknown>): Promise<Principal> {
  const authority = createFakeAuthority()
  authority.serve(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/keys` })
  authority.serve(`${issuer}/keys`, { keys: [signer.jwk()] })
  const api = createWebApi({
    authority: { issuer },
    clientId: 'middle-tier',
    audience: 'api://middle-tier',
    fetch: authority.fetch,
    clock: createClock(),
  })
  const always = { iss: issuer, aud: 'api://middle-tier', iat: nowSeconds, exp: nowSeconds + 600 }
  const token = signToken({ claims: { ...always, ...claims }, signer })
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  return (await api.authenticate({ header, method: 'GET', url: '/' })).principal
}

const okta = { ver: 1, jti: 'AT.1', cid: '0oa1', scp: ['openid', 'todos.read'] }
const keycloak = { azp: 'daemon', scope: 'profile email', sub: '2b4c9d61-5c0f-4c1c-9a3e-6a1d2f0f6a11' }

describe('an access token of another issuer', () => {
  it.each([
    [
      'a user of Okta',
      { ...okta, uid: '00u1', sub: 'alice@example.com' },
      { kind: 'user', subject: 'alice@example.com', clientId: '0oa1', scopes: ['openid', 'todos.read'] },
    ],
    ['an application of Okta', { ...okta, sub: '0oa1' }, { kind: 'app', clientId: '0oa1', scopes: [] }],
    [
      'a user of Auth0',
      { sub: 'auth0|1', azp: 'spa', scope: 'openid todos.read' },
      { kind: 'user', scopes: ['openid', 'todos.read'] },
    ],
    [
      'an application of Auth0',
      { sub: 'daemon@clients', azp: 'daemon', gty: 'client-credentials', scope: 'todos.read' },
      { kind: 'app', clientId: 'daemon' },
    ],
    [
      'an application of Keycloak',
      { ...keycloak, client_id: 'daemon', preferred_username: 'service-account-daemon' },
      { kind: 'app', clientId: 'daemon' },
    ],
    [
      'a user of Keycloak',
      { ...keycloak, preferred_username: 'alice' },
      { kind: 'user', scopes: ['profile', 'email'] },
    ],
    [
      'a user of Ory, whose list of scopes stands beside an empty text',
      { sub: 'alice', client_id: 'spa', scp: ['todos.read', ' '], scope: '' },
      { kind: 'user', scopes: ['todos.read'] },
    ],
  ])('is read as what it is: %s', async (_who, claims, principal) => {
    expect(await validate(claims)).toMatchObject(principal)
  })

  it.each([
    ['a user who took the name of a service account', 'token_kind', keycloak, 'service-account-daemon'],
    ['scopes of no text', 'claim_types', { sub: 'alice', scp: [1] }, 'alice'],
    ['scopes of nothing', 'permissions', { sub: 'alice', scp: [''] }, 'alice'],
  ])('is refused with %s', async (_what, reason, claims, name) => {
    await expect(validate({ ...claims, preferred_username: name })).rejects.toMatchObject({ reason })
  })
})

describe('an issuer that publishes keys for each of its policies', () => {
  const signUp = createSigner('sign-up-key')
  const reset = createSigner('reset-key')
  const metadataOf = (policy: string): string => `${issuer}/${policy}/openid-configuration`

  function scenario(): { authority: FakeAuthority; authenticate: (by: Signer) => Promise<string> } {
    const authority = createFakeAuthority()
    for (const [policy, by] of [
      ['sign-up', signUp],
      ['reset', reset],
    ] as const) {
      authority.serve(metadataOf(policy), { issuer, jwks_uri: `${issuer}/${policy}/keys` })
      authority.serve(`${issuer}/${policy}/keys`, { keys: [by.jwk()] })
    }
    const audience = 'api://middle-tier'
    const api = createWebApi({
      authority: { issuer, metadataUrl: metadataOf('sign-up') },
      clientId: 'middle-tier',
      audience,
      additionalRegistrations: [{ issuer, metadataUrl: metadataOf('reset'), audience }],
      fetch: authority.fetch,
      clock: createClock(),
    })
    const authenticate = async (by: Signer): Promise<string> => {
      const claims = {
        iss: issuer,
        aud: audience,
        iat: nowSeconds,
        exp: nowSeconds + 600,
        sub: by.kid,
        scope: 'read',
        azp: 'spa',
      }
      const token = signToken({ claims, signer: by })
      const header = (name: string): string | undefined =>
        name === 'authorization' ? `Bearer ${token}` : undefined
      return (await api.authenticate({ header, method: 'GET', url: '/' })).principal.subject
    }
    return { authority, authenticate }
  }

  it('accepts the tokens of each, and asks again for neither', async () => {
    const { authority, authenticate } = scenario()
    expect(await authenticate(reset)).toBe('reset-key')
    expect(await authenticate(signUp)).toBe('sign-up-key')
    expect(await authenticate(reset)).toBe('reset-key')
    expect(authority.count('keys')).toBe(2)
  })

  it('shares none of them with another issuer that is trusted as well, and has several of its own', async () => {
    const authority = createFakeAuthority()
    const issuers = ['https://id.example', 'https://partner.example'] as const
    const documents = issuers.flatMap((each) =>
      ['one', 'two'].map((policy) => [each, policy, createSigner(`${each} ${policy}`)] as const),
    )
    const audience = 'api://middle-tier'
    const registrations = documents.map(([each, policy, by]) => {
      const metadataUrl = `${each}/${policy}/openid-configuration`
      authority.serve(metadataUrl, { issuer: each, jwks_uri: `${each}/${policy}/keys` })
      authority.serve(`${each}/${policy}/keys`, { keys: [by.jwk()] })
      return { issuer: each, metadataUrl, audience }
    })
    const [{ issuer: own, metadataUrl }, ...additionalRegistrations] = registrations as [
      (typeof registrations)[0],
      ...typeof registrations,
    ]
    const api = createWebApi({
      authority: { issuer: own, metadataUrl },
      clientId: 'middle-tier',
      audience,
      additionalRegistrations,
      fetch: authority.fetch,
      clock: createClock(),
    })
    const outcomes = documents.flatMap(([by, policy, key]) =>
      issuers.map(async (iss) => {
        const times = { iat: nowSeconds, exp: nowSeconds + 600 }
        const claims = { iss, aud: audience, ...times, sub: 'alice', scope: 'read', azp: 'spa' }
        const token = signToken({ claims, signer: key })
        const header = (name: string): string | undefined =>
          name === 'authorization' ? `Bearer ${token}` : undefined
        const outcome = await api.authenticate({ header, method: 'GET', url: '/' }).then(
          () => 'accepted',
          (error: unknown) => (error as { readonly reason: string }).reason,
        )
        return `${new URL(iss).hostname} by ${policy} of ${new URL(by).hostname}: ${outcome}`
      }),
    )
    expect(await Promise.all(outcomes)).toEqual([
      'id.example by one of id.example: accepted',
      'partner.example by one of id.example: key_known',
      'id.example by two of id.example: accepted',
      'partner.example by two of id.example: key_known',
      'id.example by one of partner.example: key_known',
      'partner.example by one of partner.example: accepted',
      'id.example by two of partner.example: key_known',
      'partner.example by two of partner.example: accepted',
    ])
  })

  it('refuses a key that none of them publishes, and cannot tell while one is out of reach', async () => {
    const { authority, authenticate } = scenario()
    await expect(authenticate(createSigner('foreign-key'))).rejects.toMatchObject({ reason: 'key_known' })
    const other = scenario()
    other.authority.serve(metadataOf('reset'), 'a page of maintenance')
    expect(await other.authenticate(signUp)).toBe('sign-up-key')
    await expect(other.authenticate(reset)).rejects.toMatchObject({ code: 'authority_unavailable' })
    expect(authority.count('keys')).toBe(2)
  })
})

it.each([
  'https://sts.chinacloudapi.cn/c0000000-0000-4000-8000-000000000001/',
  'https://sts.windows.net/c0000000-0000-4000-8000-000000000001/',
  'https://login.microsoftonline.com./c0000000-0000-4000-8000-000000000001/v2.0',
  'https://westeurope.login.microsoft.com/c0000000-0000-4000-8000-000000000001/v2.0',
  'https://login-us.microsoftonline.com/c0000000-0000-4000-8000-000000000001/v2.0',
  'https://login.microsoftonline.de/c0000000-0000-4000-8000-000000000001/v2.0',
  'https://contoso.ciamlogin.com/c0000000-0000-4000-8000-000000000001/v2.0',
])('is refused as another issuer where it is one of Entra: %s', (entra) => {
  expect(() => createWebApi({ authority: { issuer: entra }, clientId: 'x', audience: 'x' })).toThrow(
    'is one of Entra: give tenantId and clientId instead',
  )
})

it('is an issuer like any other where it is Azure AD B2C', () => {
  const issuer = 'https://contoso.b2clogin.com/c0000000-0000-4000-8000-000000000001/v2.0/'
  expect(() => createWebApi({ authority: { issuer }, clientId: 'x', audience: 'x' })).not.toThrow()
})

describe('a token of another issuer that the authority finds not genuine', () => {
  it('has the keys of that issuer asked for again', async () => {
    const { validator, authority, clock } = createGate({
      registrations: [{ ...registration, authority: createOpenIdAuthority({ issuer }) }],
    })
    authority.serve(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/keys` })
    authority.serve(`${issuer}/keys`, { keys: [signer.jwk()] })
    const claims = {
      iss: issuer,
      aud: registration.clientId,
      sub: 'alice',
      scope: 'a',
      iat: nowSeconds,
      exp: nowSeconds + 600,
    }
    const validated = await validator.validate(signToken({ claims, signer }))
    clock.advanceSeconds(60)
    const before = authority.count('keys')
    validator.distrust(validated)
    await new Promise((resolve) => setImmediate(resolve))
    expect(authority.count('keys')).toBe(before + 1)
  })
})
