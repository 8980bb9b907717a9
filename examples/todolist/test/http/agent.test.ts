// The routes that an agent serves: who may ask it, and what the To Do API lets it do by itself.
import type { MintRequest } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientIds } from '../../registrations.ts'
import { middleTiers } from '../../scenario/programs.ts'
import { aliceForMiddleTier, startRunningApis, type RunningApis } from '../running-apis.ts'

const aliceForAgent = { ...aliceForMiddleTier, audience: clientIds.blueprint, scopes: ['access_agent'] }
const agentForBlueprint = { ...aliceForAgent, client: clientIds.agent }
const aliceForTodoApi = { ...aliceForMiddleTier, audience: clientIds.todoApi, scopes: ['Tasks.ReadWrite'] }

let apis: RunningApis
const ask = async (url: string, request: MintRequest): Promise<Response> =>
  fetch(url, { headers: { authorization: `Bearer ${await apis.emulator.mint(request)}` } })

describe.each(middleTiers)('the agent, with a middle tier on %s', (middleTier) => {
  beforeAll(async () => {
    apis = await startRunningApis({ middleTier })
  })
  afterAll(() => apis.stop())

  it('answers the person with the list of that person', async () => {
    const answer = await ask(`${apis.middleTier}/assistant/tasks`, aliceForAgent)
    expect([answer.status, await answer.json()]).toEqual([200, []])
  })

  it('answers by itself with numbers alone', async () => {
    const answer = await ask(`${apis.middleTier}/assistant/summary`, aliceForAgent)
    expect([answer.status, await answer.json()]).toEqual([200, { tasks: 0, completed: 0, people: 0 }])
  })

  it.each([
    ['a token for the middle tier', aliceForMiddleTier, 401],
    ['a token without its scope', { ...aliceForAgent, scopes: ['something_else'] }, 403],
    ['an agent', agentForBlueprint, 403],
  ])('does not take %s', async (_what, request, status) => {
    for (const path of ['tasks', 'summary'])
      expect((await ask(`${apis.middleTier}/assistant/${path}`, request)).status).toBe(status)
  })

  it('may count where a person may not', async () => {
    expect((await ask(`${apis.todoApi}/api/summary`, aliceForTodoApi)).status).toBe(403)
  })
})
