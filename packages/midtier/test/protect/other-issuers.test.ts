// Access tokens as Okta, Auth0, Keycloak and others write them: who calls, a person or an application, and with which scopes.
import { describe, expect, it } from 'vitest'
import { createWebApi, type Principal } from '../../src/index.ts'
import { createClock, createFakeAuthority } from '../authority/fake-authority.ts'
import { createSigner, nowSeconds, signToken } from '../jwt/token-builder.ts'

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
