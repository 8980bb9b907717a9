import { describe, expect, it } from 'vitest'
import { AuthorityUnavailableError } from '../../../src/kernel/errors/errors.ts'
import { MemoryStore } from '../../../src/token-cache/memory-store.ts'
import type { SealedTokenStore, Slot } from '../../../src/token-cache/store.ts'
import { createStubAuthority, granted, html } from '../../grants/stub-authority.ts'
import { createCaller, createScenario, HandClock, settle } from '../scenario.ts'
import { memoryBounds } from '../limits.ts'

/** A store shared by processes; it says that it seals, since the text is looked at here. */
function createSharedStore(clock: HandClock) {
  const slots: Slot[] = []
  const texts: string[] = []
  const memory = new MemoryStore<string>({ clock, sizeOf: (text) => text.length, ...memoryBounds })
  const store: SealedTokenStore = {
    sealed: true,
    get: (slot) => Promise.resolve(memory.get(slot)),
    set: (slot, text, ttlMs) => {
      slots.push(slot)
      texts.push(text)
      memory.set(slot, text, ttlMs)
      return Promise.resolve()
    },
    delete: async (slot) => {
      await Promise.resolve()
      memory.delete(slot)
    },
    deletePartition: async (partition) => {
      await Promise.resolve()
      memory.deletePartition(partition)
    },
  }
  return { store, memory, slots, texts }
}

function createTwoProcesses() {
  const clock = new HandClock()
  const shared = createSharedStore(clock)
  const authority = createStubAuthority()
  const process = () => createScenario({}, { clock, l2: shared.store }, authority)
  return { clock, authority, ...shared, one: process(), two: process(), caller: createCaller(clock) }
}

describe('a write that is given up', () => {
  it('is deleted again when it lands after its account was forgotten', async () => {
    const clock = new HandClock()
    const { store, memory } = createSharedStore(clock)
    let land: (() => void) | undefined
    const slow: SealedTokenStore = {
      ...store,
      set: (slot, text, ttlMs) => {
        if (land !== undefined) return store.set(slot, text, ttlMs)
        return new Promise((resolve) => {
          land = () => {
            memory.set(slot, text, ttlMs)
            resolve()
          }
        })
      },
    }
    const process = createScenario({ storeTimeoutMs: 5 }, { clock, l2: slow })
    const caller = createCaller(clock)
    await process.onBehalfOf(caller) // goes on when the store has been silent for 5 ms
    clock.advanceSeconds(3) // a store that was silent is left alone for two
    await process.source.forget(process.requests.partition(caller.account?.id ?? ''))
    expect(memory.size).toBe(1) // that the account was forgotten
    land?.()
    expect(memory.size).toBe(2)
    await settle()
    expect(memory.size).toBe(1)
  })
})

