// What is under way when its account is forgotten, or its token rejected: who asks afterwards is given something else, and nothing of it is kept.
import { describe, expect, it } from 'vitest'
import { createStubAuthority } from '../grants/stub-authority.ts'
import { createCaller, createScenario, HandClock, settle, type Scenario } from './scenario.ts'
import { createSharedTextStore } from './shared-text-store.ts'

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'

function createWorld() {
  const clock = new HandClock()
  const shared = createSharedTextStore(clock)
  const authority = createStubAuthority()
  const caller = createCaller(clock)
  const limits = { storeTimeoutMs: 60_000 }
  const forget = (process: Scenario) => process.source.forget(process.requests.partition(caller.account!.id))
  return {
    clock,
    shared,
    authority,
    caller,
    forget,
    alone: () => createScenario(limits, { clock }, authority),
    sharing: () => createScenario(limits, { clock, l2: shared.store }, authority),
    /** Keeps the next answer of the authority back; gives what lets it go. */
    holdNext: () => {
      const answer = authority.answer
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => (release = resolve))
      authority.answer = async (seen) => {
        authority.answer = answer
        const answered = answer(seen)
        await held
        return answered
      }
      return release
    },
    /** Keeps the next operation of this kind back, before it is done. */
    holdStore: (kind: string) => {
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => (release = resolve))
      shared.before = (operation) => {
        if (operation !== kind) return undefined
        shared.before = () => undefined
        return held
      }
      return release
    },
  }
}

type World = ReturnType<typeof createWorld>

describe.each(['alone', 'sharing'] as const)('in a process that is %s', (how) => {
  const start = (world: World): Scenario => world[how]()

  it('a request after the forgetting makes an exchange of its own, and keeps that', async () => {
    const world = createWorld()
    const { caller, authority } = world
    const process = start(world)
    const release = world.holdNext()
    const before = process.onBehalfOf(caller)
    await settle()
    await world.forget(process)
    const after = process.onBehalfOf(caller)
    await settle()
    release()
    expect((await before).accessToken).toBe('token-1')
    expect((await after).accessToken).toBe('token-2')
    expect((await process.silent(caller)).accessToken).toBe('token-2')
    expect(authority.requests).toHaveLength(2)
  })

  it('a renewal in the background is joined by nobody after the forgetting', async () => {
    const world = createWorld()
    const { clock, caller } = world
    const process = start(world)
    await process.onBehalfOf(caller)
    clock.advanceSeconds(2000)
    const release = world.holdNext()
    expect((await process.onBehalfOf(caller)).accessToken).toBe('token-1') // and is renewed
    await settle()
    await world.forget(process)
    const after = process.onBehalfOf(caller)
    await settle()
    release()
    expect((await after).accessToken).toBe('token-3')
    await settle()
    expect((await process.silent(caller)).accessToken).toBe('token-3')
  })

  it('those who wait together after the forgetting still make one exchange', async () => {
    const world = createWorld()
    const { caller, authority } = world
    const process = start(world)
    const release = world.holdNext()
    const before = process.onBehalfOf(caller)
    await settle()
    await world.forget(process)
    const after = Array.from({ length: 5 }, () => process.onBehalfOf(caller))
    release()
    await before
    after.push(process.onBehalfOf(caller))
    expect(new Set((await Promise.all(after)).map(({ accessToken }) => accessToken))).toEqual(
      new Set(['token-2']),
    )
    expect(authority.requests).toHaveLength(2)
  })

  it('what was asked for before a token was rejected is given to nobody who asks after that, though it is not replaced', async () => {
    const world = createWorld()
    const { caller, authority } = world
    const process = start(world)
    const release = world.holdNext()
    const before = process.onBehalfOf(caller)
    await settle()
    const answer = authority.answer
    authority.answer = () => Promise.reject(new TypeError('fetch failed'))
    await expect(process.onBehalfOf(caller, { claims })).rejects.toMatchObject({
      code: 'authority_unavailable',
    })
    authority.answer = answer
    const after = process.onBehalfOf(caller)
    await settle()
    release()
    await before
    expect((await after).accessToken).toBe('token-2')
    expect((await process.silent(caller)).accessToken).toBe('token-2')
  })

  it('the same challenge is answered once, however many are sent it', async () => {
    const world = createWorld()
    const process = start(world)
    await process.onBehalfOf(world.caller)
    await Promise.all(Array.from({ length: 5 }, () => process.onBehalfOf(world.caller, { claims })))
    expect(world.authority.requests).toHaveLength(2)
  })
})

