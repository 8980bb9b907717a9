// What settings switch: overrides per route, tokens without permissions, whose token an API is called with, how many requests at once.
import { request as ask } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, type Seen } from './echo-api.ts'
import { ids, type Scenario, startScenario } from './scenario.ts'

const header = async (response: Response): Promise<Record<string, unknown>> => {
  const { authorizationHeader } = (await response.json()) as { authorizationHeader: string }
  return claimsOf(authorizationHeader)
}

describe('switches', () => {
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await startScenario({
      AzureAd__Scopes: '',
      AzureAd__AllowWebApiToBeAuthorizedByACL: 'true',
      Sidecar__AllowOverrides__GetAuthorizationHeader: 'false',
      Sidecar__AllowOverrides__CallDownstreamApiUnauthenticated: 'true',
      DownstreamApis__todo__RequestAppToken: 'true',
      DownstreamApis__todo__HttpMethod: 'PUT',
      DownstreamApis__todo__ExtraHeaderParameters__X_Colour: 'red',
      DownstreamApis__todo__ExtraQueryParameters__version: '1',
    })
  })
  afterAll(() => scenario.stop())
  const seen = async (path: string, token?: null): Promise<Seen> => {
    const response = await scenario.ask(path, token === null ? { token } : {})
    return JSON.parse(((await response.json()) as { content: string }).content) as Seen
  }

  it('let a token without permissions in', async () => {
    const daemon = 'a0000000-0000-4000-8000-000000000004'
    const token = await scenario.emulator.mint({ client: daemon, audience: ids.middleTier })
    expect((await scenario.ask('/Validate', { token })).status).toBe(200)
  })

  it('ignore overrides of a route with a caller', async () => {
    const path = '/AuthorizationHeader/todo?optionsOverride.RequestAppToken=false&optionsOverride.Nothing=1'
    expect((await header(await scenario.ask(path)))['scp']).toBeUndefined()
    expect(scenario.log.join('')).toContain('Sidecar__AllowOverrides__GetAuthorizationHeader')
  })

  it('honour those of a route without one', async () => {
    const path = '/DownstreamApiUnauthenticated/todo?optionsOverride.RelativePath=x'
    expect((await seen(path, null)).url).toBe('/api/x?version=1')
  })

  it('call as the application where that is configured, unless the request says otherwise', async () => {
    expect((await seen('/DownstreamApi/todo')).claims['scp']).toBeUndefined()
    const own = await seen('/DownstreamApi/todo?optionsOverride.RequestAppToken=false')
    expect(own.claims).toMatchObject({ oid: ids.alice, scp: 'Tasks.ReadWrite' })
  })

  it('keep what is configured beside an override', async () => {
    const asked = await seen(
      '/DownstreamApi/todo?optionsOverride.RelativePath=y&optionsOverride.ExtraQueryParameters.VERSION=2',
    )
    expect(asked).toMatchObject({ method: 'PUT', url: '/api/y?VERSION=2' })
    expect(asked.headers['x_colour']).toBe('red')
  })
})

describe('more requests than are allowed at once', () => {
  it('are told to come back', async () => {
    const scenario = await startScenario({ Sidecar__MaxConcurrentRequests: '1' })
    const token = await scenario.token()
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await scenario.ask('/DownstreamApi/todo', { token })).status),
    )
    expect(new Set(statuses)).toEqual(new Set([200, 503]))
    expect((await scenario.ask('/Validate', { token })).status).toBe(200)
    await scenario.stop()
  })
  it('do not make the process look dead to a probe', async () => {
    const scenario = await startScenario({ Sidecar__MaxConcurrentRequests: '1' })
    const { hostname, port } = new URL(scenario.url)
    const authorization = `Bearer ${await scenario.token()}`
    const path = '/DownstreamApi/todo'
    const held = ask({ hostname, port, path, method: 'POST', headers: { authorization } })
    held.on('error', () => undefined).write('a body without an end')
    await expect
      .poll(async () => (await scenario.ask('/nothing', { token: null })).status, { timeout: 60_000 })
      .toBe(503)
    expect((await scenario.ask('/healthz', { token: null })).status).toBe(200)
    held.destroy()
    await scenario.stop()
  })
})
