// Two copies of the package in one process: what one of them throws is answered by the other as if it were its own.
import { describe, expect, it, vi } from 'vitest'
import * as ours from '../src/index.ts'
import type { AnyMidtierError, Caller } from '../src/index.ts'
import { createClock, createFakeAuthority, serveEntra } from './authority/fake-authority.ts'
import { clientId, createSigner, signToken, tenantId, userClaims } from './jwt/token-builder.ts'

vi.resetModules()
const theirs = await import('../src/index.ts')
const theirGraph = await import('../src/sdk/graph.ts')
const theirAzure = await import('../src/sdk/azure.ts')

const facts = {
  error: 'invalid_grant',
  errorNumbers: [50076],
  status: 400,
  scopes: ['User.Read'],
  claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
} as const

/** Every way in which a copy fails. */
function failures({
  AcquisitionError,
  AuthorityUnavailableError,
  BearerError,
  ConfigurationError,
  DownstreamError,
  InteractionRequiredError,
  TokenRequestError,
  TokenStoreError,
}: typeof ours): Readonly<Record<string, Error>> {
  return {
    ConfigurationError: new ConfigurationError('clientId', 'is missing'),
    BearerError: new BearerError({
      status: 401,
      error: 'invalid_token',
      reason: 'expired',
      description: 'Get a new token',
    }),
    TokenRequestError: new TokenRequestError('refused', facts),
    InteractionRequiredError: new InteractionRequiredError('refused', 'claims_required', facts),
    AcquisitionError: new AcquisitionError('app_only_caller', 'needs a user'),
    AuthorityUnavailableError: new AuthorityUnavailableError('down', 17),
    TokenStoreError: new TokenStoreError('get: down'),
    DownstreamError: new DownstreamError('graph', 'answered 404', 404),
  }
}

const isServerError = (status: number): boolean => status >= 500

async function callerOfOurs(): Promise<Caller> {
  const authority = createFakeAuthority()
  const signer = createSigner('entra-key')
  serveEntra(authority, [signer])
  const api = ours.createWebApi({ tenantId, clientId, fetch: authority.fetch, clock: createClock() })
  const token = signToken({ claims: userClaims(), signer })
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' })
}

const classes = Object.keys(ours).filter((name) => name.endsWith('Error') && name !== 'isMidtierError')
const own = failures(ours)

describe('two copies of the package', () => {
  it('are two: neither knows the classes of the other', () => {
    expect(theirs.MidtierError).not.toBe(ours.MidtierError)
    expect(own['BearerError']).not.toBeInstanceOf(theirs.MidtierError)
    expect(Object.keys(own).sort()).toEqual(classes.filter((name) => name !== 'MidtierError').sort())
  })

  it.each(Object.entries(own))('know and answer each other’s %s as their own', (_name, error) => {
    expect(theirs.isMidtierError(error)).toBe(true)
    expect(theirs.render(error)).toEqual(ours.render(error))
    expect(theirs.render(error)).toBeDefined()
  })

  it.each([undefined, null, 'text', new Error('x'), { code: 'bearer_refused', status: 401 }])(
    'take nothing else for one: %s',
    (value) => {
      expect(ours.isMidtierError(value)).toBe(false)
      expect(ours.render(value)).toBeUndefined()
    },
  )

  it('answer an error of another version, of which too little is known, as one that is theirs to fix', () => {
    const marked = (members: object): object =>
      Object.defineProperty(Object.assign(new Error('x'), members), Symbol.for('midtier.error'), {
        value: true,
      })
    const later = ours.render(marked({ code: 'of_a_later_version' }))
    expect(later).toMatchObject({ status: 500 })
    for (const code of Object.values(own).map((error) => (error as AnyMidtierError).code))
      expect(ours.render(marked({ code }))).toMatchObject({ status: expect.toSatisfy(isServerError) })
    expect(ours.render(marked({ code: 'authority_unavailable' }))?.headers['retry-after']).toBe('5')
    expect(ours.render(marked({ code: 'bearer_refused', status: 200 }))).toEqual(later)
  })

  it.each(['at once', 'later'])(
    'explain tokens for each other’s APIs that read their options %s',
    async (when) => {
      const authority = createFakeAuthority()
      const signer = createSigner('entra-key')
      serveEntra(authority, [signer])
      const options = { tenantId, clientId, fetch: authority.fetch, clock: createClock() }
      const api = ours.createWebApi(when === 'later' ? () => options : options)
      const token = signToken({ claims: userClaims(), signer })
      expect(await theirs.explainToken(api, token)).toMatchObject({ verdict: 'accepted' })
      expect(() => theirs.explainToken({} as ours.WebApi, token)).toThrow('is not a web API')
    },
  )

  it('make SDK clients for each other’s callers', async () => {
    const caller = await callerOfOurs()
    expect(() => theirGraph.graphAuthenticationProvider(caller)).not.toThrow()
    expect(() => theirAzure.tokenCredential(caller)).not.toThrow()
    expect(() => theirAzure.tokenCredential({} as unknown as Caller)).toThrow('is not a caller')
  })

  it('let out each other’s demand for the person as a challenge that knows its API', async () => {
    const caller = await callerOfOurs()
    const demand = failures(theirs)['InteractionRequiredError']
    const answer = ours.render(caller.relayed(demand))
    expect(answer?.headers['www-authenticate']).toContain(`client_id="${clientId}"`)
  })
})