describe('what was in the shared store', () => {
  it('is not brought back by a reading that was begun before it was forgotten', async () => {
    const world = createWorld()
    const { shared, caller, authority } = world
    const [one, two] = [world.sharing(), world.sharing()]
    await one.onBehalfOf(caller)
    const read = shared.store.get.bind(shared.store)
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    shared.store.get = async (slot) => {
      shared.store.get = read
      const text = await read(slot)
      await held
      return text
    }
    const slow = createScenario(
      { storeTimeoutMs: 60_000 },
      { clock: world.clock, l2: shared.store },
      authority,
    )
    const before = slow.onBehalfOf(caller)
    await settle()
    await world.forget(two)
    const after = slow.onBehalfOf(caller)
    await settle()
    release()
    expect((await before).accessToken).toBe('token-1')
    expect((await after).accessToken).toBe('token-2')
    expect((await slow.silent(caller)).accessToken).toBe('token-2')
  })

  it('is not written by who found nothing before the forgetting, and exchanged after', async () => {
    const world = createWorld()
    const { shared, caller } = world
    const [one, two] = [world.sharing(), world.sharing()]
    const release = world.holdStore('get')
    const before = two.onBehalfOf(caller)
    await settle()
    await world.forget(one)
    release()
    await before
    expect(shared.memory.size).toBe(1) // that the account was forgotten
    await expect(one.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('is deleted again by a process that wrote it after the deletion and before it heard', async () => {
    const world = createWorld()
    const { shared, caller } = world
    const [one, two] = [world.sharing(), world.sharing()]
    const releaseSet = world.holdStore('set')
    const underWay = two.onBehalfOf(caller)
    await settle()
    const [deaf, ...others] = [...shared.listeners]
    shared.listeners.clear()
    for (const other of others) shared.listeners.add(other)
    await world.forget(one)
    const late = shared.messages.splice(0)
    expect(late.length).toBe(2) // before the deletion, and after it
    deaf!(late[0]!)
    releaseSet()
    await underWay
    expect(shared.memory.size).toBe(1)
    deaf!(late[1]!)
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('is dropped by a process that read it between the first message and the deletion', async () => {
    const world = createWorld()
    const { caller } = world
    const [one, two] = [world.sharing(), world.sharing()]
    await one.onBehalfOf(caller)
    await two.onBehalfOf(createCaller(world.clock, 'bob')) // and so listens
    const release = world.holdStore('deletePartition')
    const forgetting = world.forget(one)
    await settle()
    expect((await two.onBehalfOf(caller)).accessToken).toBe('token-1')
    release()
    await forgetting
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('is not waited for: this process serves nothing of the account from the moment that it is forgotten', async () => {
    const world = createWorld()
    const { shared, caller } = world
    const process = world.sharing()
    await process.onBehalfOf(caller)
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    shared.before = (operation) => {
      if (operation === 'get') throw new Error('down')
      return operation === 'publish' ? held : undefined
    }
    const forgetting = world.forget(process)
    expect((await process.onBehalfOf(caller)).accessToken).toBe('token-2')
    release()
    await forgetting
    expect((await process.onBehalfOf(caller)).accessToken).toBe('token-3')
  })
})

describe('a write into the shared store that has begun when its account is forgotten', () => {
  /** Keeps the next write back; gives what lets it land. */
  function holdWrite({ shared }: World) {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    shared.before = (operation) => {
      if (operation !== 'set') return undefined
      shared.before = () => undefined
      return held
    }
    return release
  }

  it('is waited for, and deleted with what was read of it', async () => {
    const world = createWorld()
    const { caller } = world
    const [one, two] = [world.sharing(), world.sharing()]
    await two.onBehalfOf(createCaller(world.clock, 'bob')) // and so listens
    const land = holdWrite(world)
    const before = one.onBehalfOf(caller)
    await settle()
    let isForgotten = false
    const forgetting = world.forget(one).then(() => (isForgotten = true))
    await settle()
    expect(isForgotten).toBe(false)
    land()
    await Promise.all([before, forgetting])
    for (const process of [one, two])
      await expect(process.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('leaves nothing in the memory of those who have read it before it was deleted', async () => {
    const world = createWorld()
    const { shared, caller } = world
    const [one, two] = [world.sharing(), world.sharing()]
    await two.onBehalfOf(createCaller(world.clock, 'bob'))
    const land = holdWrite(world)
    const before = one.onBehalfOf(caller)
    await settle()
    await world.forget(two) // which does not know of the write; the other one hears of it
    const letDelete = world.holdStore('delete')
    land()
    await settle()
    expect((await two.onBehalfOf(caller)).accessToken).toBe('token-2')
    letDelete()
    await before
    await settle()
    expect(shared.memory.size).toBe(2) // that the account was forgotten, and the token of bob
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })
})
