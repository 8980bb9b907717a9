import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createManagedIdentity,
  type ManagedIdentity,
  type ManagedIdentityOptions,
} from '../../../src/client-auth/managed-identity/managed-identity.ts'
import {
  appServiceEndpoint,
  imdsEndpoint,
} from '../../../src/client-auth/managed-identity/managed-identity-endpoint.ts'
import { AuthorityUnavailableError, ConfigurationError } from '../../../src/kernel/errors/errors.ts'
import { failureOf, HandClock, printed } from '../application.ts'
import { type Reply, type StandIn, startStandIn } from '../stand-in-endpoint.ts'

const resource = 'https://vault.azure.net'
const day = 86_400

let standIn: StandIn
let clock: HandClock
let waits: number[]
beforeEach(async () => {
  standIn = await startStandIn((_seen, count) => token(count))
  clock = new HandClock()
  waits = []
})
afterEach(() => standIn.stop())

/** IMDS writes its numbers as strings. */
function token(count: number): Reply {
  return {
    status: 200,
    body: { access_token: `mi-token-${count}`, expires_in: String(day), token_type: 'Bearer' },
  }
}

function createIdentity(more: Partial<ManagedIdentityOptions> = {}): ManagedIdentity {
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms)
    clock.ms += ms
  }
  return createManagedIdentity({ endpoint: imdsEndpoint(standIn.origin), clock, wait, ...more })
}

describe('the metadata service', () => {
  it('is asked as Azure documents it, and a scope is read as its resource', async () => {
    const { accessToken, expiresAtMs } = await createIdentity().acquireToken({
      resource: `${resource}/.default`,
    })
    expect({ accessToken, expiresAtMs }).toEqual({
      accessToken: 'mi-token-1',
      expiresAtMs: clock.ms + day * 1000,
    })
    expect(standIn.requests).toMatchObject([
      {
        path: '/metadata/identity/oauth2/token',
        parameters: { 'api-version': '2018-02-01', resource },
        headers: { metadata: 'true' },
      },
    ])
  })

  it.each([
    [{ clientId: 'c-1' }, { client_id: 'c-1' }],
    [{ objectId: 'o-1' }, { object_id: 'o-1' }],
    [{ resourceId: '/subscriptions/x' }, { msi_res_id: '/subscriptions/x' }],
  ])('is told which user-assigned identity is meant: %j', async (choice, parameters) => {
    await createIdentity(choice).acquireToken({ resource })
    expect(standIn.requests[0]?.parameters).toMatchObject(parameters)
  })

  it('is at the link-local address by name alone', () => {
    const { url } = imdsEndpoint().buildRequest(resource, {})
    expect(new URL(url).origin).toBe('http://169.254.169.254')
    expect(imdsEndpoint().kind).toBe('imds')
  })
})

describe('App Service and Container Apps', () => {
  const endpoint = () =>
    appServiceEndpoint({ endpoint: `${standIn.origin}/msi/token`, header: 'the-identity-header' })

  it('are asked with the header of the environment, and their time of expiry is understood', async () => {
    const end = Math.floor(clock.ms / 1000) + 3600
    standIn.answer = () => ({ status: 200, body: { access_token: 'mi-token', expires_on: String(end) } })
    const identity = createIdentity({ endpoint: endpoint(), resourceId: '/subscriptions/x' })
    expect((await identity.acquireToken({ resource })).expiresAtMs).toBe(end * 1000)
    expect(standIn.requests).toMatchObject([
      {
        path: '/msi/token',
        parameters: { 'api-version': '2019-08-01', resource, mi_res_id: '/subscriptions/x' },
        headers: { 'x-identity-header': 'the-identity-header' },
      },
    ])
  })

  it('never see their header again, in no error and in nothing that is printed', async () => {
    standIn.answer = ({ headers }) => ({
      status: 400,
      body: { error: 'invalid_request', message: `no ${String(headers['x-identity-header'])}\nforged line` },
    })
    const identity = createIdentity({ endpoint: endpoint() })
    const failure = await failureOf(identity.acquireToken({ resource }))
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(failure.message).toContain('answered 400: invalid_request, no [redacted] forged line')
    expect(printed(failure) + printed(identity) + printed(endpoint())).not.toContain('the-identity-header')
  })

  it('are asked by https as well', () => {
    const { buildRequest, kind } = appServiceEndpoint({ endpoint: 'https://127.0.0.1:1/msi', header: 'x' })
    expect([kind, new URL(buildRequest(resource, {}).url).origin]).toEqual([
      'app_service',
      'https://127.0.0.1:1',
    ])
  })

  it.each([
    [{ endpoint: undefined, header: 'x' }, /IDENTITY_ENDPOINT/],
    [{ endpoint: 'file:///etc/passwd', header: 'x' }, /IDENTITY_ENDPOINT/],
    [{ endpoint: 'http://127.0.0.1:1', header: ' ' }, /IDENTITY_HEADER/],
  ])('say at start-up what is missing: %j', (options, message) => {
    expect(() => appServiceEndpoint(options)).toThrow(ConfigurationError)
    expect(() => appServiceEndpoint(options)).toThrow(message)
  })
})

