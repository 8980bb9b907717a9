// What createWebApi wires together, against a fake authority: several registrations, keys, limits, state and explanations.
import { describe, expect, it } from 'vitest'
import {
  AcquisitionError,
  BearerError,
  clientSecret,
  ConfigurationError,
  createWebApi,
  explainToken,
  render,
  type Caller,
  type Requirements,
  type WebApi,
  type WebApiOptions,
} from '../../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  down,
  serveEntra,
  type FakeAuthority,
} from '../authority/fake-authority.ts'
import {
  appClaims,
  callerId,
  clientId,
  createSigner,
  nowSeconds,
  otherTenantId,
  signToken,
  tenantId,
  userClaims,
  userId,
  v1Claims,
  type Signer,
} from '../jwt/token-builder.ts'

const signer = createSigner('entra-key')
const genericSigner = createSigner('generic-key', { algorithm: 'ES256' })
const secondClientId = 'eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee'
const generic = 'https://id.partner.example'

function setUp(options: Partial<WebApiOptions> = {}): { api: WebApi; authority: FakeAuthority } {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  serveEntra(authority, [signer], { segment: otherTenantId })
  authority.serve(`${generic}/.well-known/openid-configuration`, {
    issuer: generic,
    jwks_uri: `${generic}/keys`,
  })
  authority.serve(`${generic}/keys`, { keys: [genericSigner.jwk()] })
  const api = createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret('s3cret'),
    fetch: authority.fetch,
    clock: createClock(),
    ...options,
  })
  return { api, authority }
}

function present(api: WebApi, token: string, requirements?: Requirements): Promise<Caller> {
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' }, requirements)
}

const sign = (claims: Record<string, unknown>, by: Signer = signer): string =>
  signToken({ claims, signer: by })

async function refusalOf(attempt: Promise<unknown>): Promise<BearerError> {
  return attempt.then(
    () => {
      throw new Error('the token was accepted')
    },
    (error: unknown) => {
      if (error instanceof BearerError) return error
      throw error
    },
  )
}

/** A token of the generic issuer, with RFC 9068 claims. */
const partnerToken = (claims: Record<string, unknown> = {}): string =>
  sign(
    {
      iss: generic,
      aud: 'https://api.contoso.com/',
      sub: 'partner-user',
      azp: 'partner-app',
      scope: 'access_as_user',
      exp: nowSeconds + 600,
      ...claims,
    },
    genericSigner,
  )

const severalAuthorities: Partial<WebApiOptions> = {
  algorithms: ['RS256', 'ES256'],
  additionalRegistrations: [
    { tenantId: otherTenantId, clientId: secondClientId },
    { issuer: generic, audience: 'https://api.contoso.com/' },
  ],
}

