// The token gate as a whole: who gets in as whom, and what every refusal is called.
import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAuthority, createOpenIdAuthority } from '../../src/authority/authority.ts'
import { AuthorityUnavailableError, ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { defaultSigningKeysSettings } from '../settings/default-settings.ts'
import { down, serveEntra } from '../authority/fake-authority.ts'
import {
  appClaims,
  callerId,
  clientId,
  createSigner,
  hmacInput,
  nowSeconds,
  otherTenantId,
  segment,
  signInput,
  signToken,
  tenantId,
  userClaims,
  userId,
  v1Claims,
} from '../jwt/token-builder.ts'
import { BearerError } from '../../src/kernel/errors/errors.ts'
import type { Principal } from '../../src/protect/principal.ts'
import type { Requirements } from '../../src/protect/requirements/requirements.ts'
import type { Revocations } from '../../src/protect/revocations/revocations.ts'
import { createGate, refusalOf, registration, remember, signer, type TestGate } from './gate.ts'

const genuine = signToken({ claims: userClaims(), signer })
const another = signToken({ claims: userClaims({ uti: 'another' }), signer })

describe('a genuine token', () => {
  it('gives the user it was issued for', async () => {
    const { principal, assertion } = await createGate().validator.validate(genuine)
    expect(principal).toMatchObject({
      kind: 'user',
      tenantId,
      objectId: userId,
      clientId: callerId,
      scopes: ['access_as_user'],
      roles: [],
      version: '2.0',
      expiresAtMs: (nowSeconds + 4_200) * 1000,
    })
    expect(assertion.token.reveal()).toBe(genuine)
    expect(assertion.digest).toMatch(/^[\w-]{43}$/)
  })

  it('gives an application that calls by itself, never a user', async () => {
    const { principal } = await createGate().validator.validate(signToken({ claims: appClaims(), signer }))
    expect(principal).toMatchObject({
      kind: 'app',
      agent: undefined,
      scopes: [],
      roles: ['Todo.ReadWrite.All'],
    })
  })

  it.each(['/', '', ' / ', undefined])(
    'with a role is an application’s though its scp is %j',
    async (scp) => {
      const claims = appClaims({ idtyp: 'app', scp })
      const { principal } = await createGate().validator.validate(signToken({ claims, signer }))
      expect(principal).toMatchObject({ kind: 'app', scopes: [], roles: ['Todo.ReadWrite.All'] })
    },
  )

  it('has no permission by a scp that is none', async () => {
    const claims = userClaims({ scp: '/' })
    expect(await refusalOf(createGate().validator, signToken({ claims, signer }))).toMatchObject({
      reason: 'permissions',
    })
  })

  it('is no user’s by a scp that is none', async () => {
    const claims = userClaims({ idtyp: 'user', scp: '/', roles: ['Admin'] })
    expect(await refusalOf(createGate().validator, signToken({ claims, signer }))).toMatchObject({
      reason: 'token_kind',
      actual: 'idtyp user, scp without a scope',
    })
  })

  it('of version 1.0 is accepted for api://{client id} and for the client id', async () => {
    const { validator } = createGate()
    for (const aud of [`api://${clientId}`, clientId]) {
      const { principal } = await validator.validate(signToken({ claims: v1Claims({ aud }), signer }))
      expect(principal).toMatchObject({ kind: 'user', version: '1.0', clientId: callerId })
    }
  })

  it('is accepted for a configured audience', async () => {
    const { validator } = createGate({
      registrations: [{ ...registration, audiences: ['https://api.contoso.com'] }],
    })
    const token = signToken({ claims: v1Claims({ aud: 'https://api.contoso.com' }), signer })
    expect((await validator.validate(token)).principal.kind).toBe('user')
  })

  it('waits for revocations that have to be read, remembered or not', async () => {
    const check = (): Promise<never> =>
      Promise.reject(new BearerError({ status: 401, reason: 'revoked', description: 'revoked' }))
    const { validator } = createGate({}, { revocations: { check } as unknown as Revocations })
    const token = signToken({ claims: userClaims({ uti: 'revoked' }), signer })
    for (let use = 1; use <= 3; use += 1)
      expect(await refusalOf(validator, token)).toMatchObject({ reason: 'revoked' })
  })

  it('is refused when it was revoked while the check of the API itself was waited for', async () => {
    let isRevoked = false
    const check = (): Promise<never> | undefined =>
      isRevoked
        ? Promise.reject(new BearerError({ status: 401, reason: 'revoked', description: 'revoked' }))
        : undefined
    const { validator } = createGate({}, { revocations: { check } as unknown as Revocations })
    const token = signToken({ claims: userClaims({ uti: 'revoked meanwhile' }), signer })
    for (let use = 1; use <= 3; use += 1) {
      isRevoked = false
      const requirements: Requirements = {
        check: async () => {
          await new Promise((resolve) => setImmediate(resolve))
          return (isRevoked = true)
        },
      }
      expect(await refusalOf(validator, token, requirements)).toMatchObject({ reason: 'revoked' })
    }
  })

  it('belongs to the registration of its audience, of several at one authority', async () => {
    const registrations = [clientId, callerId].map((each) => ({ ...registration, clientId: each }))
    const { validator } = createGate({ registrations: registrations })
    for (const own of registrations) {
      const token = signToken({ claims: userClaims({ aud: own.clientId }), signer })
      expect((await validator.validate(token)).registration).toBe(own)
    }
    const token = signToken({ claims: userClaims({ aud: 'another' }), signer })
    expect(await refusalOf(validator, token)).toMatchObject({ reason: 'audience' })
  })

  it('is accepted for any API where the owner says so', async () => {
    const { validator } = createGate({ registrations: [{ ...registration, audiences: null }] })
    for (const claims of [userClaims, v1Claims]) {
      const token = signToken({ claims: claims({ aud: 'https://any.example' }), signer })
      expect((await validator.validate(token)).principal.kind).toBe('user')
    }
  })

  it('is answered without a promise once it is remembered', async () => {
    const gate = createGate()
    const token = signToken({ claims: userClaims({ uti: 'remembered' }), signer })
    await remember(gate, token)
    expect(gate.validator.validate(token)).not.toBeInstanceOf(Promise)
  })

  it('leaves claims that cannot be changed and inherit nothing', async () => {
    const { principal } = await createGate().validator.validate(
      signToken({ claims: appClaims({ a: { b: [{}] } }), signer }),
    )
    for (const name of Object.getOwnPropertyNames(Object.prototype))
      expect(name in principal.claims, name).toBe(false)
    expect(Object.isFrozen(principal.claims)).toBe(true)
    expect(Object.isFrozen(Object.getPrototypeOf(principal.claims))).toBe(true)
    expect(() => (principal.roles as string[]).push('Admin')).toThrow(TypeError)
    expect(() => Object.assign(principal.claims['a'] as object, { b: 1 })).toThrow(TypeError)
  })

  it('is told to the observer without the token and with the claims that say who called', async () => {
    const { validator, events } = createGate()
    for (let use = 1; use <= 3; use++) await validator.validate(genuine)
    const validated = events.filter((event) => event.type === 'token_validated')
    expect(validated.map((event) => event.fromCache)).toEqual([false, false, true])
    expect(validated[0]?.claims).toMatchObject({
      oid: userId,
      tid: tenantId,
      azp: callerId,
      scp: 'access_as_user',
    })
    expect(validated[0]?.claims).not.toHaveProperty('sub')
    expect(JSON.stringify(events)).not.toContain(genuine.slice(-40))
  })
})

describe('a token is refused', () => {
  const stranger = createSigner('key-1')
  const cases: readonly [string, string, () => string][] = [
    [
      'whose signature is somebody else’s',
      'signature',
      () => signToken({ claims: userClaims(), signer: stranger }),
    ],
    ['whose claims were changed', 'signature', () => replaceClaims(genuine, userClaims({ scp: 'admin' }))],
    ['without a signature', 'unsigned', () => `${genuine.split('.', 2).join('.')}.`],
    [
      'with alg none',
      'algorithm',
      () => signToken({ header: { alg: 'none' }, claims: userClaims(), signer }),
    ],
    ['with an HMAC made with the public key', 'algorithm', hmacToken],
    [
      'with another algorithm than the key’s',
      'algorithm',
      () => signToken({ header: { alg: 'RS512' }, claims: userClaims(), signer }),
    ],
    [
      'with crit',
      'critical_headers',
      () => signToken({ header: { crit: ['exp'] }, claims: userClaims(), signer }),
    ],
    [
      'with b64',
      'critical_headers',
      () => signToken({ header: { b64: false }, claims: userClaims(), signer }),
    ],
    ['without kid', 'key_id', () => signToken({ header: { kid: undefined }, claims: userClaims(), signer })],
    [
      'with an unknown kid and its own key',
      'key_known',
      () =>
        signToken({ header: { kid: 'mine', jwk: stranger.jwk() }, claims: userClaims(), signer: stranger }),
    ],
    [
      'of another type',
      'token_type',
      () => signToken({ header: { typ: 'logout+jwt' }, claims: userClaims(), signer }),
    ],
    [
      'meant for Microsoft Graph',
      'foreign_nonce',
      () => signToken({ header: { nonce: 'x' }, claims: userClaims(), signer }),
    ],
    [
      'whose claims have odd types',
      'claim_types',
      () => signToken({ claims: userClaims({ exp: '9e9' }), signer }),
    ],
    [
      'with TID beside tid',
      'lookalike_claims',
      () => signToken({ claims: userClaims({ TID: otherTenantId }), signer }),
    ],
    ['without tid', 'tenant_id', () => signToken({ claims: { ...userClaims(), tid: undefined }, signer })],
    ['of another tenant', 'issuer', () => signToken({ claims: userClaims({ tid: otherTenantId }), signer })],
    [
      'whose tenant and issuer disagree',
      'issuer',
      () => signToken({ claims: userClaims({ tid: otherTenantId, iss: userClaims()['iss'] }), signer }),
    ],
    [
      'of another cloud',
      'issuer',
      () =>
        signToken({
          claims: userClaims({ iss: `https://login.microsoftonline.us/${tenantId}/v2.0` }),
          signer,
        }),
    ],
    [
      'whose version is not its issuer’s',
      'version',
      () => signToken({ claims: userClaims({ ver: '1.0' }), signer }),
    ],
    [
      'issued for another API',
      'audience',
      () => signToken({ claims: userClaims({ aud: callerId }), signer }),
    ],
    [
      'whose audience only begins with ours',
      'audience',
      () => signToken({ claims: userClaims({ aud: `${clientId}/x` }), signer }),
    ],
    ['without exp', 'lifetime', () => signToken({ claims: userClaims({ exp: undefined }), signer })],
    ['without nbf', 'lifetime', () => signToken({ claims: userClaims({ nbf: undefined }), signer })],
    [
      'that is expired',
      'expired',
      () => signToken({ claims: userClaims({ exp: nowSeconds - 300 }), signer }),
    ],
    [
      'that is not valid yet',
      'not_yet_valid',
      () => signToken({ claims: userClaims({ nbf: nowSeconds + 301 }), signer }),
    ],
    [
      'issued in the future',
      'issued_in_future',
      () => signToken({ claims: userClaims({ iat: nowSeconds + 301 }), signer }),
    ],
    ['that is an ID token', 'id_token', () => signToken({ claims: userClaims({ nonce: 'n' }), signer })],
    [
      'that is an ID token without nonce',
      'client',
      () => signToken({ claims: userClaims({ azp: undefined }), signer }),
    ],
    [
      'bound to a key',
      'bound_to_sender',
      () => signToken({ claims: userClaims({ cnf: { jkt: 'x' } }), signer }),
    ],
    [
      'with neither scp nor roles',
      'permissions',
      () => signToken({ claims: userClaims({ scp: undefined }), signer }),
    ],
    [
      'of a user with roles but no scp',
      'token_kind',
      () => signToken({ claims: userClaims({ scp: undefined, roles: ['A'] }), signer }),
    ],
    [
      'that says app and carries scp',
      'token_kind',
      () => signToken({ claims: userClaims({ idtyp: 'app' }), signer }),
    ],
    [
      'of a user whose oid is no GUID',
      'object_id',
      () => signToken({ claims: userClaims({ oid: 'a.b' }), signer }),
    ],
  ]

  it.each(cases)('%s (%s)', async (_what, reason, token) => {
    const refusal = await refusalOf(createGate().validator, token())
    expect(refusal).toMatchObject({ reason, status: 401, error: 'invalid_token' })
  })

  it('that is too long, with a 400 and before anything else is done', async () => {
    const { validator, authority } = createGate({ maxTokenLength: 1_000 })
    expect(await refusalOf(validator, genuine)).toMatchObject({
      reason: 'size',
      status: 400,
      error: 'invalid_request',
    })
    expect(authority.requests).toEqual([])
  })

  it('with five parts, saying that it is encrypted', async () => {
    expect(await refusalOf(createGate().validator, 'a.b.c.d.e')).toMatchObject({ reason: 'encrypted' })
  })

  it('without telling the caller anything that the token holds', async () => {
    const token = signToken({ claims: userClaims({ aud: 'https://secret.example' }), signer })
    const refusal = await refusalOf(createGate().validator, token)
    expect(refusal.description).not.toContain('secret.example')
    expect(refusal.actual).toBe('https://secret.example')
  })

  it('of an issuer nobody trusts without asking anybody', async () => {
    const { validator, authority } = createGate()
    await refusalOf(validator, signToken({ claims: userClaims({ tid: otherTenantId }), signer }))
    expect(authority.requests).toEqual([])
  })
})

describe('the clock tolerance', () => {
  it('is 300 seconds on both sides', async () => {
    const { validator } = createGate()
    const late = signToken({ claims: userClaims({ exp: nowSeconds - 299 }), signer })
    const early = signToken({ claims: userClaims({ nbf: nowSeconds + 300 }), signer })
    expect((await validator.validate(late)).principal.kind).toBe('user')
    expect((await validator.validate(early)).principal.kind).toBe('user')
  })
})

describe('the verified-token cache', () => {
  it('keeps a token from its second use, and answers from the third', async () => {
    const { validator, events } = createGate()
    for (const kept of [0, 1, 1]) {
      await validator.validate(genuine)
      expect(validator.health().cachedTokens).toBe(kept)
    }
    const validated = events.filter((event) => event.type === 'token_validated')
    expect(validated.map((event) => event.fromCache)).toEqual([false, false, true])
  })

  it('gives the same digest for a token at its first, second and third use', async () => {
    const { validator } = createGate()
    const digests = []
    for (let use = 1; use <= 3; use++) {
      const { assertion } = await validator.validate(genuine)
      digests.push(assertion.digest, assertion.digest)
    }
    expect(new Set(digests)).toEqual(new Set([createHash('sha256').update(genuine).digest('base64url')]))
  })

  it('keeps the claims of a token as text until somebody asks for them', async () => {
    const groups = Array.from({ length: 30 }, () => randomUUID())
    const claims = userClaims({ groups, name: 'Łukasz', acrs: ['c1'], nested: { a: [null, 1.5, '\u0001'] } })
    const token = signToken({ claims, signer })
    const { validator } = createGate()
    const seen: unknown[] = []
    const check = ({ claims }: Principal) => seen.push(claims) > 0
    await validator.validate(token)
    const { principal } = await validator.validate(token, { check, authenticationContext: 'c1' })
    expect(principal.claims).toEqual(seen[0])
    expect(principal.claims).not.toBe(seen[0]) // that was let go
    const again = await validator.validate(token, { check, caller: 'user', groups: [groups[29] ?? ''] })
    expect(again.principal).toBe(principal)
    expect(again.principal.claims).toBe(principal.claims)
    expect(JSON.stringify(principal.claims)).toBe(JSON.stringify(claims))
    expect(Object.isFrozen(principal.claims)).toBe(true)
  })

  it('loses no token to others that are used but once', async () => {
    // The doorkeeper may take one stranger in a hundred for known; ten of thirty it never does.
    const gate = createGate({ maxCachedTokens: 10 })
    await remember(gate, genuine)
    for (let index = 1; index <= 120; index++) {
      await gate.validator.validate(signToken({ claims: userClaims({ uti: `once ${index}` }), signer }))
      if (index % 30 !== 0) continue
      await gate.validator.validate(genuine)
      expect(gate.events.at(-1)).toMatchObject({ type: 'token_validated', fromCache: true })
    }
  })

  it('takes no note of a token that was refused', async () => {
    const { validator, events } = createGate()
    const forged = `${genuine.split('.', 2).join('.')}.${another.split('.')[2] ?? ''}`
    for (let use = 1; use <= 3; use++) await refusalOf(validator, forged)
    await validator.validate(another) // has the end that was refused
    await validator.validate(genuine)
    expect(validator.health().cachedTokens).toBe(0)
    expect(events.filter((event) => event.type === 'token_validated')).toHaveLength(2)
  })

  it('gives a token with the end of a remembered one nothing of it', async () => {
    const gate = createGate()
    await remember(gate, genuine)
    const [header = '', , signature = ''] = genuine.split('.')
    const claims = another.split('.')[1] ?? ''
    expect(await refusalOf(gate.validator, `${header}.${claims}.${signature}`)).toMatchObject({
      reason: 'signature',
    })
    expect(gate.validator.health().cachedTokens).toBe(1)
  })

  it('does not outlive the token', async () => {
    const { validator, clock } = createGate()
    await remember({ validator }, genuine)
    clock.advanceSeconds(4_200 + 300)
    expect(await refusalOf(validator, genuine)).toMatchObject({ reason: 'expired' })
    expect(validator.health().cachedTokens).toBe(0)
  })

  /** Lets what goes on behind the scenes come to its end. */
  async function refreshed(events: TestGate['events'], times: number): Promise<void> {
    while (events.filter(({ type }) => type === 'keys_refreshed').length < times)
      await new Promise((resolve) => setImmediate(resolve))
  }

  it('does not outlive the key that signed', async () => {
    const { validator, authority, events, clock } = createGate({
      signingKeys: { ...defaultSigningKeysSettings, refreshAfterMs: 600_000 },
    })
    await remember({ validator }, genuine)
    serveEntra(authority, [createSigner('key-2')])
    clock.advanceSeconds(601)
    await validator.validate(genuine) // answers from what it has, and looks behind the scenes
    await refreshed(events, 2)
    expect(await refusalOf(validator, genuine)).toMatchObject({ reason: 'key_known' })
  })

  it('survives a refresh that brings the same keys', async () => {
    const { validator, events, clock } = createGate({
      signingKeys: { ...defaultSigningKeysSettings, refreshAfterMs: 600_000 },
    })
    await remember({ validator }, genuine)
    clock.advanceSeconds(601)
    await validator.validate(genuine)
    await refreshed(events, 2)
    await validator.validate(genuine)
    expect(events.filter((event) => event.type === 'keys_refreshed')).toHaveLength(2)
    expect(events.at(-1)).toMatchObject({ type: 'token_validated', fromCache: true })
  })

  it('is bounded', async () => {
    const { validator } = createGate({ maxCachedTokens: 2 })
    const tokens = ['a', 'b', 'c'].map((uti) => signToken({ claims: userClaims({ uti }), signer }))
    for (const token of tokens) for (let use = 1; use <= 3; use++) await validator.validate(token)
    expect(validator.health().cachedTokens).toBe(2)
  })

  it('is off with a size of 0', async () => {
    const { validator, events } = createGate({ maxCachedTokens: 0 })
    for (let use = 1; use <= 4; use++) await validator.validate(genuine)
    expect(events.at(-1)).toMatchObject({ fromCache: false })
  })

  it('does not remember a requirement as met', async () => {
    const { validator } = createGate()
    await remember({ validator }, genuine)
    await validator.validate(genuine, { scopes: ['access_as_user'] })
    expect(await refusalOf(validator, genuine, { scopes: ['admin'] })).toMatchObject({
      status: 403,
      reason: 'scopes',
    })
  })
})

describe('an authority that is down', () => {
  it('without a key is a 503 with the time to wait, never a refusal', async () => {
    const { validator, authority } = createGate()
    authority.weather = down
    await expect(validator.validate(genuine)).rejects.toThrow(AuthorityUnavailableError)
    await expect(validator.warmUp()).rejects.toMatchObject({ retryAfterSeconds: 1 })
    expect(validator.health()).toMatchObject({ ready: false })
  })

  it('does not matter to tokens whose key is at hand', async () => {
    const { validator, authority } = createGate()
    await validator.warmUp()
    authority.weather = down
    expect((await validator.validate(genuine)).principal.kind).toBe('user')
  })
})

describe('a multi-tenant API', () => {
  const multiTenant = { ...registration, authority: createAuthority({ tenantId: 'organizations' }) }

  it('accepts a token of any work tenant when every tenant is let in', async () => {
    const { validator, authority } = createGate({ registrations: [multiTenant] })
    serveEntra(authority, [signer], { segment: 'organizations' })
    for (const tid of [tenantId, otherTenantId])
      expect(
        (await validator.validate(signToken({ claims: userClaims({ tid }), signer }))).principal.tenantId,
      ).toBe(tid)
  })

  it('refuses a tenant that is not on its list, and personal accounts', async () => {
    const { validator, authority } = createGate({
      registrations: [{ ...multiTenant, allowedTenants: [tenantId] }],
    })
    serveEntra(authority, [signer], { segment: 'organizations' })
    const foreign = signToken({ claims: userClaims({ tid: otherTenantId }), signer })
    expect(await refusalOf(validator, foreign)).toMatchObject({ reason: 'tenant_allowed', status: 401 })
    const everyTenant = createGate({ registrations: [multiTenant] })
    serveEntra(everyTenant.authority, [signer], { segment: 'organizations' })
    const personal = signToken({
      claims: userClaims({ tid: '9188040d-6c67-4c5b-b112-36a304b66dad' }),
      signer,
    })
    expect(await refusalOf(everyTenant.validator, personal)).toMatchObject({ reason: 'tenant_allowed' })
  })

  it('refuses a key that the authority limits to another tenant', async () => {
    const { validator, authority } = createGate({ registrations: [multiTenant] })
    const keyIssuer = `https://login.microsoftonline.com/${otherTenantId}/v2.0`
    serveEntra(authority, [signer], { segment: 'organizations', keyIssuer })
    expect(await refusalOf(validator, genuine)).toMatchObject({ reason: 'key_issuer' })
  })
})

describe('a tenant configured by its domain', () => {
  it('is the one that the metadata names, and no other', async () => {
    const authority = createAuthority({ tenantId: 'contoso.onmicrosoft.com' })
    const gate = createGate({ registrations: [{ ...registration, authority }] })
    serveEntra(gate.authority, [signer], { segment: 'contoso.onmicrosoft.com', tid: tenantId })
    expect((await gate.validator.validate(genuine)).principal.tenantId).toBe(tenantId)
    const foreign = signToken({ claims: userClaims({ tid: otherTenantId }), signer })
    expect(await refusalOf(gate.validator, foreign)).toMatchObject({ reason: 'issuer_of_metadata' })
  })
})

describe('several authorities', () => {
  const generic = createSigner('key-1')
  const issuer = 'https://id.example'
  const openId = { ...registration, clientId: 'todo-api', authority: createOpenIdAuthority({ issuer }) }
  const genericClaims = {
    iss: issuer,
    aud: 'todo-api',
    sub: 'ada',
    scope: 'read',
    client_id: 'spa',
    exp: nowSeconds + 60,
  }

  function createBoth(): ReturnType<typeof createGate> {
    const gate = createGate({ registrations: [registration, openId] })
    gate.authority.serve(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/keys` })
    gate.authority.serve(`${issuer}/keys`, { keys: [generic.jwk()] })
    return gate
  }

  it('are told apart by the issuer of the token', async () => {
    const { validator } = createBoth()
    expect((await validator.validate(genuine)).principal.tenantId).toBe(tenantId)
    const { principal } = await validator.validate(signToken({ claims: genericClaims, signer: generic }))
    expect(principal).toMatchObject({
      kind: 'user',
      subject: 'ada',
      scopes: ['read'],
      clientId: 'spa',
      tenantId: '',
    })
  })

  it('cannot sign for each other', async () => {
    const { validator } = createBoth()
    expect(await refusalOf(validator, signToken({ claims: genericClaims, signer }))).toMatchObject({
      reason: 'signature',
    })
    expect(await refusalOf(validator, signToken({ claims: userClaims(), signer: generic }))).toMatchObject({
      reason: 'signature',
    })
  })
})

describe('settings that cannot work', () => {
  it.each([
    ['registrations', { registrations: [] }],
    ['requirements.scopes', { requirements: { scopes: [] } }],
  ])('are refused at once: %s', (option, settings) => {
    expect(() => createGate(settings)).toThrow(expect.objectContaining({ option }) as ConfigurationError)
  })
})

function replaceClaims(token: string, claims: Record<string, unknown>): string {
  const [header, , signature] = token.split('.')
  return [header, segment(claims), signature].join('.')
}

function hmacToken(): string {
  const input = `${segment({ typ: 'JWT', alg: 'HS256', kid: signer.kid })}.${segment(userClaims())}`
  return `${input}.${hmacInput(input, JSON.stringify(signer.jwk()))}`
}

describe('a name given twice', () => {
  it('is refused even when the token is genuine', async () => {
    const claims = JSON.stringify(userClaims()).replace('{', `{"aud":"${callerId}",`)
    const input = `${segment({ typ: 'JWT', alg: 'RS256', kid: signer.kid })}.${segment(claims)}`
    const token = `${input}.${signInput(input, signer)}`
    expect(await refusalOf(createGate().validator, token)).toMatchObject({ reason: 'duplicate_name' })
  })
})
