// Who is known at once, and who is asked: what an adapter is given for a request.
import { describe, expect, it, vi } from 'vitest'
import {
  BearerError,
  clientSecret,
  createWebApi,
  type Caller,
  type ObserverEvent,
  type WebApi,
} from '../../src/index.ts'
import { admit, measure } from '../../src/web-api/admit.ts'
import type { IncomingRequest } from '../../src/web-api/incoming-request.ts'
import { createClock, createFakeAuthority, serveEntra } from '../authority/fake-authority.ts'
import { clientId, createSigner, signToken, tenantId, userClaims } from '../jwt/token-builder.ts'

const signer = createSigner('key-1')

function createApi(): WebApi {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  const clientCredential = clientSecret('s3cret')
  return createWebApi({ tenantId, clientId, clientCredential, fetch: authority.fetch, clock: createClock() })
}

const requestWith = (authorization: string | readonly string[] | undefined): IncomingRequest => ({
  header: (name) => (name === 'authorization' ? authorization : undefined),
  method: 'GET',
  url: '/',
})

const known = requestWith(`Bearer ${signToken({ claims: userClaims(), signer })}`)

/** An API that has validated the token twice, and remembers it. */
async function createRemembering(): Promise<WebApi> {
  const api = createApi()
  for (let use = 0; use < 2; use++) await api.authenticate(known)
  return api
}

describe('whose token is remembered', () => {
  it('is admitted at once', async () => {
    const caller = admit(await createRemembering(), known, { scopes: ['access_as_user'] })
    expect(caller).not.toHaveProperty('then')
    expect(caller).toMatchObject({ principal: { kind: 'user', tenantId } })
  })

  it('is refused by a promise where the route demands more', async () => {
    const refused = admit(await createRemembering(), known, { scopes: ['other'] })
    await expect(refused).rejects.toMatchObject({ status: 403, error: 'insufficient_scope' })
  })

  it('is waited for where a check of the API’s own is asked', async () => {
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    const api = createWebApi({
      tenantId,
      clientId,
      fetch: authority.fetch,
      clock: createClock(),
      requirements: { check: () => Promise.resolve(true) },
    })
    for (let use = 0; use < 2; use++) await api.authenticate(known)
    expect(admit(api, known, undefined)).toBeInstanceOf(Promise)
  })
})

it.each([
  ['no token', undefined],
  ['a token that is none', 'Bearer x'],
  ['two fields', ['Bearer x', 'Bearer y']],
])('nothing is thrown at an adapter for %s: its promise rejects', async (_, field) => {
  await expect(admit(createApi(), requestWith(field), undefined)).rejects.toBeInstanceOf(BearerError)
})

describe('an authenticate that somebody put in the place of the real one', () => {
  const refusal = new BearerError({ status: 401, reason: 'own', description: 'Not today' })
  const refuse = (): Promise<Caller> => Promise.reject(refusal)

  it.each<[string, (api: WebApi) => WebApi]>([
    ['in the API itself', (api) => Object.assign(api, { authenticate: refuse })],
    ['in a copy', (api) => ({ ...api, authenticate: refuse })],
    ['in what inherits from it', (api) => Object.create(api, { authenticate: { value: refuse } }) as WebApi],
    [
      'by a spy',
      (api) => {
        vi.spyOn(api, 'authenticate').mockImplementation(refuse)
        return api
      },
    ],
  ])('is asked: %s', async (_, wrap) => {
    const wrapped = wrap(await createRemembering())
    await expect(admit(wrapped, known, undefined)).rejects.toBe(refusal)
  })

  it('has what it throws as the reason of a promise', async () => {
    const thrown = new TypeError('at once')
    const api = Object.assign(createApi(), {
      authenticate: () => {
        throw thrown
      },
    })
    await expect(admit(api, known, undefined)).rejects.toBe(thrown)
  })
})

describe('whoever was let in, measured by what one more place demands', () => {
  const seen = async (): Promise<[WebApi, ObserverEvent[]]> => {
    const authority = createFakeAuthority()
    serveEntra(authority, [signer])
    const events: ObserverEvent[] = []
    const observer = (event: ObserverEvent): unknown => events.push(event)
    const api = createWebApi({
      tenantId,
      clientId,
      fetch: authority.fetch,
      clock: createClock(),
      observer,
      logger: false,
    })
    await api.warmUp()
    return [api, events]
  }
  const told = (events: readonly ObserverEvent[]): string[] =>
    events.map(({ type }) => type).filter((type) => type.startsWith('token_'))

  it('is the same caller, and told to the observer once', async () => {
    const [api, events] = await seen()
    const caller = await api.authenticate(known)
    expect(await measure(api, caller, known, { scopes: ['access_as_user'] })).toBe(caller)
    expect(told(events)).toEqual(['token_validated'])
  })

  it('is refused as at the door, and told so', async () => {
    const [api, events] = await seen()
    const caller = await api.authenticate(known)
    const refused = measure(api, caller, known, { scopes: ['other'] })
    await expect(refused).rejects.toMatchObject({ status: 403, error: 'insufficient_scope' })
    expect(told(events)).toEqual(['token_validated', 'token_refused'])
  })

  it('is authenticated once more where a check of the API’s own is asked', async () => {
    const [api] = await seen()
    const caller = await api.authenticate(known)
    const check = vi.fn(() => false)
    await expect(measure(api, caller, known, { check })).rejects.toMatchObject({ reason: 'own_check' })
    expect(check).toHaveBeenCalledOnce()
  })

  it('is asked of the wrapper where the authenticate of an API was wrapped', async () => {
    const [api] = await seen()
    const caller = await api.authenticate(known)
    const authenticate = vi.fn(() => Promise.resolve(caller))
    expect(await measure({ ...api, authenticate }, caller, known, { scopes: ['other'] })).toBe(caller)
    expect(authenticate).toHaveBeenCalledWith(known, { scopes: ['other'] })
  })
})