describe('several authorities in one API', () => {
  it('accept each its own tokens', async () => {
    const { api } = setUp(severalAuthorities)
    expect((await present(api, sign(userClaims()))).principal).toMatchObject({ tenantId })
    const second = sign(userClaims({ tid: otherTenantId, aud: secondClientId }))
    expect((await present(api, second)).principal).toMatchObject({ tenantId: otherTenantId })
    expect((await present(api, partnerToken())).principal).toMatchObject({
      kind: 'user',
      issuer: generic,
      subject: 'partner-user',
      clientId: 'partner-app',
      scopes: ['access_as_user'],
    })
  })

  it.each([
    [
      'a token of one with the audience of another',
      () => sign(userClaims({ aud: secondClientId })),
      'audience',
    ],
    ['a token of the partner for another API', () => partnerToken({ aud: clientId }), 'audience'],
    ['a token of one that the partner signed', () => sign(userClaims(), genericSigner), 'key_known'],
    [
      'a token of the partner signed by Entra',
      () => sign({ iss: generic, aud: clientId }, signer),
      'key_known',
    ],
  ])('never mix: refuse %s', async (_what, token, reason) => {
    const { api } = setUp(severalAuthorities)
    expect(await refusalOf(present(api, token()))).toMatchObject({ status: 401, reason })
  })

  it('are told apart by the audience when they are two registrations of one tenant', async () => {
    const { api } = setUp({ additionalRegistrations: [{ tenantId, clientId: secondClientId }] })
    expect((await present(api, sign(userClaims()))).account?.id).toBe(`${userId}.${tenantId}`)
    expect((await present(api, sign(userClaims({ aud: secondClientId })))).account).toBeUndefined()
  })

  it('acquire on behalf of callers of the API’s own registration alone, and say what to do instead', async () => {
    const { api, authority } = setUp(severalAuthorities)
    const caller = await present(api, sign(userClaims({ tid: otherTenantId, aud: secondClientId })))
    const sent = authority.requests.length
    const failure = await caller.acquireToken({ scopes: ['User.Read'] }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AcquisitionError)
    expect(failure).toMatchObject({ reason: 'other_registration' })
    expect((failure as Error).message).toContain('acquireTokenForClient')
    expect(authority.requests).toHaveLength(sent)
    expect(render(failure)?.status).toBe(403)
  })

  it('let no partner pass its callers off as users of a tenant', async () => {
    const { api } = setUp(severalAuthorities)
    const forged = partnerToken({ tid: tenantId, oid: userId })
    const { principal, account } = await present(api, forged)
    expect([principal.tenantId, principal.objectId, account]).toEqual(['', undefined, undefined])
    const refusal = await refusalOf(present(api, forged, { allowedTenants: [tenantId] }))
    expect(refusal).toMatchObject({ status: 403, reason: 'tenants' })
  })
})

describe('the options of validation', () => {
  it('refuse PS256 and ES256 unless they are allowed', async () => {
    const es256 = createSigner('es', { algorithm: 'ES256' })
    const refused = setUp()
    serveEntra(refused.authority, [es256])
    expect(await refusalOf(present(refused.api, sign(userClaims(), es256)))).toMatchObject({
      reason: 'algorithm',
    })
    const allowed = setUp({ algorithms: ['ES256'] })
    serveEntra(allowed.authority, [es256])
    expect((await present(allowed.api, sign(userClaims(), es256))).principal.kind).toBe('user')
  })

  it('refuse a token that is longer than allowed before looking into it, and accept a longer one when told to', async () => {
    const long = sign(userClaims({ groups: Array.from({ length: 2_000 }, () => 'x'.repeat(36)) }))
    expect(long.length).toBeGreaterThan(65_536)
    expect(await refusalOf(present(setUp().api, long))).toMatchObject({ status: 400, reason: 'too_long' })
    const { api } = setUp({ maxTokenLength: long.length })
    expect((await present(api, long)).principal.kind).toBe('user')
  })

  it('remember verified tokens, or none', async () => {
    for (const [maxCachedTokens, cachedTokens] of [
      [10, 1],
      [0, 0],
    ] as const) {
      const { api } = setUp({ maxCachedTokens })
      const token = sign(userClaims())
      for (let use = 1; use <= 2; use++) await present(api, token)
      expect(api.health().cachedTokens).toBe(cachedTokens)
    }
  })

  it('accept a token without any permission only when told to', async () => {
    const bare = sign(appClaims({ roles: undefined }))
    expect(await refusalOf(present(setUp().api, bare))).toMatchObject({ reason: 'permissions' })
    const { api } = setUp({ acceptTokensWithoutPermissions: true })
    expect((await present(api, bare)).principal).toMatchObject({ kind: 'app', roles: [] })
  })

  it('accept a token issued for another API only when told to in so many words', async () => {
    const foreign = sign(userClaims({ aud: callerId }))
    expect(await refusalOf(present(setUp().api, foreign))).toMatchObject({ reason: 'audience' })
    expect((await present(setUp({ audience: null }).api, foreign)).principal.kind).toBe('user')
  })

  it('hold the requirements of the whole API beside those of a route', async () => {
    const { api } = setUp({ requirements: { caller: 'user' } })
    const daemon = sign(appClaims({ roles: ['Reader'] }))
    expect(await refusalOf(present(api, daemon, { roles: ['Reader'] }))).toMatchObject({ reason: 'caller' })
  })

  it('ask for the keys of the application, and exchange no token that they signed', async () => {
    const { api, authority } = setUp({ customSigningKeys: true })
    const own = createSigner('app-key')
    const base = `https://login.microsoftonline.com/${tenantId}`
    authority.serve(`${base}/v2.0/.well-known/openid-configuration?appid=${clientId}`, {
      issuer: `${base}/v2.0`,
      jwks_uri: `${base}/discovery/v2.0/keys?appid=${clientId}`,
    })
    authority.serve(`${base}/discovery/v2.0/keys?appid=${clientId}`, { keys: [own.jwk()] })
    const caller = await present(api, sign(userClaims(), own))
    await expect(caller.acquireToken({ scopes: ['User.Read'] })).rejects.toMatchObject({
      code: 'acquisition_impossible',
      reason: 'custom_signing_keys',
    })
  })

  it('refresh the keys at the age that was set, and keep them for as long while the authority is down', async () => {
    const clock = createClock()
    const { api, authority } = setUp({
      clock,
      signingKeys: { refreshAfterSeconds: 600, keepSeconds: 900, cooldownSeconds: 1 },
    })
    const token = sign(userClaims())
    await present(api, token)
    authority.weather = down
    clock.advanceSeconds(1_499)
    expect((await present(api, token)).principal.kind).toBe('user')
    clock.advanceSeconds(2)
    await expect(present(api, token)).rejects.toMatchObject({ code: 'authority_unavailable' })
  })
})

