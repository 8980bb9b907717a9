// An agent against the emulator, all over real HTTP: for a person, by itself and through its user account, and what ends it.
import { createEmulator, type Emulator } from '@midtier/emulator'
import express from 'express'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import {
  clientSecret,
  createWebApi,
  InteractionRequiredError,
  type Caller,
  type WebApi,
} from '../../src/index.ts'
import { alice, bob, ids, listen } from './scenario.ts'

const blueprint = 'a0000000-0000-4000-8000-000000000006'
const agentId = 'a0000000-0000-4000-8000-000000000007'
const assistant = 'assistant@contoso.onmicrosoft.com'
const assistantId = 'c0000000-0000-4000-8000-0000000000e1'

let emulator: Emulator
let todo: Awaited<ReturnType<typeof listen>>
let downstream: WebApi

beforeAll(async () => {
  emulator = await createEmulator()
  const clock = { nowMs: () => emulator.clock.now() }
  downstream = createWebApi({
    tenantId: ids.contoso,
    clientId: ids.todoApi,
    instance: emulator.origin,
    clock,
  })
  const app = express()
  app.get('/api/whoami', protect(downstream), (req, res) => {
    const { kind, objectId, agent } = req.caller.principal
    res.json({ kind, objectId, agent })
  })
  app.get(
    '/api/people',
    protect(downstream, { scopes: ['Tasks.ReadWrite'], agents: { humanRequired: true } }),
    (_req, res) => void res.json('a person'),
  )
  app.use(renderErrors())
  todo = await listen(app)
})
afterEach(() => emulator.directory.setAgentEnabled(agentId, true))
afterAll(async () => {
  todo.server.close()
  await downstream.close()
  await emulator.stop()
})

function blueprintApi(): WebApi<'todolist' | 'graph'> {
  return createWebApi({
    tenantId: ids.contoso,
    clientId: blueprint,
    instance: emulator.origin,
    clientCredential: clientSecret('blueprint-secret-for-local-use-only'),
    downstreamApis: {
      todolist: { baseUrl: `${todo.url}/api/`, scopes: [`api://${ids.todoApi}/Tasks.ReadWrite`] },
      graph: { baseUrl: `${emulator.origin}/v1.0/`, scopes: ['User.Read'] },
    },
    logger: false,
    clock: { nowMs: () => emulator.clock.now() },
  })
}

async function callerOf<Api extends string>(api: WebApi<Api>, user: string): Promise<Caller<Api>> {
  const token = await emulator.mint({
    user,
    client: ids.webClient,
    audience: blueprint,
    scopes: ['access_agent'],
  })
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' }, { scopes: ['access_agent'] })
}

const as = (kind: string) => ({ id: agentId, blueprintId: blueprint, kind })

describe('an agent', () => {
  it('on behalf of each person is seen as itself, with that person as the subject', async () => {
    const api = blueprintApi()
    const agent = api.agent(agentId)
    for (const user of [alice, bob, alice]) {
      const caller = await callerOf(api, user)
      const acting = agent.onBehalfOf(caller)
      expect(await acting.downstream('todolist').getJson('whoami')).toEqual({
        kind: 'user',
        objectId: caller.principal.objectId,
        agent: as('onBehalfOf'),
      })
      expect(await acting.downstream('todolist').getJson('people')).toBe('a person')
      expect(await acting.downstream('graph').getJson('me')).toMatchObject({ userPrincipalName: user })
    }
    await api.close()
  })

  it('by itself is an application', async () => {
    const api = blueprintApi()
    const own = api.agent(agentId).downstream('todolist')
    expect(await own.getJson('whoami')).toMatchObject({ kind: 'app', agent: as('byItself') })
    await expect(own.getJson('people')).rejects.toMatchObject({ downstreamStatus: 403 })
    await api.close()
  })

  it.each([{ userPrincipalName: assistant }, { objectId: assistantId }])(
    'through its user account is that user: %j',
    async (user) => {
      const api = blueprintApi()
      const account = api.agent(agentId).asUser(user)
      expect(await account.downstream('todolist').getJson('whoami')).toEqual({
        kind: 'user',
        objectId: assistantId,
        agent: as('userAccount'),
      })
      expect(await account.downstream('graph').getJson('me')).toMatchObject({ userPrincipalName: assistant })
      await expect(account.downstream('todolist').getJson('people')).rejects.toMatchObject({
        downstreamStatus: 403,
      })
      await api.close()
    },
  )

  it('asks for what lets it act once, and stops at once when it is disabled', async () => {
    const api = blueprintApi()
    const acting = api.agent(agentId).onBehalfOf(await callerOf(api, alice))
    emulator.requests.clear()
    await acting.downstream('todolist').getJson('whoami')
    await acting.downstream('graph').getJson('me')
    expect(emulator.requests.list({ grantType: 'client_credentials' })).toHaveLength(1)
    emulator.directory.setAgentEnabled(agentId, false)
    const elsewhere = api.agent(agentId).acquireToken({ scopes: [`api://${ids.todoApi}/.default`] })
    await expect(elsewhere).rejects.toMatchObject({ code: 'token_request_refused' })
    emulator.directory.setAgentEnabled(agentId, true)
    const own = await api.agent(agentId).acquireToken({ scopes: [`api://${ids.todoApi}/.default`] })
    expect(own.origin).toBe('authority')
    await api.close()
  })

  it('is not another agent’s user account, and no stranger', async () => {
    const api = blueprintApi()
    const scopes = [`api://${ids.todoApi}/.default`]
    const alices = api.agent(agentId).asUser({ userPrincipalName: alice })
    await expect(alices.acquireToken({ scopes })).rejects.toMatchObject({ code: 'token_request_refused' })
    const unknown = api.agent('a9e00000-0000-4000-8000-000000000009')
    await expect(unknown.acquireToken({ scopes })).rejects.toMatchObject({ code: 'token_request_refused' })
    await api.close()
  })
})

describe('a consent that is missing', () => {
  const consent = { tenantId: ids.contoso, clientId: blueprint, resourceId: ids.todoApi }
  afterEach(() => emulator.directory.consents.grant({ ...consent, scopes: ['Tasks.ReadWrite'] }))

  it.each(['an agent', 'the blueprint itself'])('is given where the error of %s says', async (who) => {
    await emulator.directory.consents.revoke(consent)
    const api = blueprintApi()
    const agent = api.agent(agentId)
    const caller = await callerOf(api, bob)
    const acting = who === 'an agent' ? agent.onBehalfOf(caller) : caller
    const refused: unknown = await acting
      .downstream('todolist')
      .getJson('whoami')
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(InteractionRequiredError)
    const url = new URL((refused as InteractionRequiredError).request?.consentUrl ?? '')
    expect([url.searchParams.get('client_id'), url.searchParams.get('response_type')]).toEqual([
      blueprint,
      'none',
    ])
    url.searchParams.set('redirect_uri', 'http://localhost:3000/consented')
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Sign in')
    await api.close()
  })
})
