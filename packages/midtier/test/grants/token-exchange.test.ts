import { describe, expect, it } from 'vitest'
import {
  createOpenIdAuthority,
  type OpenIdAuthorityOptions,
  type TrustedIssuer,
} from '../../src/authority/authority.ts'
import { moveSecretToHeader } from '../../src/grants/token-endpoint/client-secret-basic.ts'
import { discoverTokenEndpoint } from '../../src/grants/token-endpoint/discover-token-endpoint.ts'
import { buildTokenError } from '../../src/grants/token-endpoint/token-error.ts'
import { buildTokenExchange, refuseUntargeted } from '../../src/grants/token-exchange.ts'
import { tokenExchangeProfiles as profiles } from '../../src/grants/token-exchange-profiles.ts'
import { AcquisitionError, AuthorityUnavailableError } from '../../src/kernel/errors/errors.ts'
import { Redacted } from '../../src/kernel/redacted.ts'
import { json } from './stub-authority.ts'

const issuerOf = (options: OpenIdAuthorityOptions): TrustedIssuer => createOpenIdAuthority(options).issuers[0]

const build = (profile: keyof typeof profiles, scopes: string[] = ['read'], audience?: string) =>
  buildTokenExchange({
    profile: profiles[profile],
    subjectToken: new Redacted('the-token'),
    audience,
    scopes,
  })

describe('what an authority wants of a token exchange', () => {
  it.each([
    [
      'keycloak',
      'todo-api',
      { audience: 'todo-api', requested_token_type: expect.stringMatching(/:access_token$/) },
    ],
    ['auth0', 'https://todo', { audience: 'https://todo' }],
    ['okta', 'api://todo', { audience: 'api://todo', scope: 'read' }],
    ['zitadel', '1234', { audience: '1234', requested_token_type: expect.stringMatching(/:jwt$/) }],
  ] as const)('is known of %s', (profile, audience, wanted) => {
    const { parameters } = build(profile, ['read'], audience)
    expect(parameters).toMatchObject({
      ...wanted,
      subject_token_type: expect.stringMatching(/:access_token$/),
    })
    expect(parameters).not.toHaveProperty('resource')
  })

  it('is left out when there is nothing to say', () => {
    const { parameters } = build('keycloak', [], 'todo-api')
    expect(parameters).not.toHaveProperty('scope')
    expect(build('okta').parameters).not.toHaveProperty('audience')
  })

  it.each([
    ['auth0', undefined, ['read']],
    ['okta', 'api://todo', []],
    ['rfc8693', undefined, []],
  ] as const)('is asked of us before %s is', (profile, audience, scopes) => {
    expect(() => {
      refuseUntargeted(profiles[profile], audience, scopes)
    }).toThrow(AcquisitionError)
  })

  it('does not show the token to who prints it', () => {
    expect(JSON.stringify(build('keycloak'))).not.toContain('the-token')
  })
})

describe('a refused token exchange', () => {
  const refusal = (profile: keyof typeof profiles, error: string, errorDescription: string) =>
    buildTokenError(build(profile), { error, errorDescription, errorNumbers: [], status: 400, scopes: [] })

  it('is about the person when the session has ended, in whatever words', () => {
    expect(refusal('okta', 'invalid_grant', 'anything')).toMatchObject({ reason: 'sign_in_required' })
    expect(refusal('keycloak', 'invalid_request', 'Invalid token')).toMatchObject({
      reason: 'sign_in_required',
    })
  })

  it.each([
    ['keycloak', 'invalid_request', 'Standard token exchange is not enabled for the requested client'],
    ['okta', 'invalid_request', 'Invalid token'],
    ['rfc8693', 'invalid_target', 'unknown'],
    ['auth0', 'access_denied', 'not allowed'],
  ] as const)('of %s with %s is ours to fix', (profile, error, description) => {
    expect(refusal(profile, error, description)).toMatchObject({ code: 'token_request_refused' })
  })
})