describe('a token of the identity', () => {
  it('is kept until five minutes before its end, for each resource apart', async () => {
    const identity = createIdentity()
    const ask = async (of = resource): Promise<string> =>
      (await identity.acquireToken({ resource: of })).accessToken
    expect([await ask(), await ask(), await ask('https://other')]).toEqual([
      'mi-token-1',
      'mi-token-1',
      'mi-token-2',
    ])
    clock.advanceSeconds(day - 301)
    expect(await ask()).toBe('mi-token-1')
    clock.advanceSeconds(1)
    expect(await ask()).toBe('mi-token-3')
  })

  it('is kept for 64 resources, and not for all where there are more', async () => {
    const identity = createIdentity()
    const isAskedFor = async (of: number): Promise<boolean> => {
      const before = standIn.requests.length
      await identity.acquireToken({ resource: `https://${of}` })
      return standIn.requests.length > before
    }
    const askForAll = async (count: number): Promise<number> => {
      let asked = 0
      for (let of = 0; of < count; of += 1) asked += (await isAskedFor(of)) ? 1 : 0
      return asked
    }
    expect([await askForAll(64), await askForAll(64), await isAskedFor(64)]).toEqual([64, 0, true])
    expect(await askForAll(65)).toBeGreaterThan(0)
  })

  it('is asked for once by those who ask at the same time', async () => {
    const identity = createIdentity()
    await Promise.all(Array.from({ length: 20 }, () => identity.acquireToken({ resource })))
    expect(standIn.requests).toHaveLength(1)
  })

  it('still serves in its last minutes when the endpoint fails, unless a new one was demanded', async () => {
    const identity = createIdentity()
    await identity.acquireToken({ resource })
    standIn.answer = () => ({ status: 503 })
    clock.advanceSeconds(day - 100)
    expect((await identity.acquireToken({ resource })).accessToken).toBe('mi-token-1')
    await expect(identity.acquireToken({ resource, forceRefresh: true })).rejects.toBeInstanceOf(
      AuthorityUnavailableError,
    )
    clock.advanceSeconds(100)
    await expect(identity.acquireToken({ resource })).rejects.toBeInstanceOf(AuthorityUnavailableError)
  })

  it('serves no longer when the endpoint refuses: the identity was taken away', async () => {
    const identity = createIdentity()
    await identity.acquireToken({ resource })
    standIn.answer = () => ({ status: 400, body: { error: 'invalid_request' } })
    clock.advanceSeconds(day - 100)
    await expect(identity.acquireToken({ resource })).rejects.toBeInstanceOf(ConfigurationError)
  })

  it('is shown to nobody who prints it', async () => {
    const given = await createIdentity().acquireToken({ resource })
    expect(printed(given)).not.toContain('mi-token')
  })

  it('waits no longer than its caller', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(createIdentity().acquireToken({ resource, signal })).rejects.toThrow('enough')
  })
})

