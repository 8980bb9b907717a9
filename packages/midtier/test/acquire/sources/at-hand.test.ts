import { describe, expect, it } from 'vitest'
import type { AcquireOptions } from '../../../src/acquire/request/requests.ts'
import type { AccessToken } from '../../../src/acquire/token-source.ts'
import { granted } from '../../grants/stub-authority.ts'
import { createCaller, createScenario, settle, todoScopes } from '../scenario.ts'

async function withOneToken() {
  const scenario = createScenario()
  scenario.authority.answer = granted({ expires_in: 3600, refresh_in: 1800 })
  const caller = createCaller(scenario.clock)
  await scenario.onBehalfOf(caller)
  const atHand = (options: Partial<AcquireOptions> = {}, who = caller): AccessToken | undefined =>
    scenario.source.atHand.ofRequest(
      scenario.requests.onBehalfOf(who, { scopes: todoScopes, ...options }, scenario.context),
    )
  return { ...scenario, caller, atHand }
}

describe('a token at hand', () => {
  it('is the one that was acquired, told as it comes from the cache', async () => {
    const { atHand, events } = await withOneToken()
    expect(atHand()).toMatchObject({ accessToken: 'token-1', origin: 'l1' })
    expect(events.at(-1)).toMatchObject({ type: 'token_acquired', origin: 'l1' })
  })

  it("is nobody else's, and for no other scopes", async () => {
    const { atHand, clock } = await withOneToken()
    expect(atHand({}, createCaller(clock, 'bob'))).toBeUndefined()
    expect(atHand({}, createCaller(clock, 'alice', 'another session'))).toBeUndefined()
    expect(atHand({ scopes: ['api://todolist/Todos.Write'] })).toBeUndefined()
  })

  it('is none when a new one is wanted, or nobody waits any more', async () => {
    const { atHand } = await withOneToken()
    expect(atHand({ forceRefresh: true })).toBeUndefined()
    expect(atHand({ claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' })).toBeUndefined()
    expect(atHand({ signal: AbortSignal.abort() })).toBeUndefined()
  })

  it('is none once it is due for renewal: the source serves it and renews it', async () => {
    const { atHand, caller, ...scenario } = await withOneToken()
    scenario.clock.advanceSeconds(1790)
    expect(atHand()).toBeDefined()
    scenario.clock.advanceSeconds(20)
    expect(atHand()).toBeUndefined()
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-1')
    await settle()
    expect(scenario.authority.requests).toHaveLength(2)
  })

  it('is none in its last five minutes, even when nothing said when to renew it', async () => {
    const { atHand, caller, ...scenario } = await withOneToken()
    scenario.authority.answer = granted({ expires_in: 3600, refresh_in: 3600 })
    await scenario.onBehalfOf(caller, { forceRefresh: true })
    scenario.clock.advanceSeconds(3299)
    expect(atHand()).toBeDefined()
    scenario.clock.advanceSeconds(1)
    expect(atHand()).toBeUndefined()
  })

  it('is none after the account was forgotten', async () => {
    const { atHand, source, requests, caller } = await withOneToken()
    await source.forget(requests.partition(caller.account?.id ?? ''))
    expect(atHand()).toBeUndefined()
  })
})