describe('a client secret in the header', () => {
  it('is form-encoded first, and is nowhere in the body', () => {
    const parameters = new URLSearchParams({ client_id: 'a:b', client_secret: 'ü +%', grant_type: 'x' })
    const { headers, body } = moveSecretToHeader(parameters)
    expect(atob(headers['authorization']!.slice('Basic '.length))).toBe('a%3Ab:%C3%BC+%2B%25')
    expect(body.toString()).toBe('grant_type=x')
    expect(parameters.get('client_secret')).toBe('ü +%')
  })

  it('stays away when the client proves itself by an assertion', () => {
    const parameters = new URLSearchParams({ client_id: 'a', client_assertion: 'signed' })
    expect(moveSecretToHeader(parameters)).toEqual({ headers: {}, body: parameters })
  })
})

describe('the address of a token endpoint', () => {
  const issuer = 'https://id.example/realms/main'
  const good = { issuer, token_endpoint: 'https://id.example/token' }

  function createDiscovery(document: () => Response | Promise<Response>) {
    const asked: string[] = []
    const clock = { ms: 0, nowMs: () => clock.ms }
    const fetch = async (input: string | URL) => {
      asked.push(String(input))
      return document()
    }
    return { asked, clock, discover: discoverTokenEndpoint(issuerOf({ issuer }), { fetch, clock }) }
  }

  it('is read once from the metadata of the issuer', async () => {
    const { asked, discover } = createDiscovery(() => json(200, good))
    expect(await Promise.all([discover(), discover()])).toEqual([good.token_endpoint, good.token_endpoint])
    await discover()
    expect(asked).toEqual([`${issuer}/.well-known/openid-configuration`])
  })

  it.each([
    ['of another issuer', { ...good, issuer: 'https://evil.example' }],
    ['in the clear', { ...good, token_endpoint: 'http://id.example/token' }],
    ['that is missing', { issuer }],
    ['with a fragment', { ...good, token_endpoint: 'https://id.example/token#x' }],
  ])('%s is not believed', async (_name, document) => {
    await expect(createDiscovery(() => json(200, document)).discover()).rejects.toBeInstanceOf(
      AuthorityUnavailableError,
    )
  })

  it.each([
    'http://localhost:8080/token',
    'http://127.0.0.1/token',
    'http://[::1]:8080/token',
    'https://other.example/token?realm=main',
  ])('%s is believed', async (address) => {
    const { discover } = createDiscovery(() => json(200, { ...good, token_endpoint: address }))
    expect(await discover()).toBe(address)
  })

  it.each([
    ['names no issuer', { token_endpoint: good.token_endpoint }],
    ['names no issuer', { ...good, issuer: 5 }],
    ['names no token endpoint', { issuer }],
    ['names no token endpoint', { ...good, token_endpoint: 5 }],
    ['names no token endpoint', { ...good, token_endpoint: '/token' }],
    ['names a token endpoint that is not https', { ...good, token_endpoint: 'http://id.example/token' }],
    ['names a token endpoint that is not https', { ...good, token_endpoint: 'ftp://localhost/token' }],
    ['names a token endpoint with a fragment', { ...good, token_endpoint: 'https://id.example/token#x' }],
  ])('of a document that %s is not believed, and the owner learns why', async (why, document) => {
    await expect(createDiscovery(() => json(200, document)).discover()).rejects.toThrow(
      `The metadata of the issuer ${why}`,
    )
  })

  it('is in a document of 256 KiB at most', async () => {
    const bare = JSON.stringify({ ...good, padding: '' }).length
    const documentOf = (bytes: number) => () => json(200, { ...good, padding: 'x'.repeat(bytes - bare) })
    expect(await createDiscovery(documentOf(262_144)).discover()).toBe(good.token_endpoint)
    await expect(createDiscovery(documentOf(262_145)).discover()).rejects.toThrow('more than 262144 bytes')
  })

  it('is asked for when the cool-down is over, and not a millisecond earlier', async () => {
    const answers = [json(503, {}, { 'retry-after': '30' }), json(200, good)]
    const { clock, asked, discover } = createDiscovery(() => answers.shift()!)
    await expect(discover()).rejects.toBeInstanceOf(AuthorityUnavailableError)
    clock.ms += 29_999
    await expect(discover()).rejects.toMatchObject({ retryAfterSeconds: 1 })
    expect(asked).toHaveLength(1)
    clock.ms += 1
    expect(await discover()).toBe(good.token_endpoint)
  })

  it('is believed for a day to the millisecond', async () => {
    const { asked, clock, discover } = createDiscovery(() => json(200, good))
    await discover()
    clock.ms += 24 * 3600 * 1000 - 1
    await discover()
    expect(asked).toHaveLength(1)
    clock.ms += 1
    await discover()
    expect(asked).toHaveLength(2)
  })

  it('is below an issuer that ends with a slash, or where its metadata are said to be', async () => {
    const asked: string[] = []
    const fetch = async (input: string | URL) => {
      asked.push(String(input))
      return json(200, { ...good, issuer: `${issuer}/` })
    }
    const ports = { fetch, clock: { nowMs: () => 0 } }
    await discoverTokenEndpoint(issuerOf({ issuer: `${issuer}/` }), ports)()
    await discoverTokenEndpoint(
      issuerOf({ issuer: `${issuer}/`, metadataUrl: 'https://x.example/m' }),
      ports,
    )()
    expect(asked).toEqual([`${issuer}/.well-known/openid-configuration`, 'https://x.example/m'])
  })

  it('is asked for again after a failure, and kept through a later one', async () => {
    const answers = [
      json(503, {}),
      json(200, good),
      json(503, {}),
      json(200, { ...good, token_endpoint: `${issuer}/new` }),
    ]
    const { clock, asked, discover } = createDiscovery(() => answers.shift()!)
    await expect(discover()).rejects.toMatchObject({ retryAfterSeconds: 1 })
    await expect(discover()).rejects.toMatchObject({ retryAfterSeconds: 1 })
    clock.ms += 1000
    expect(await discover()).toBe(good.token_endpoint)
    clock.ms += 25 * 3600 * 1000
    for (let call = 0; call < 10; call += 1) expect(await discover()).toBe(good.token_endpoint)
    expect(asked).toHaveLength(3)
    clock.ms += 30_000
    expect(await discover()).toBe(`${issuer}/new`)
  })

  it('is not waited for longer than the cool-down, however long the issuer wants to be left alone', async () => {
    const answers = [json(503, {}, { 'retry-after': '3600' }), json(200, good)]
    const { clock, asked, discover } = createDiscovery(() => answers.shift()!)
    await expect(discover()).rejects.toMatchObject({ retryAfterSeconds: 30 })
    clock.ms += 999
    await expect(discover()).rejects.toMatchObject({ retryAfterSeconds: 30 })
    clock.ms += 28_001
    await expect(discover()).rejects.toMatchObject({ retryAfterSeconds: 1 })
    expect(asked).toHaveLength(1)
    clock.ms += 1000
    expect(await discover()).toBe(good.token_endpoint)
  })

  it('is asked for again after a day, and after a failure, though the clock was set back meanwhile', async () => {
    const answers = [json(503, {}), json(200, good), json(200, { ...good, token_endpoint: `${issuer}/new` })]
    const { clock, discover } = createDiscovery(() => answers.shift()!)
    clock.ms += 48 * 3600 * 1000
    await expect(discover()).rejects.toMatchObject({ retryAfterSeconds: 1 })
    clock.ms -= 48 * 3600 * 1000
    expect(await discover()).toBe(good.token_endpoint)
    clock.ms -= 1000
    expect(await discover()).toBe(`${issuer}/new`)
  })
})
