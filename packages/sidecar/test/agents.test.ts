// Agents and managed identities: who acts, by which parameters, and with whose permissions.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimsOf } from './echo-api.ts'
import { assistant, blueprintVariables, ids, problemOf, type Scenario, startScenario } from './scenario.ts'

let scenario: Scenario
beforeAll(async () => {
  scenario = await startScenario(
    {
      Sidecar__AllowOverrides__GetAuthorizationHeaderUnauthenticated: 'true',
      Sidecar__AllowOverrides__CallDownstreamApiUnauthenticated: 'true',
    },
    blueprintVariables,
  )
})
afterAll(() => scenario.stop())

const header = async (response: Response): Promise<Record<string, unknown>> => {
  const { authorizationHeader } = (await response.json()) as { authorizationHeader: string }
  return claimsOf(authorizationHeader)
}
const query = (members: Readonly<Record<string, string>>): string => new URLSearchParams(members).toString()
const appToken = { 'optionsOverride.RequestAppToken': 'true' }

describe('an agent', () => {
  it.each([
    ['on behalf of the caller', {}, { azp: ids.agent, oid: ids.alice, scp: 'Tasks.ReadWrite' }],
    ['by itself', appToken, { azp: ids.agent, roles: ['Tasks.Read.All'] }],
    ['through its account, by name', { AgentUsername: assistant }, { azp: ids.agent, oid: ids.assistant }],
    ['through its account, by id', { AgentUserId: ids.assistant }, { azp: ids.agent, oid: ids.assistant }],
    [
      'through its account by name, which goes before the id',
      { AgentUsername: assistant, AgentUserId: ids.alice },
      { azp: ids.agent, oid: ids.assistant },
    ],
    ['on behalf of the caller, where the id is none', { AgentUserId: 'nobody' }, { oid: ids.alice }],
  ])('acts %s', async (_, more, expected) => {
    const path = `/AuthorizationHeader/todo?${query({ AgentIdentity: ids.agent, ...more })}`
    expect(await header(await scenario.ask(path))).toMatchObject(expected)
  })

  const stranger = 'f0000000-0000-4000-8000-000000000001'
  it.each([
    ['an agent that is none', { AgentIdentity: stranger }, 400],
    ['an account that is none', { AgentIdentity: ids.agent, AgentUsername: 'nobody@contoso.example' }, 400],
    ['an account of somebody else', { AgentIdentity: ids.agent, AgentUserId: ids.alice }, 400],
    [
      'a tenant that is none',
      { ...appToken, 'optionsOverride.AcquireTokenOptions.Tenant': 'nothing.example' },
      400,
    ],
    [
      'scopes that nobody consented to for its account',
      { AgentIdentity: ids.agent, AgentUsername: assistant, 'optionsOverride.Scopes': 'Mail.Read' },
      403,
    ],
  ] as const)('is refused in words for %s', async (_, members, status) => {
    for (const path of ['/AuthorizationHeader/todo?', '/DownstreamApi/todo?']) {
      const response = await scenario.ask(path + query(members))
      expect(await problemOf(response)).toMatchObject({ status })
    }
  })

  it('acts without a caller by itself, or through its account', async () => {
    const path = '/AuthorizationHeaderUnauthenticated/todo?'
    const itself = await scenario.ask(path + query({ AgentIdentity: ids.agent }), { token: null })
    expect(await header(itself)).toMatchObject({ azp: ids.agent, roles: ['Tasks.Read.All'] })
    const account = { AgentIdentity: ids.agent, AgentUsername: assistant }
    expect(await header(await scenario.ask(path + query(account), { token: null }))).toMatchObject({
      oid: ids.assistant,
    })
  })

  it('calls an API', async () => {
    const path = `/DownstreamApi/todo?${query({ AgentIdentity: ids.agent })}`
    const { content } = (await (await scenario.ask(path)).json()) as { content: string }
    expect(JSON.parse(content)).toMatchObject({ claims: { azp: ids.agent, oid: ids.alice } })
  })

  it('is not there without its id', async () => {
    const path = `/AuthorizationHeader/todo?${query({ AgentUsername: assistant })}`
    expect(await header(await scenario.ask(path))).toMatchObject({ azp: ids.blueprint, oid: ids.alice })
  })

  it.each([
    ['an id that is none', { AgentIdentity: 'assistant' }, 'AgentIdentity'],
    ['a user name that is none', { AgentIdentity: ids.agent, AgentUsername: 'nobody' }, 'AgentUsername'],
    [
      'its account and an application’s token at once',
      { AgentIdentity: ids.agent, AgentUsername: assistant, ...appToken },
      'RequestAppToken',
    ],
  ])('is refused with %s', async (_, parameters, named) => {
    const response = await scenario.ask(`/AuthorizationHeader/todo?${query(parameters)}`)
    expect(await problemOf(response)).toMatchObject({ status: 400, detail: expect.stringContaining(named) })
  })
})

describe('a managed identity of the host', () => {
  const own = '5a000000-0000-4000-8000-000000000001'
  let endpoint: Server
  let world: Scenario
  const asked: string[] = []
  beforeAll(async () => {
    endpoint = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.setHeader('content-type', 'application/json')
      const expires_on = String(Math.floor(Date.now() / 1000) + 3600)
      response.end(JSON.stringify({ access_token: 'token-of-the-host', token_type: 'Bearer', expires_on }))
    })
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
    world = await startScenario({
      IDENTITY_ENDPOINT: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/token`,
      IDENTITY_HEADER: 'inside',
    })
  })
  afterAll(async () => {
    await world.stop()
    endpoint.close()
  })

  it('gives its token, for the API that the scopes name', async () => {
    const parameter = 'optionsOverride.AcquireTokenOptions.ManagedIdentity.UserAssignedClientId'
    const response = await world.ask(`/AuthorizationHeader/todo?${parameter}=${own}`)
    expect(await response.json()).toEqual({ authorizationHeader: 'Bearer token-of-the-host' })
    expect(asked[0]).toContain(`client_id=${own}`)
    expect(decodeURIComponent(asked[0] ?? '')).toContain(`resource=api://${ids.todoApi}`)
  })
  it('is not kept out by the names of many others', async () => {
    const parameter = 'optionsOverride.AcquireTokenOptions.ManagedIdentity.UserAssignedClientId'
    const token = await world.token()
    for (let other = 10; other < 30; other += 1) {
      const path = `/AuthorizationHeader/todo?${parameter}=5b000000-0000-4000-8000-0000000000${other}`
      expect((await world.ask(path, { token })).status).toBe(200)
    }
  })
})