describe('a store shared by processes', () => {
  it('saves the second process the exchange', async () => {
    const { authority, one, two, caller } = createTwoProcesses()
    const first = await one.onBehalfOf(caller)
    const second = await two.onBehalfOf(caller)
    expect([second.accessToken, second.origin, second.correlationId]).toEqual([
      'token-1',
      'l2',
      first.correlationId,
    ])
    expect((await two.silent(caller)).origin).toBe('l1')
    expect(authority.requests).toHaveLength(1)
  })

  it('answers silently what another process obtained', async () => {
    const { one, two, caller } = createTwoProcesses()
    await one.onBehalfOf(caller)
    expect((await two.silent(caller)).origin).toBe('l2')
  })

  it('sees digests instead of users and scopes, and nothing in the clear needs to be searched', async () => {
    const { one, caller, slots } = createTwoProcesses()
    await one.onBehalfOf(caller)
    for (const { partition, key } of slots) expect(`${partition}.${key}`).toMatch(/^[\w-]{43}\.[\w-]{43}$/)
  })

  it('is renewed by one process for the other', async () => {
    const { clock, authority, one, two, caller } = createTwoProcesses()
    await one.onBehalfOf(caller)
    await two.onBehalfOf(caller)
    clock.advanceSeconds(1801)
    await one.onBehalfOf(caller)
    await settle()
    await two.onBehalfOf(caller)
    await settle()
    expect((await two.onBehalfOf(caller)).accessToken).toBe('token-2')
    expect(authority.requests).toHaveLength(2)
  })

  it('loses a rejected token in every place before the challenge is answered', async () => {
    const { authority, one, two, caller } = createTwoProcesses()
    await one.onBehalfOf(caller)
    authority.answer = html(503)
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    await expect(one.onBehalfOf(caller, { claims })).rejects.toBeInstanceOf(AuthorityUnavailableError)
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('forgets an account for all processes', async () => {
    const { one, two, caller } = createTwoProcesses()
    await one.onBehalfOf(caller)
    await one.source.forget(one.requests.partition(caller.account!.id))
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('keeps nothing that was being written while the account was forgotten', async () => {
    const { one, two, caller, store, memory } = createTwoProcesses()
    const write = store.set.bind(store)
    let release: () => void = () => undefined
    store.set = async (slot, text, ttlMs) => {
      await new Promise<void>((resolve) => (release = resolve))
      await write(slot, text, ttlMs)
    }
    const exchanged = one.onBehalfOf(caller)
    await settle()
    store.set = write
    const forgetting = one.source.forget(one.requests.partition(caller.account!.id))
    await settle()
    release()
    expect((await exchanged).accessToken).toBe('token-1')
    await forgetting
    expect(memory.size).toBe(1) // that the account was forgotten
    await expect(two.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })

  it('says so when what was being written while the account was forgotten cannot be deleted', async () => {
    const { one, caller, store } = createTwoProcesses()
    const write = store.set.bind(store)
    let release: () => void = () => undefined
    store.set = async (slot, text, ttlMs) => {
      await new Promise<void>((resolve) => (release = resolve))
      await write(slot, text, ttlMs)
    }
    const exchanged = one.onBehalfOf(caller)
    await settle()
    store.set = write
    const forgetting = one.source.forget(one.requests.partition(caller.account!.id))
    await settle()
    store.delete = () => Promise.reject(new Error('down'))
    release()
    expect((await exchanged).accessToken).toBe('token-1')
    await forgetting
    expect(one.events).toContainEqual(expect.objectContaining({ type: 'store_failed', operation: 'delete' }))
  })

  it('lets the first waiter go without failing those who joined it', async () => {
    const { one, authority, caller } = createTwoProcesses()
    const controller = new AbortController()
    const grant = authority.answer
    let release: () => void = () => undefined
    authority.answer = async (seen) => {
      await new Promise<void>((resolve) => (release = resolve))
      return grant(seen)
    }
    const impatient = one.onBehalfOf(caller, { signal: controller.signal })
    const patient = one.onBehalfOf(caller)
    await settle()
    controller.abort(new Error('the client went away'))
    await expect(impatient).rejects.toThrow('the client went away')
    release()
    expect((await patient).accessToken).toBe('token-1')
  })

  it("takes an entry that was moved to another user's slot for a miss", async () => {
    const { one, two, caller, memory, slots, texts } = createTwoProcesses()
    const mallory = createCaller(one.clock, 'mallory')
    await one.onBehalfOf(caller)
    await one.onBehalfOf(mallory)
    memory.set(slots[1]!, texts[0]!, 1_000_000)
    expect((await two.onBehalfOf(mallory)).accessToken).toBe('token-3')
  })
})

describe('a shared store that fails', () => {
  const failing = (fail: () => never | Promise<never>): SealedTokenStore => ({
    sealed: true,
    get: fail,
    set: fail,
    delete: fail,
    deletePartition: fail,
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error("READONLY You can't write against a read only replica.")
      },
    ],
    ['rejects', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('and %s is a miss that is reported', async (_name, fail) => {
    const scenario = createScenario({ storeTimeoutMs: 5 }, { l2: failing(fail) })
    const caller = createCaller(scenario.clock)
    expect((await scenario.onBehalfOf(caller)).accessToken).toBe('token-1')
    expect((await scenario.onBehalfOf(caller)).origin).toBe('l1')
    const reports = scenario.events.filter((event) => event.type === 'store_failed')
    expect(reports.map((event) => event.operation)).toEqual(['get', 'set'])
    expect(JSON.stringify(reports)).not.toMatch(/token-1|assertion-of/)
  })

  it('still lets this process forget, and says that the others may not have', async () => {
    const scenario = createScenario({}, { l2: failing(() => Promise.reject(new Error('down'))) })
    scenario.authority.answer = granted()
    const caller = createCaller(scenario.clock)
    await scenario.onBehalfOf(caller)
    await expect(
      scenario.source.forget(scenario.requests.partition(caller.account!.id)),
    ).rejects.toMatchObject({ code: 'token_store_failed' })
    await expect(scenario.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
  })
})