describe('a busy endpoint', () => {
  it.each([404, 408, 410, 429, 500, 503])('is asked again after %i', async (status) => {
    standIn.answer = (_seen, count) => (count < 3 ? { status } : token(count))
    expect((await createIdentity().acquireToken({ resource })).accessToken).toBe('mi-token-3')
    expect(waits).toHaveLength(2)
    expect(waits[1]).toBeGreaterThan(waits[0]! / 2)
  })

  it('is asked again when it hangs up', async () => {
    standIn.answer = (_seen, count) => (count < 2 ? { status: 0, hangUp: true } : token(count))
    expect((await createIdentity().acquireToken({ resource })).accessToken).toBe('mi-token-2')
  })

  it('is left alone after four tries', async () => {
    standIn.answer = () => ({ status: 500 })
    const failure = await failureOf(createIdentity().acquireToken({ resource }))
    expect(failure).toBeInstanceOf(AuthorityUnavailableError)
    expect(failure.message).toBe('The managed identity endpoint answered 500')
    expect(standIn.requests).toHaveLength(4)
  })

  it('is waited for as long as it says, and not at all when that is beyond the budget', async () => {
    standIn.answer = (_seen, count) =>
      count < 2 ? { status: 429, headers: { 'retry-after': '2' } } : token(count)
    await createIdentity().acquireToken({ resource })
    expect(waits).toEqual([2000])
    standIn.answer = () => ({ status: 429, headers: { 'retry-after': '30' } })
    const failure = await failureOf(createIdentity().acquireToken({ resource }))
    expect(failure).toMatchObject({ retryAfterSeconds: 30 })
    expect(waits).toEqual([2000])
  })

  it.each([
    [410, 'being updated', 70],
    [404, 'not there yet', 5],
    [500, 'failing', 5],
  ])('that answered %i, %s, is an outage of %i seconds', async (status, _, retryAfterSeconds) => {
    standIn.answer = () => ({ status })
    expect(await failureOf(createIdentity().acquireToken({ resource }))).toMatchObject({ retryAfterSeconds })
  })

  it('has three seconds for an answer where nothing else is said', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let signal: AbortSignal | undefined
    let asked: Promise<{ readonly accessToken: string }> | undefined
    await new Promise<void>((begin) => {
      const fetch = (_url: unknown, init?: RequestInit): Promise<Response> => {
        if (signal !== undefined) return Promise.resolve(Response.json(token(2).body))
        signal = init?.signal ?? undefined
        begin()
        return new Promise(() => undefined)
      }
      asked = createIdentity({ fetch }).acquireToken({ resource })
    })
    vi.advanceTimersByTime(2_999)
    expect(signal?.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(signal?.aborted).toBe(true)
    vi.useRealTimers()
    expect((await asked)?.accessToken).toBe('mi-token-2')
  })

  it('that hangs is given up within its time limit', async () => {
    const fetch = (_url: unknown, init?: RequestInit): Promise<Response> =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      })
    const failure = await failureOf(createIdentity({ fetch, timeoutMs: 5 }).acquireToken({ resource }))
    expect(failure.message).toMatch(/did not answer within 5 ms/)
  })

  it.each([
    ['HTML', '<html>'],
    ['no token', { expires_in: '3600' }],
    ['no lifetime', { access_token: 'x' }],
    ['a token that would be two header lines', { access_token: 'a\r\nb', expires_in: '3600' }],
  ])('that answers with %s gave no token', async (_name, body) => {
    standIn.answer = () => ({ status: 200, body })
    await expect(createIdentity().acquireToken({ resource })).rejects.toBeInstanceOf(
      AuthorityUnavailableError,
    )
  })

  it('is not asked again when it says that there is no such identity', async () => {
    standIn.answer = () => ({
      status: 400,
      body: { error: 'invalid_request', error_description: 'Identity not found' },
    })
    await expect(createIdentity().acquireToken({ resource })).rejects.toThrow(
      'the managed identity endpoint answered 400: invalid_request, Identity not found',
    )
    expect(standIn.requests).toHaveLength(1)
  })

  it.each([
    [undefined, ''],
    [{}, ''],
    [{ error: 7 }, ''],
    [{ error: 'undefined' }, ': undefined'],
    [{ error: 'a' }, ': a'],
    [{ message: 'c' }, ': c'],
    [{ error: 'a', error_description: 'b', message: 'c' }, ': a, b, c'],
    [{ error: 'a\r\nb' }, ': a b'],
    [{ error: 'x'.repeat(501) }, `: ${'x'.repeat(500)}`],
  ])('is told in what it said: %j', async (body, told) => {
    standIn.answer = () => ({ status: 400, ...(body === undefined ? {} : { body }) })
    const failure = await failureOf(createIdentity().acquireToken({ resource }))
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(failure).toHaveProperty(
      'message',
      `clientCredential: the managed identity endpoint answered 400${told}`,
    )
  })

  it('is never followed elsewhere, header and all', async () => {
    standIn.answer = () => ({ status: 302, headers: { location: `${standIn.origin}/elsewhere` } })
    await expect(createIdentity().acquireToken({ resource })).rejects.toThrow(
      /redirect, which is not followed/,
    )
    expect(standIn.requests.map(({ path }) => path)).not.toContain('/elsewhere')
  })
})

describe('the choice of an identity', () => {
  it.each([
    [{ clientId: 'a', objectId: 'b' }, /one of clientId, objectId and resourceId/],
    [{ clientId: ' ' }, /is blank/],
    [{ clientID: 'a' } as never, /^managedIdentity\.clientID: .*did you mean 'clientId'/],
  ])('is checked at start-up: %j', (choice, message) => {
    expect(() => createIdentity(choice)).toThrow(message)
  })
})