describe('the state of an API', () => {
  it('is ready once the keys of every registration are at hand', async () => {
    const { api } = setUp(severalAuthorities)
    expect(api.health()).toMatchObject({ ready: false, cachedTokens: 0 })
    await api.warmUp()
    const { ready, issuers } = api.health()
    expect(ready).toBe(true)
    expect(issuers.map(({ issuer }) => issuer)).toContain(generic)
  })

  it('is not ready while an authority has no keys to give, and the wait says so', async () => {
    const { api, authority } = setUp()
    authority.weather = down
    await expect(api.warmUp()).rejects.toMatchObject({ code: 'authority_unavailable' })
    expect(api.health().ready).toBe(false)
    expect(api.health().issuers[0]?.lastFailure).toContain('login.microsoftonline.com')
  })
})

describe('protected-resource metadata', () => {
  const resource = {
    identifier: 'https://api.contoso.com/mcp',
    scopes: [`api://${clientId}/access_as_user`],
    name: 'To Do',
    documentation: 'https://contoso.com/docs#api',
  }

  it('says where to sign in and what to ask for', () => {
    const { api } = setUp({ ...severalAuthorities, resource })
    expect(api.resourceMetadata()).toEqual({
      resource: 'https://api.contoso.com/mcp',
      authorization_servers: [
        `https://login.microsoftonline.com/${tenantId}/v2.0`,
        `https://login.microsoftonline.com/${otherTenantId}/v2.0`,
        generic,
      ],
      scopes_supported: [`api://${clientId}/access_as_user`],
      bearer_methods_supported: ['header'],
      resource_name: 'To Do',
      resource_documentation: 'https://contoso.com/docs#api',
    })
  })

  it('names the resource exactly as it was written, since clients and Entra compare every byte', () => {
    for (const identifier of [
      'https://api.contoso.com',
      'https://api.contoso.com/',
      'https://API.contoso.com/a/',
    ])
      expect(setUp({ resource: { identifier } }).api.resourceMetadata()?.resource).toBe(identifier)
  })

  it('names the address below which the metadata is where there is no exact issuer', () => {
    const { api } = setUp({ tenantId: 'organizations', allowedTenants: null, resource })
    expect(api.resourceMetadata()?.authorization_servers).toEqual([
      'https://login.microsoftonline.com/organizations/v2.0',
    ])
  })

  it('names the issuer, wherever its metadata are', () => {
    const issuer = 'https://login.contoso.example/'
    const authority = {
      issuer,
      metadataUrl: 'https://keys.contoso.example/a/.well-known/openid-configuration',
    }
    const api = createWebApi({ authority, clientId, audience: 'api', resource })
    expect(api.resourceMetadata()?.authorization_servers).toEqual([issuer])
  })

  it('leaves out what there is nothing to say about, and is absent without the option', () => {
    const { api } = setUp({ resource: { identifier: 'https://api.contoso.com' } })
    expect(Object.keys(api.resourceMetadata() ?? {})).toEqual([
      'resource',
      'authorization_servers',
      'bearer_methods_supported',
    ])
    expect(setUp().api.resourceMetadata()).toBeUndefined()
  })

  const challengeOf = (error: BearerError): string => render(error)?.headers['www-authenticate'] ?? ''

  it('is announced by every challenge', async () => {
    const { api } = setUp({ resource })
    const announced = 'resource_metadata="https://api.contoso.com/.well-known/oauth-protected-resource/mcp"'
    const anonymous = api.authenticate({ header: () => undefined, method: 'GET', url: '/' })
    expect(challengeOf(await refusalOf(anonymous))).toContain(announced)
    expect(challengeOf(await refusalOf(present(api, 'garbage')))).toContain(announced)
    const expired = present(api, sign(userClaims({ exp: nowSeconds - 4_000 })))
    expect(challengeOf(await refusalOf(expired))).toContain(announced)
  })

  it('makes a challenge name the scope as the authority is asked for it', async () => {
    const { api } = setUp({ resource })
    const token = sign(userClaims({ scp: 'other' }))
    const refusal = await refusalOf(present(api, token, { scopes: ['access_as_user', 'elsewhere'] }))
    expect(challengeOf(refusal)).toContain(`scope="api://${clientId}/access_as_user elsewhere"`)
  })
})

