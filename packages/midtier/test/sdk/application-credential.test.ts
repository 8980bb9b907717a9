// A credential of the application itself or of an agent: what it asks for, and what it cannot be made of.
import { describe, expect, it } from 'vitest'
import { applicationTokenCredential } from '../../src/sdk/azure.ts'
import { bindToRequest } from '../../src/sdk/request-bound.ts'
import type { WebApi } from '../../src/index.ts'
import { createFakeWebApi } from '../../src/testing/fake-web-api.ts'
import { ids } from '../behaviour/scenario.ts'

const tenantId = ids.contoso
const scopes = ['https://vault.azure.net/.default']
const clock = { nowMs: () => 7 }

function watched() {
  const asked: object[] = []
  const acquireTokenForClient = (request: object) => {
    asked.push(request)
    return Promise.resolve({ accessToken: 'token' })
  }
  return { asked, api: { acquireTokenForClient } as unknown as WebApi }
}

describe('a credential of the application', () => {
  it('asks for what it is asked for, and for nothing else', async () => {
    const { asked, api } = watched()
    const credential = applicationTokenCredential(api, { tenantId, clock })
    expect(await credential.getToken(scopes)).toEqual({
      token: 'token',
      expiresOnTimestamp: 7,
      tokenType: 'Bearer',
    })
    const { signal } = new AbortController()
    await credential.getToken(scopes[0] ?? '', {
      claims: '{}',
      requestOptions: { timeout: 5 },
      abortSignal: signal,
    })
    expect(asked).toStrictEqual([
      { scopes, tenantId },
      { scopes, tenantId, claims: '{}', timeoutMs: 5, signal },
    ])
  })

  it.each([
    [tenantId, tenantId.toUpperCase()],
    [tenantId.toUpperCase(), tenantId],
  ])('of the tenant %s acts in %s', async (own, asked) => {
    const credential = applicationTokenCredential(watched().api, { tenantId: own })
    expect((await credential.getToken(scopes, { tenantId: asked })).token).toBe('token')
  })

  it('is one of an agent as well, and of no caller', async () => {
    const api = createFakeWebApi({ tenantId, clock: { nowMs: () => 1_800_000_000_000 } })
    const agent = api.agent('a9e00000-0000-4000-8000-000000000001')
    const credential = applicationTokenCredential(agent, { tenantId })
    expect((await credential.getToken(scopes)).token).toMatch(/^fake-access-token-/)
    for (const wrong of [await api.caller(), {}])
      expect(() => applicationTokenCredential(wrong as never, { tenantId })).toThrow(
        /^api: is neither a web API/,
      )
  })

  it('is made of no other option', () => {
    const make = (): unknown => applicationTokenCredential(watched().api, { tenantId, clok: clock } as never)
    expect(make).toThrow(/^clok: unknown option; did you mean 'clock'\?$/)
  })
})

it.each([0, -1, Number.NaN])('what is bound to a request for %s ms is refused', async (lifetimeMs) => {
  const caller = await createFakeWebApi().caller()
  expect(() => bindToRequest(caller, { lifetimeMs })).toThrow(
    /^lifetimeMs: has to be more than 0 milliseconds$/,
  )
})
