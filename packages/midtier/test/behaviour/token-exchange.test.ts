import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTokenRequests,
  type AcquireOptions,
  type CallerFacts,
} from '../../src/acquire/request/requests.ts'
import { createMemoryTokens, createTokenSource } from '../../src/acquire/create-token-source.ts'
import { createOpenIdAuthority } from '../../src/authority/authority.ts'
import { clientSecret } from '../../src/client-auth/secret.ts'
import { discoverTokenEndpoint } from '../../src/grants/token-endpoint/discover-token-endpoint.ts'
import { tokenExchangeProfiles, type TokenExchangeProfile } from '../../src/grants/token-exchange-profiles.ts'
import { systemClock } from '../../src/kernel/time/clock.ts'
import {
  AcquisitionError,
  InteractionRequiredError,
  TokenRequestError,
} from '../../src/kernel/errors/errors.ts'
import { createCallContext, type ObservedEvent } from '../../src/kernel/observer.ts'
import { Redacted } from '../../src/kernel/redacted.ts'
import {
  middleTier,
  middleTierUrl,
  startForeignAuthority,
  todoUrl,
  type ForeignAuthority,
} from './foreign-authority.ts'
import { memoryBounds, requestLimits } from '../acquire/limits.ts'

let authority: ForeignAuthority

beforeAll(async () => {
  authority = await startForeignAuthority()
})
afterAll(() => {
  authority.stop()
})

/** A middle tier that trusts the authority, on the same path as one that trusts Entra. */
function createMiddleTier(
  profile: TokenExchangeProfile = tokenExchangeProfiles.rfc8693,
  secret: string = middleTier.secret,
) {
  const events: ObservedEvent[] = []
  const nowMs = () => systemClock.nowMs()
  const context = createCallContext((event) => events.push(event), nowMs, undefined)
  const openId = createOpenIdAuthority({ issuer: authority.issuer })
  const shared = { clientId: middleTier.clientId, clientCapabilities: [], tokenExchange: profile }
  const requests = createTokenRequests({
    ...shared,
    authority: openId,
    tenantId: '',
  })
  const ports = { fetch, clock: systemClock }
  const source = createTokenSource(
    {
      ...shared,
      ...requestLimits(),
      clientCredential: clientSecret(secret),
      tokenEndpoint: discoverTokenEndpoint(openId.issuers[0], ports),
    },
    { ...ports, l1: createMemoryTokens(systemClock, memoryBounds) },
  )
  const acquire = async (token: string, options: Partial<AcquireOptions> = {}) =>
    source.acquire(
      requests.onBehalfOf(callerOf(token), { audience: todoUrl, scopes: ['read'], ...options }, context),
    )
  return { acquire, events }
}

function callerOf(token: string): CallerFacts {
  const { sub = '', iss = '', exp = 0, client_id: clientId } = decodeJwt<{ client_id: string }>(token)
  return {
    principal: {
      kind: 'user',
      agent: undefined,
      tenantId: '',
      objectId: undefined,
      subject: sub,
      clientId,
      scopes: ['access'],
      roles: [],
      issuer: iss,
      version: '2.0',
      expiresAtMs: exp * 1000,
      claims: {},
    },
    assertion: { token: new Redacted(token), digest: createHash('sha256').update(token).digest('base64url') },
    account: undefined,
  }
}

describe('a token exchange at an authority that is not Entra', () => {
  it("gives a token for the next API with the caller's subject, and our client as its holder", async () => {
    const { acquire } = createMiddleTier()
    const token = await acquire(await authority.signIn('alice'))
    expect(await authority.validate(token.accessToken, todoUrl)).toMatchObject({
      sub: 'alice',
      client_id: middleTier.clientId,
      scope: 'read',
    })
    expect(token.scopes).toEqual(['read'])
  })

  it('sends what RFC 8693 asks for, and the secret in the header', async () => {
    const { acquire } = createMiddleTier()
    const incoming = await authority.signIn('alice')
    await acquire(incoming, { scopes: ['write', 'read'] })
    const { authorization, parameters } = authority.exchanges.at(-1)!
    expect(parameters).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: incoming,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: todoUrl,
      scope: 'read write',
    })
    expect(authorization).toMatch(/^Basic /)
  })

  it('names the API by its URL where the profile says so', async () => {
    const { acquire } = createMiddleTier({ ...tokenExchangeProfiles.rfc8693, target: 'resource' })
    await acquire(await authority.signIn('alice'))
    const { parameters } = authority.exchanges.at(-1)!
    expect([parameters['resource'], parameters['audience']]).toEqual([todoUrl, undefined])
  })

  it('makes one exchange for many requests of a caller, and keeps callers and APIs apart', async () => {
    const { acquire, events } = createMiddleTier()
    const [alice, bob] = [await authority.signIn('alice'), await authority.signIn('bob')]
    const before = authority.exchanges.length
    const tokens = await Promise.all(
      Array.from({ length: 40 }, (_, index) => acquire(index % 2 ? alice : bob)),
    )
    expect(authority.exchanges.length - before).toBe(2)
    for (const [index, token] of tokens.entries())
      expect(decodeJwt(token.accessToken).sub).toBe(index % 2 ? 'alice' : 'bob')
    expect((await acquire(alice)).origin).toBe('l1')
    const other = await acquire(alice, { audience: middleTierUrl, scopes: [] })
    expect(decodeJwt(other.accessToken).aud).toBe(middleTierUrl)
    expect(JSON.stringify(events)).not.toMatch(/eyJ|a-secret/)
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'token_acquired', grant: 'token_exchange' }),
    )
  })

  it('asks the person to sign in again when the session has ended', async () => {
    const { acquire } = createMiddleTier()
    const incoming = await authority.signIn('carol')
    authority.signOut('carol')
    const failure = acquire(incoming)
    await expect(failure).rejects.toBeInstanceOf(InteractionRequiredError)
    await expect(failure).rejects.toMatchObject({
      reason: 'sign_in_required',
      facts: { error: 'invalid_grant' },
    })
  })

  it.each([
    ['an API that the authority does not know', { audience: 'https://nowhere.example' }, 'invalid_target'],
    ['a scope that the API does not have', { scopes: ['delete'] }, 'invalid_scope'],
  ])('blames nobody but us for %s', async (_name, options, error) => {
    const { acquire } = createMiddleTier()
    const failure = acquire(await authority.signIn('alice'), options)
    await expect(failure).rejects.toMatchObject({ code: 'token_request_refused', facts: { error } })
  })

  it('blames nobody but us for a wrong secret, and does not tell it', async () => {
    const { acquire } = createMiddleTier(tokenExchangeProfiles.rfc8693, 'another-secret')
    const failure: unknown = await acquire(await authority.signIn('alice')).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TokenRequestError)
    expect(failure).toMatchObject({ facts: { error: 'invalid_client' } })
    expect(JSON.stringify(failure)).not.toContain('another-secret')
  })

  it('is not begun without the name of an API', async () => {
    const { acquire } = createMiddleTier()
    const incoming = await authority.signIn('alice')
    const before = authority.exchanges.length
    const options = { scopes: [], audience: undefined } as unknown as AcquireOptions
    await expect(acquire(incoming, options)).rejects.toBeInstanceOf(AcquisitionError)
    expect(authority.exchanges).toHaveLength(before)
  })
})
