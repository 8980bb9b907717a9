import { describe, expect, it } from 'vitest'
import { createStubAuthority } from '../grants/stub-authority.ts'
import { createCaller, createScenario, HandClock, settle } from './scenario.ts'
import { createSharedTextStore } from './shared-text-store.ts'

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'

function createTwoProcesses() {
  const clock = new HandClock()
  const shared = createSharedTextStore(clock)
  const authority = createStubAuthority()
  const process = () => createScenario({}, { clock, l2: shared.store }, authority)
  const [one, two] = [process(), process()]
  const caller = createCaller(clock)
  const forget = () => one.source.forget(one.requests.partition(caller.accountId!))
  return { clock, shared, authority, one, two, caller, forget }
}

describe('an account that is forgotten by one process', () => {
  it('is forgotten by every other one, cached tokens included', async () => {
    const { one, two, caller, forget } = createTwoProcesses()
    await one.onBehalfOf(caller)
    await two.onBehalfOf(caller)
    expect((await two.silent(caller)).origin).toBe('l1')
    await forget()
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('leaves other accounts alone', async () => {
    const { clock, two, forget } = createTwoProcesses()
    const bob = createCaller(clock, 'bob')
    await two.onBehalfOf(bob)
    await forget()
    expect((await two.silent(bob)).origin).toBe('l1')
  })

  it('is named to nobody who listens', async () => {
    const { shared, one, caller, forget } = createTwoProcesses()
    await one.onBehalfOf(caller)
    await forget()
    expect(shared.messages).toHaveLength(1)
    expect(shared.messages[0]).toMatch(/^forget\/1 [\w-]{36} [\w-]{43}$/)
  })

  it('is not brought back by what another process had under way', async () => {
    const { shared, authority, two, caller, forget } = createTwoProcesses()
    const answer = authority.answer
    let release: () => void = () => undefined
    authority.answer = async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return answer(seen)
    }
    const underWay = two.onBehalfOf(caller)
    await settle()
    await forget()
    release()
    expect((await underWay).accessToken).toBe('token-1')
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
    expect(shared.memory.size).toBe(0)
  })

  it('is forgotten by a process that hears messages it does not understand', async () => {
    const { shared, two, caller, forget } = createTwoProcesses()
    await two.onBehalfOf(caller)
    for (const listener of shared.listeners)
      for (const message of ['', 'forget/2 x y', 'forget/1 x', '{}']) listener(message)
    expect((await two.silent(caller)).origin).toBe('l1')
    await forget()
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('is no longer listened for after closing', async () => {
    const { shared, one, two, caller } = createTwoProcesses()
    await one.onBehalfOf(caller)
    await two.onBehalfOf(caller)
    expect(shared.listeners.size).toBe(2)
    await one.source.close()
    await two.source.close()
    expect(shared.listeners.size).toBe(0)
  })
})

describe('a token that an API rejected at one process', () => {
  it('is replaced at every other one', async () => {
    const { one, two, caller } = createTwoProcesses()
    await one.onBehalfOf(caller)
    await two.onBehalfOf(caller)
    await one.onBehalfOf(caller, { claims })
    await settle()
    expect((await two.silent(caller)).accessToken).toBe('token-2')
    expect((await one.silent(caller)).origin).toBe('l1')
  })
})
