import { describe, expect, it } from 'vitest'
import { createStubAuthority } from '../../grants/stub-authority.ts'
import { createInvalidations } from '../../../src/acquire/shared/invalidations.ts'
import { createSharedStore } from '../../../src/acquire/shared/shared-store.ts'
import { createCaller, createScenario, HandClock, settle, type Scenario } from '../scenario.ts'
import { createSharedTextStore } from '../shared-text-store.ts'

const otherTenantId = '44444444-4444-4444-4444-444444444444'
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'

function createTwoProcesses() {
  const clock = new HandClock()
  const shared = createSharedTextStore(clock)
  const authority = createStubAuthority()
  const process = () => createScenario({}, { clock, l2: shared.store }, authority)
  const [one, two] = [process(), process()]
  const caller = createCaller(clock)
  const forget = () => one.source.forget(one.requests.partition(caller.account!.id))
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
    expect(shared.messages).toHaveLength(2)
    for (const message of shared.messages)
      expect(message).toMatch(/^2 [\w-]{36} \d+ \d+ forget\/2 [\w-]{43}$/)
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
    expect(shared.memory.size).toBe(1) // that the account was forgotten
  })

  it('is forgotten by a process that hears messages it does not understand', async () => {
    const { shared, two, caller, forget } = createTwoProcesses()
    await two.onBehalfOf(caller)
    for (const listener of shared.listeners)
      for (const message of [
        '',
        'forget/2 x',
        '2 a 1 1800000000000 forget/2 x',
        '2 a 2 1800000000000 forget/9 x',
        '{}',
      ])
        listener(message)
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

describe('a process that could not hear for a while', () => {
  it('forgets everything when it hears again: nobody knows what it missed', async () => {
    const { clock, shared, one, two, caller, forget } = createTwoProcesses()
    const bob = createCaller(clock, 'bob')
    await one.onBehalfOf(caller)
    await two.onBehalfOf(caller)
    await two.onBehalfOf(bob)
    await two.forClient()
    const deaf = [...shared.listeners]
    shared.listeners.clear()
    await forget()
    expect((await two.silent(caller)).origin).toBe('l1') // what nobody has told it
    for (const listener of deaf) shared.listeners.add(listener)
    shared.begin()
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
    expect((await two.silent(bob)).origin).toBe('l2')
    expect((await two.forClient()).origin).toBe('l2')
  })

  it('does not keep what it was asking for meanwhile', async () => {
    const { shared, authority, two, caller, forget } = createTwoProcesses()
    const answer = authority.answer
    let release: () => void = () => undefined
    authority.answer = async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return answer(seen)
    }
    const underWay = two.onBehalfOf(caller)
    await settle()
    const deaf = [...shared.listeners]
    shared.listeners.clear()
    await forget()
    for (const listener of deaf) shared.listeners.add(listener)
    shared.begin()
    release()
    await underWay
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
    expect(shared.memory.size).toBe(1) // that the account was forgotten
  })

  it('asks for nothing that it keeps before it can hear, unless that takes too long', async () => {
    const clock = new HandClock()
    const shared = createSharedTextStore(clock)
    let markReady: () => void = () => undefined
    const ready = new Promise<void>((resolve) => (markReady = resolve))
    const l2 = { ...shared.store, subscribe: () => ({ ready, close: () => undefined }) }
    const patient = createScenario({ storeTimeoutMs: 60_000 }, { clock, l2 })
    const waiting = patient.onBehalfOf(createCaller(clock))
    await settle()
    expect(shared.operations).toEqual([])
    markReady()
    await waiting
    expect(shared.operations).toContain('get')
    const neverReady = {
      ...l2,
      subscribe: () => ({ ready: new Promise<void>(() => undefined), close: () => undefined }),
    }
    const impatient = createScenario({ storeTimeoutMs: 5 }, { clock, l2: neverReady })
    expect((await impatient.onBehalfOf(createCaller(clock, 'bob'))).origin).toBe('authority')
  })
})

describe('a message', () => {
  it('is the same from every process, whatever else it keeps: a digest of the account, or of account and slot', async () => {
    const shared = createSharedTextStore(new HandClock())
    const limits = [{ timeoutMs: 500 }, { clock: new HandClock(), random: () => 0 }] as const
    const kept = { maxEntries: 1, isKept: () => true, drop: () => undefined }
    const own = createInvalidations(createSharedStore(shared.store, ...limits), kept)
    await own.publishForgotten('partition of alice')
    await own.publishReplaced({ partition: 'partition of alice', key: 'a key' })
    await own.publishReplaced({ partition: 'partition of alice', key: '' })
    expect(shared.messages.map((message) => message.split(' ').slice(-2).join(' '))).toEqual([
      'forget/2 F2afIcaWqcGFKSKSv-9qXveDnBdARr2Ds15pl_NwF-0',
      'replaced/1 8UUWM6ipNB0cBHGnVtNiOpXLi2wver0BzqJQVoibunQ',
      'replaced/1 iUzRzi5aFRhaEp456YAOftAgEJln05pXyOFwA0SCe4Q',
    ])
  })
})

describe('what a process keeps', () => {
  it('is as much as it may, however many accounts that is, though it listens', async () => {
    const clock = new HandClock()
    const limits = [{ timeoutMs: 500 }, { clock, random: () => 0 }] as const
    const shared = createSharedStore(createSharedTextStore(clock).store, ...limits)
    const dropped: unknown[] = []
    const kept = { maxEntries: 110_000, isKept: () => true, drop: (which: unknown) => dropped.push(which) }
    const invalidations = createInvalidations(shared, kept)
    for (let index = 0; index < kept.maxEntries; index += 1)
      await invalidations.watch({ partition: `user ${index}`, key: 'k' })
    expect(dropped).toEqual([])
  })
})

describe("an API's challenge to the application's own token", () => {
  const replace = (process: Scenario, scope: string): Promise<unknown> =>
    process.forClient({ scopes: [scope], claims })

  it('is answered anew by every process, for that API and no other', async () => {
    const { one, two } = createTwoProcesses()
    const scopes = ['api://hostile/.default', 'api://a/.default', 'api://b/.default']
    for (const scope of scopes) await two.forClient({ scopes: [scope] })
    await two.forClient({ scopes: ['api://a/.default'], tenantId: otherTenantId })
    await replace(one, 'api://hostile/.default')
    await settle()
    const origins = await Promise.all(
      scopes.map(async (scope) => (await two.forClient({ scopes: [scope] })).origin),
    )
    expect(origins).toEqual(['l2', 'l1', 'l1'])
    expect((await two.forClient({ scopes: ['api://a/.default'], tenantId: otherTenantId })).origin).toBe('l1')
  })

  it('does not let an older answer that another process has under way overwrite the new one', async () => {
    const { authority, one, two } = createTwoProcesses()
    const answer = authority.answer
    let release: () => void = () => undefined
    authority.answer = async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return answer(seen)
    }
    const older = two.forClient({ scopes: ['api://a/.default'] })
    await settle()
    authority.answer = answer
    await replace(one, 'api://a/.default')
    await settle()
    release()
    await older
    expect((await two.forClient({ scopes: ['api://a/.default'] })).origin).toBe('l2')
  })
})

describe('a token that an API rejected at one process', () => {
  it('is said to be replaced when it is, though nobody waits for that any more', async () => {
    const { shared, authority, one, two, caller } = createTwoProcesses()
    await one.onBehalfOf(caller)
    await two.onBehalfOf(caller)
    const answer = authority.answer
    let release: () => void = () => undefined
    authority.answer = async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return answer(seen)
    }
    const controller = new AbortController()
    const abandoned = one.onBehalfOf(caller, { claims, signal: controller.signal })
    await settle()
    controller.abort(new Error('the client went away'))
    await expect(abandoned).rejects.toThrow('the client went away')
    await settle()
    expect(shared.messages).toEqual([])
    release()
    await settle()
    expect(shared.messages).toHaveLength(1)
    expect((await two.silent(caller)).accessToken).toBe('token-2')
  })

  it('takes no other token of that user along', async () => {
    const { one, two, caller } = createTwoProcesses()
    const other = { scopes: ['api://other/Read'] }
    await two.onBehalfOf(caller)
    await two.onBehalfOf(caller, other)
    await one.onBehalfOf(caller, { claims })
    await settle()
    expect((await two.silent(caller)).origin).toBe('l2')
    expect((await two.silent(caller, other)).origin).toBe('l1')
  })

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
