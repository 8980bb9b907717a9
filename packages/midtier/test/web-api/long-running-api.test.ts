// Sessions of an API that revokes: who was revoked while a session began has none.
import { describe, expect, it } from 'vitest'
import type { Caller, ObservedEvent, WebApi } from '../../src/index.ts'
import { HandClock } from '../acquire/scenario.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
import { clientId } from '../jwt/token-builder.ts'
import { agentId, createAgentWorld } from './agent-authority.ts'

const scopes = ['api://todolist/Todos.Read']

async function setUp() {
  const world = createAgentWorld()
  const clock = new HandClock()
  clock.ms = world.clock.nowMs()
  const shared = createSharedTextStore(clock)
  const events: ObservedEvent[] = []
  const api = world.api({
    ...{ longRunning: {}, revocations: {}, observer: (event) => void events.push(event) },
    tokenCache: { store: shared.store, keyRing: { current: 'k1', keys: { k1: new Uint8Array(32) } } },
  })
  const caller = await world.caller(api, 1, { sid: 'of this browser' })
  /** By an agent, who is given refresh tokens here. */
  const start = (of: Caller): Promise<string> => api.longRunning.start(asAgent(api, of), { scopes })
  return { world, shared, events, api, caller, start }
}

const asAgent = (api: WebApi, caller: Caller): Caller => api.agent(agentId(1)).onBehalfOf(caller)

describe('a caller who was revoked since the request was let in', () => {
  it('begins no session, and nothing of one is left', async () => {
    const { shared, events, api, caller, start } = await setUp()
    await api.revocations.revokeSession('of this browser')
    const before = shared.operations.length
    await expect(start(caller)).rejects.toMatchObject({
      ...{ code: 'bearer_refused', reason: 'revoked' },
      resource: { clientId },
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    })
    expect(shared.operations.slice(before)).toContain('delete')
    expect(events.at(-1)).toMatchObject({
      ...{ type: 'operation_failed', operation: 'long_running', reason: 'revoked' },
    })
    await api.close()
  })

  it('is refused all the same where the store does not forget the session, which is reported', async () => {
    const { shared, events, api, caller, start } = await setUp()
    await api.revocations.revokeSession('of this browser')
    shared.before = (operation) => {
      if (operation === 'delete') throw new Error('not deleted')
    }
    await expect(start(caller)).rejects.toMatchObject({ code: 'bearer_refused', reason: 'revoked' })
    expect(events.filter(({ type }) => type === 'store_failed')).toMatchObject([
      { operation: 'delete', message: expect.stringContaining('not deleted') as unknown },
    ])
    await api.close()
  })
})

it('is stopped once: whoever stops it again is told that there is none', async () => {
  const { api, caller, start } = await setUp()
  const sessionKey = await start(caller)
  expect([await api.longRunning.stop(sessionKey), await api.longRunning.stop(sessionKey)]).toEqual([
    true,
    false,
  ])
  await expect(api.longRunning.acquire(sessionKey)).rejects.toMatchObject({ reason: 'session_unknown' })
  await api.close()
})
