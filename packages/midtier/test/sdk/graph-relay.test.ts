// What becomes of an error of the Graph SDK: a caller to whom tokens are given as a test says, and refusals of any form.
import { describe, expect, it } from 'vitest'
import { AccessToken } from '../../src/acquire/token-source.ts'
import { graphAuthenticationProvider } from '../../src/sdk/graph.ts'
import { Caller } from '../../src/web-api/caller.ts'
import { createCaller, HandClock } from '../acquire/scenario.ts'
import { claimsChallenge, demanded } from '../adapters/sdk-scenario.ts'

const clock = new HandClock()
const graphDefault = 'https://graph.microsoft.com/.default'

interface Asked {
  readonly scopes: readonly string[]
  readonly claims?: string | undefined
}

/** A provider for a caller, with every acquisition; `fail` decides which of them end in an error. */
function createProvider(fail: (asked: Asked) => Error | undefined = () => undefined) {
  const acquired: Asked[] = []
  const give = (_kind: string, _caller: unknown, { scopes, claims }: Asked): Promise<AccessToken> => {
    acquired.push({ scopes, claims })
    const failure = fail({ scopes, claims })
    const facts = {
      accessToken: 'of the caller',
      tokenType: 'Bearer',
      correlationId: 'c',
      origin: 'l1',
    } as const
    const times = { acquiredAtMs: 0, expiresAtMs: 0, refreshAtMs: 0 }
    return failure === undefined
      ? Promise.resolve(new AccessToken({ ...facts, ...times, scopes }))
      : Promise.reject(failure)
  }
  const home = {
    downstreamApis: new Map(),
    fetch: () => Promise.reject(new Error('nothing is called')),
    nowMs: () => clock.nowMs(),
    passedMs: () => clock.nowMs(),
    acquire: give,
    acquireToken: give,
    letOut: (error: unknown) => error,
    leave: (error: unknown) => error,
  } as never
  const validated = { principal: createCaller(clock).principal, account: undefined } as never
  const caller = new Caller(home, { validated, context: { traceId: undefined, observe: () => undefined } })
  return { acquired, provider: graphAuthenticationProvider(caller, { clock }) }
}

const graphError = (fields: object): Error =>
  Object.assign(new Error('refused'), {
    statusCode: -1,
    code: null,
    requestId: null,
    body: null,
    ...fields,
  })
const challenged = (): Error =>
  graphError({ statusCode: 401, headers: new Headers({ 'www-authenticate': claimsChallenge }) })

/** What `relay` lets out when its call fails like this. */
const relayed = (failure: unknown): Promise<unknown> =>
  createProvider()
    .provider.relay(() => Promise.reject(failure as Error))
    .then(() => expect.unreachable('it succeeded'))
    .catch((error: unknown) => error)

describe('a refusal of Graph', () => {
  it.each([
    [503, 503, 'answered 503'],
    [1, 1, 'answered 1'],
    [0, undefined, 'did not answer'],
    [-1, undefined, 'did not answer'],
  ])('of status %i has the status %s', async (statusCode, status, words) => {
    const failure = graphError({ statusCode })
    expect(await relayed(failure)).toMatchObject({
      code: 'downstream_failed',
      api: 'Microsoft Graph',
      downstreamStatus: status,
      message: `Microsoft Graph ${words}`,
    })
  })

  it('brings its Retry-After and the ids that support asks for', async () => {
    const headers = new Headers({ 'retry-after': '7', 'request-id': 'r1', 'client-request-id': 'c1' })
    expect(await relayed(graphError({ statusCode: 429, headers }))).toMatchObject({
      retryAfterSeconds: 7,
      requestId: 'r1',
      clientRequestId: 'c1',
    })
  })

  it('has 4 096 characters of its body at most, and none of what is no text', async () => {
    expect(await relayed(graphError({ statusCode: 400, body: 'x'.repeat(5000) }))).toMatchObject({
      body: 'x'.repeat(4096),
    })
    expect(await relayed(graphError({ statusCode: 400, body: { secret: 1 } }))).toMatchObject({ body: '' })
  })

  it('asks for claims with a 401 alone', async () => {
    const headers = new Headers({ 'www-authenticate': claimsChallenge })
    expect(await relayed(graphError({ statusCode: 403, headers }))).toMatchObject({
      code: 'downstream_failed',
      downstreamStatus: 403,
    })
  })

  it('is about the scopes of the provider when the call asked for no token', async () => {
    expect(await relayed(challenged())).toMatchObject({
      code: 'interaction_required',
      origin: 'resource',
      facts: { status: 401, error: 'insufficient_claims', claims: demanded, scopes: [graphDefault] },
    })
  })

  it.each(['statusCode', 'code', 'requestId', 'body'])('is an error of its own without %s', async (name) => {
    const failure = challenged()
    Reflect.deleteProperty(failure, name)
    expect(await relayed(failure)).toBe(failure)
  })

  it('is one of the SDK only with a number for its status', async () => {
    const failure = graphError({ statusCode: '401' })
    expect(await relayed(failure)).toBe(failure)
    const bare: unknown = Object.assign({}, challenged())
    expect(await relayed(bare)).toBe(bare)
  })
})

describe('a call that asks for many tokens', () => {
  it('is answered with claims for eight lists of scopes at most, each of them once', async () => {
    const { provider, acquired } = createProvider()
    const lists = Array.from({ length: 9 }, (_, index) => [`scope${index}`])
    const failing = provider.relay(async () => {
      for (const scopes of [...lists, ...lists]) await provider.getAccessToken({ scopes })
      throw challenged()
    })
    await expect(failing).rejects.toMatchObject({ facts: { scopes: lists.slice(0, 8).flat() } })
    const withClaims = acquired.filter(({ claims }) => claims !== undefined)
    expect(withClaims).toEqual(lists.slice(0, 8).map((scopes) => ({ scopes, claims: demanded })))
  })

  it.each([
    [16, 'mine'],
    [17, 'Microsoft Graph did not answer'],
  ])('knows the latest sixteen of its failures: of %i the first is %s', async (count, message) => {
    const { provider } = createProvider(({ scopes }) => Object.assign(new Error('mine'), { scopes }))
    const failing = provider.relay(async () => {
      const failures: Error[] = []
      for (let index = 0; index < count; index += 1)
        await provider.getAccessToken().catch((error: unknown) => failures.push(error as Error))
      failures.forEach((failure, index) => (failure.stack = `stack ${index}`))
      throw graphError({ stack: 'stack 0' })
    })
    await expect(failing).rejects.toThrow(message)
  })
})
