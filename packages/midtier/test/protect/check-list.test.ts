// What each row of the check list stops by itself: attacks that another row would also notice, or that need odd circumstances.
import { describe, expect, it } from 'vitest'
import { createAuthority, createOpenIdAuthority } from '../../src/authority/authority.ts'
import { defaultSigningKeysSettings } from '../settings/default-settings.ts'
import { AuthorityUnavailableError } from '../../src/kernel/errors/errors.ts'
import { serveEntra, type FakeAuthority } from '../authority/fake-authority.ts'
import {
  callerId,
  clientId,
  createSigner,
  nowSeconds,
  otherTenantId,
  signToken,
  tenantId,
  userClaims,
} from '../jwt/token-builder.ts'
import { quote } from '../../src/protect/checks/check.ts'
import { createGate, refusalOf, registration, remember, signer } from './gate.ts'

const genuine = signToken({ claims: userClaims(), signer })
const other = createSigner('key-2')
const host = 'https://login.microsoftonline.com'

function publish(authority: FakeAuthority, keys: readonly unknown[]): void {
  authority.serve(`${host}/${tenantId}/discovery/v2.0/keys`, { keys })
}

describe('the algorithm of a token', () => {
  it('has to be the one that its key is for, even when the other one is allowed too', async () => {
    const { validator } = createGate({
      signingKeys: { ...defaultSigningKeysSettings, algorithms: ['RS256', 'PS256'] },
    })
    const token = signToken({ claims: userClaims(), signer: { ...signer, algorithm: 'PS256' } })
    expect(await refusalOf(validator, token)).toMatchObject({ reason: 'key_algorithm', status: 401 })
    expect((await validator.validate(genuine)).principal.kind).toBe('user')
  })

  it.each(['rs256', 'Rs256', 'RS256 ', 'nOnE'])('is compared with its case: %j', async (alg) => {
    const token = signToken({ header: { alg }, claims: userClaims(), signer })
    expect(await refusalOf(createGate().validator, token)).toMatchObject({ reason: 'algorithm' })
  })
})

describe('a published key', () => {
  it('that shares its kid with another one signs nothing, in whichever order they come', async () => {
    const pair = [signer.jwk(), other.jwk({ kid: signer.kid })]
    for (const keys of [pair, pair.toReversed()]) {
      const { validator, authority } = createGate()
      publish(authority, [...keys, other.jwk()])
      expect(await refusalOf(validator, genuine)).toMatchObject({ reason: 'key_known' })
    }
  })

  it('of another cloud signs nothing, though it stands in our cloud’s document', async () => {
    const { validator, authority } = createGate()
    publish(authority, [signer.jwk({ cloud_instance_name: 'microsoftonline.us' }), other.jwk()])
    expect(await refusalOf(validator, genuine)).toMatchObject({ reason: 'key_known' })
  })

  it('is honoured for 36 hours without news of it, and then it is a 503', async () => {
    const { validator, authority, clock } = createGate()
    const token = signToken({ claims: userClaims({ exp: nowSeconds + 40 * 3600 }), signer })
    await validator.validate(token)
    authority.weather = () => new Response('', { status: 500 })
    clock.advanceSeconds(36 * 3600 - 1)
    expect((await validator.validate(token)).principal.kind).toBe('user')
    clock.advanceSeconds(1)
    await expect(async () => validator.validate(token)).rejects.toThrow(AuthorityUnavailableError)
  })
})

describe('the issuer of a token', () => {
  it.each([
    `${host}/${tenantId}/v2.0/`,
    `${host}/${tenantId}/v2.0/x`,
    `${host}/${tenantId}`,
    `${host}/${tenantId.toUpperCase()}/V2.0`,
    `https://LOGIN.microsoftonline.com/${tenantId}/v2.0`,
    `${host}.evil.example/${tenantId}/v2.0`,
    `${host}/{tenantid}/v2.0`,
  ])('is compared whole: %s', async (iss) => {
    const { validator, authority } = createGate()
    expect(await refusalOf(validator, signToken({ claims: userClaims({ iss }), signer }))).toMatchObject({
      reason: 'issuer',
    })
    expect(authority.requests).toEqual([])
  })

  it('has to be the one of its tenant, where every tenant may call', async () => {
    const { validator, authority } = createGate({
      registrations: [{ ...registration, authority: createAuthority({ tenantId: 'organizations' }) }],
    })
    serveEntra(authority, [signer], { segment: 'organizations' })
    const iss = `${host}/${otherTenantId}/v2.0`
    expect(await refusalOf(validator, signToken({ claims: userClaims({ iss }), signer }))).toMatchObject({
      reason: 'issuer',
    })
  })
})

describe('the audience of a token', () => {
  it('of version 2.0 is the client id, never api://{client id}', async () => {
    const token = signToken({ claims: userClaims({ aud: `api://${clientId}` }), signer })
    expect(await refusalOf(createGate().validator, token)).toMatchObject({ reason: 'audience' })
  })
})

describe('a remembered token', () => {
  it('is refused when the clock was set back to before it is valid', async () => {
    const { validator, clock } = createGate()
    await remember({ validator }, genuine)
    clock.advanceSeconds(-361)
    expect(await refusalOf(validator, genuine)).toMatchObject({ reason: 'not_yet_valid' })
    expect(validator.health().cachedTokens).toBe(0)
  })

  it('is refused, too, when the clock was set back by less than its key is old, so that it is still remembered', async () => {
    const { validator, clock, authority } = createGate()
    await validator.validate(genuine) // the keys are fetched
    clock.advanceSeconds(1200)
    const issued = nowSeconds + 1200
    const claims = userClaims({ iat: issued, nbf: issued, exp: issued + 3600, uti: 'late' })
    const late = signToken({ claims, signer })
    await remember({ validator }, late)
    const asked = authority.requests.length
    clock.advanceSeconds(-600)
    expect(await refusalOf(validator, late)).toMatchObject({ reason: 'not_yet_valid' })
    expect(validator.health().cachedTokens).toBe(0)
    expect(authority.requests).toHaveLength(asked)
  })
})

describe('a list of clients', () => {
  it('refuses a token that names no client at all', async () => {
    const issuer = 'https://id.example'
    const { validator, authority } = createGate({
      registrations: [{ ...registration, authority: createOpenIdAuthority({ issuer }) }],
    })
    authority.serve(`${issuer}/.well-known/openid-configuration`, { issuer, jwks_uri: `${issuer}/keys` })
    authority.serve(`${issuer}/keys`, { keys: [signer.jwk()] })
    const claims = { iss: issuer, aud: clientId, sub: 'ada', scope: 'read', exp: nowSeconds + 60 }
    const token = signToken({ claims, signer })
    expect((await validator.validate(token)).principal.clientId).toBeUndefined()
    expect(await refusalOf(validator, token, { allowedClients: [callerId] })).toMatchObject({
      reason: 'clients',
    })
  })
})

describe('a value in a refusal', () => {
  it('is told by its length where it is too long to be looked through', async () => {
    expect(quote('k'.repeat(2_048))).toBe(`${'k'.repeat(120)}…`)
    expect(quote('k'.repeat(2_049))).toBe('2049 characters')
    expect(quote({ a: 'k'.repeat(2_049) })).toBe('2057 characters')
    const token = signToken({ claims: userClaims(), signer: { ...signer, kid: 'k'.repeat(30_000) } })
    expect(await refusalOf(createGate().validator, token)).toMatchObject({ actual: '30000 characters' })
  })
})