describe('explainToken', () => {
  it('says why a token is refused, and what the likely mistake is', async () => {
    const { verdict, checks } = await explainToken(setUp().api, sign(v1Claims({ aud: 'api://todo' })))
    expect(verdict).toBe('refused')
    expect(checks.filter((check) => check.verdict === 'failed')).toEqual([
      expect.objectContaining({ name: 'audience', actual: 'api://todo' }),
    ])
  })

  it('measures the requirements of the whole API as well as the route’s', async () => {
    const { api } = setUp({ requirements: { refuseGuests: true } })
    const guest = sign(userClaims({ acct: 1 }))
    const { verdict, checks } = await explainToken(api, guest, { scopes: ['access_as_user'] })
    expect(verdict).toBe('refused')
    const failed = checks.filter((check) => check.verdict === 'failed')
    expect(failed.map(({ name }) => name)).toEqual(['guests'])
  })

  it('shows neither the token nor who the person is', async () => {
    const token = sign(userClaims())
    const text = JSON.stringify(await explainToken(setUp().api, token))
    for (const secret of [...token.split('.'), userId, 'Ada Lovelace', 'ada@contoso.com'])
      expect(text).not.toContain(secret)
  })

  it('tells of a token of no kind that much, and does not guess what its holder lacks', async () => {
    const idToken = sign(userClaims({ azp: undefined, scp: undefined, nonce: 'n' }))
    const { checks } = await explainToken(setUp().api, idToken, { scopes: ['access_as_user'] })
    const verdictOf = (name: string): string | undefined =>
      checks.find((check) => check.name === name)?.verdict
    expect([verdictOf('id_token'), verdictOf('token_kind')]).toEqual(['failed', 'not_reached'])
    expect([verdictOf('scopes'), verdictOf('caller')]).toEqual(['not_reached', 'not_reached'])
  })

  it('contradicts itself in no row that passed', async () => {
    const requirements = { scopes: ['access_as_user'], refuseGuests: true, groups: ['g1'] }
    const { checks } = await explainToken(setUp().api, sign(userClaims({ groups: ['g1'] })), requirements)
    const actual = Object.fromEntries(checks.map((check) => [check.name, check.actual]))
    expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
    expect(actual).toMatchObject({
      foreign_nonce: 'none',
      client: callerId,
      permissions: 'access_as_user',
      object_id: 'a GUID',
      guests: 'a member',
      roles: 'none',
      groups: 'one of them',
    })
  })

  it('refuses an API that createWebApi did not make', () => {
    const { api } = setUp()
    expect(() => explainToken({ ...api }, 'x')).toThrow(ConfigurationError)
  })
})
