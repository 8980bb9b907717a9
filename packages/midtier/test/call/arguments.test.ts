// What types would have refused, and JavaScript hands in all the same: every public call tells it plainly, and sends nothing.
import { describe, expect, it } from 'vitest'
import type { DownstreamApi } from '../../src/call/downstream-api.ts'
import { clientSecret, createWebApi, type Caller, type WebApi } from '../../src/index.ts'
import { startScenario } from '../behaviour/scenario.ts'
import { callApi, failureOf } from './called-api.ts'

const any = (value: unknown): never => value as never

describe('an argument of a downstream call that is of another kind', () => {
  const wrong: Readonly<Record<string, (api: DownstreamApi) => Promise<unknown>>> = {
    'no path': (api) => api.getJson(any(undefined)),
    'a number as path': (api) => api.delete(any(7)),
    'an object as path': (api) => api.fetch(any({})),
    'no options': (api) => api.getJson('todos', any(null)),
    'a text as options': (api) => api.getBytes('todos', any('x')),
    'scopes as a text': (api) => api.getJson('todos', { scopes: any('User.Read') }),
    'scopes that are no texts': (api) => api.getJson('todos', { scopes: any([undefined]) }),
    'a signal that is none': (api) => api.relay('todos', { signal: any({ aborted: false }) }),
    'a time that is none': (api) => api.getJson('todos', { timeoutMs: Number.NaN }),
    'a time as a text': (api) => api.getJson('todos', { timeoutMs: any('1s') }),
    'retries below none': (api) => api.getJson('todos', { maxRetries: -1 }),
    'headers that are none': (api) => api.getJson('todos', { headers: any(7) }),
    'a header that HTTP does not allow': (api) =>
      api.getJson('todos', { headers: { 'x-a': 'secret\nmore' } }),
    'a header that HTTP does not allow, of JSON': (api) =>
      api.postJson('todos', {}, { headers: { 'x a': 'secret' } }),
    'a method that is none': (api) => api.fetch('todos', { method: 'GET /admin' }),
    'a method that shows the token': (api) => api.fetch('todos', { method: 'trace' }),
    'kept headers that are none': (api) => api.relay('todos', { keepHeaders: any('etag') }),
  }

  it.each(Object.entries(wrong))('is refused: %s', async (_, call) => {
    const { api, acquired, received } = callApi([Response.json(null)])
    const error = await failureOf(call(api))
    expect(error).toMatchObject({ code: 'acquisition_impossible' })
    expect(String((error as Error).stack)).not.toContain('secret')
    expect([acquired, received]).toEqual([[], []])
  })
})

describe('an argument of an acquisition that is of another kind', () => {
  const wrong: Readonly<Record<string, (caller: Caller, api: WebApi) => Promise<unknown>>> = {
    'no request': (caller) => caller.acquireToken(any(undefined)),
    'no request of a new token': (caller) => caller.acquireTokenOnBehalfOf(any(undefined)),
    'no scopes': (caller) => caller.acquireTokenSilent(any({})),
    'scopes as a text': (caller) => caller.acquireToken({ scopes: any('User.Read') }),
    'claims as an object': (caller) => caller.acquireToken({ scopes: ['User.Read'], claims: any({}) }),
    'an audience that is no text': (caller) =>
      caller.acquireToken({ scopes: ['User.Read'], audience: any(1) }),
    'a signal that is none': (caller) => caller.acquireToken({ scopes: ['User.Read'], signal: any({}) }),
    'a time that is none': (caller) => caller.acquireToken({ scopes: ['User.Read'], timeoutMs: any('5') }),
    'no request for the application': (_, api) => api.acquireTokenForClient(any(undefined)),
    'a tenant that is no text': (_, api) =>
      api.acquireTokenForClient({ scopes: ['a/.default'], tenantId: any(5) }),
    'no account to forget': (_, api) => api.forget(any(undefined)),
    'an account without an id': (_, api) => api.forget(any({})),
  }

  it('is refused, whichever it is', async () => {
    const scenario = await startScenario()
    try {
      const authorization = `Bearer ${await scenario.token()}`
      const caller = await scenario.api.authenticate({
        method: 'GET',
        url: '/',
        header: (name) => (name === 'authorization' ? authorization : undefined),
      })
      for (const [name, call] of Object.entries(wrong))
        expect(await failureOf(call(caller, scenario.api)), name).toMatchObject({
          code: 'acquisition_impossible',
          reason: 'argument_invalid',
        })
      expect(scenario.emulator.requests.list({ endpoint: 'token' })).toEqual([])
      const throwing = {
        get scopes(): never {
          throw new Error('whatever the application does there')
        },
      }
      const rejected = caller.acquireToken(throwing) // rejects, and does not throw
      await expect(rejected).rejects.toThrow('whatever the application does there')
      await expect(scenario.api.longRunning.acquire(any(7))).rejects.toMatchObject({ option: 'longRunning' })
    } finally {
      await scenario.stop()
    }
  })

  it('is refused by a revocation as well', async () => {
    const api = createWebApi({
      tenantId: 'c0000000-0000-4000-8000-000000000001',
      clientId: 'a0000000-0000-4000-8000-000000000002',
      clientCredential: clientSecret('x'),
      revocations: {},
    })
    await expect(api.revocations.revokeUser(any(undefined))).rejects.toMatchObject({
      option: 'account.objectId',
    })
    await api.close()
  })
})
