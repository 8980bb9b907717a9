import { describe, expect, it } from 'vitest'
import { createTurns } from '../../../src/acquire/sources/take-turns.ts'
import { AccessToken, type TokenRequest } from '../../../src/acquire/token-source.ts'
import { TokenStoreError } from '../../../src/kernel/errors/errors.ts'
import { createStubAuthority, granted, inTurn, recorded } from '../../grants/stub-authority.ts'
import { createCaller, createScenario, HandClock, settle } from '../scenario.ts'
import { createSharedTextStore } from '../shared-text-store.ts'

/** Processes that share a store, an authority and a clock; waiting moves the clock and lets the others go on. */
function createProcesses(count: number) {
  const clock = new HandClock()
  const shared = createSharedTextStore(clock)
  const authority = createStubAuthority()
  const sleep = async (durationMs: number): Promise<void> => {
    clock.ms += durationMs
    await settle()
  }
  const processes = Array.from({ length: count }, () =>
    createScenario({}, { clock, sleep, l2: shared.store }, authority),
  )
  return { clock, shared, authority, processes, caller: createCaller(clock) }
}

const slowly = (authority: ReturnType<typeof createStubAuthority>): void => {
  const answer = authority.answer
  authority.answer = async (seen) => {
    await settle()
    await settle()
    return answer(seen)
  }
}

describe('processes that share a store with leases', () => {
  it('make one exchange of 200 concurrent cold requests', async () => {
    const { authority, processes, caller } = createProcesses(4)
    slowly(authority)
    const tokens = await Promise.all(
      processes.flatMap((process) => Array.from({ length: 50 }, () => process.onBehalfOf(caller))),
    )
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']))
    expect(authority.requests).toHaveLength(1)
  })

  it('renew a token once', async () => {
    const { clock, authority, processes, caller } = createProcesses(2)
    for (const process of processes) await process.onBehalfOf(caller)
    clock.advanceSeconds(1900)
    slowly(authority)
    await Promise.all(processes.map((process) => process.onBehalfOf(caller)))
    for (let turn = 0; turn < 20; turn += 1) await settle()
    const tokens = await Promise.all(processes.map((process) => process.onBehalfOf(caller)))
    expect(tokens.map(({ accessToken }) => accessToken)).toEqual(['token-2', 'token-2'])
    expect(authority.requests).toHaveLength(2)
  })

  it('do not wait for one another over different users', async () => {
    const { clock, authority, processes, caller } = createProcesses(2)
    await Promise.all([
      processes[0]!.onBehalfOf(caller),
      processes[1]!.onBehalfOf(createCaller(clock, 'bob')),
    ])
    expect(authority.requests).toHaveLength(2)
    expect(clock.ms).toBe(1_800_000_000_000)
  })

  it('each ask once it is their turn when the first one is refused', async () => {
    const { authority, processes, caller } = createProcesses(2)
    authority.answer = inTurn(recorded.consentMissing, granted())
    slowly(authority)
    const answers = await Promise.allSettled(processes.map((process) => process.onBehalfOf(caller)))
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('give the lease back, so that nobody waits for a process that is done', async () => {
    const { clock, authority, processes, caller } = createProcesses(2)
    authority.answer = inTurn(recorded.consentMissing, granted())
    await expect(processes[0]!.onBehalfOf(caller)).rejects.toMatchObject({ code: 'interaction_required' })
    await processes[1]!.onBehalfOf(caller)
    expect(clock.ms).toBe(1_800_000_000_000)
  })

  it('wait for a process that died no longer than its lease lasts', async () => {
    const { clock, shared, authority, processes, caller } = createProcesses(2)
    authority.answer = () => new Promise<never>(() => undefined)
    void processes[0]!.onBehalfOf(caller)
    await settle()
    authority.answer = granted()
    const startedMs = clock.ms
    expect((await processes[1]!.onBehalfOf(caller)).accessToken).toBe('token-1')
    expect(clock.ms - startedMs).toBeGreaterThan(2000)
    expect(clock.ms - startedMs).toBeLessThanOrEqual(3400)
    expect(shared.operations.filter((operation) => operation === 'lease').length).toBeLessThan(30)
  })

  it.each([
    ['goes on', 1],
    ['stands still', 0],
  ])('wait for a lease that never ends no longer than one lasts: the clock %s', async (_how, pace) => {
    const clock = new HandClock()
    const { store } = createSharedTextStore(clock)
    let sleptMs = 0
    const sleep = async (durationMs: number): Promise<void> => {
      sleptMs += durationMs
      clock.ms += pace * durationMs
      if (sleptMs > 60_000) throw new Error('waits for ever')
      await settle()
    }
    const l2 = { ...store, lease: () => undefined }
    const { accessToken } = await createScenario({}, { clock, sleep, l2 }).onBehalfOf(createCaller(clock))
    expect(accessToken).toBe('token-1')
    expect(sleptMs).toBeGreaterThan(2000)
    expect(sleptMs).toBeLessThanOrEqual(3400)
  })

  it.each([
    [0, [20, 40, 80, 160, 250, 250]],
    [0.5, [25, 50, 100, 200, 312.5, 312.5]],
  ])('look again less and less often, apart from one another (chance %s)', async (chance, pausesMs) => {
    const clock = new HandClock()
    const shared = createSharedTextStore(clock)
    const slept: number[] = []
    const sleep = async (durationMs: number): Promise<void> => {
      slept.push(durationMs)
      clock.ms += durationMs
      await settle()
    }
    const ports = { clock, sleep, random: () => chance, l2: shared.store }
    const authority = createStubAuthority(() => new Promise<never>(() => undefined))
    const [dead, alive] = [createScenario({}, ports, authority), createScenario({}, ports)]
    const caller = createCaller(clock)
    void dead.onBehalfOf(caller)
    await settle()
    await alive.onBehalfOf(caller)
    expect(slept.slice(0, pausesMs.length)).toEqual(pausesMs)
  })

  it('do not wait for the answer to a claims challenge of another, nor for a forced one', async () => {
    const { clock, authority, processes, caller } = createProcesses(2)
    slowly(authority)
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    await Promise.all([
      processes[0]!.onBehalfOf(caller),
      processes[1]!.onBehalfOf(caller, { claims }),
      processes[1]!.onBehalfOf(caller, { forceRefresh: true }),
    ])
    expect(authority.requests).toHaveLength(3)
    expect(clock.ms).toBe(1_800_000_000_000)
  })

  it('ask at once when leases cannot be had', async () => {
    const { clock, shared, authority, processes, caller } = createProcesses(2)
    shared.before = (operation) => {
      if (operation === 'lease') throw new Error('NOSCRIPT')
    }
    slowly(authority)
    await Promise.all(processes.map((process) => process.onBehalfOf(caller)))
    expect(authority.requests).toHaveLength(2)
    expect(clock.ms).toBe(1_800_000_000_000)
    expect(processes[0]!.events).toContainEqual(
      expect.objectContaining({ type: 'store_failed', operation: 'lease' }),
    )
  })

  it('take no lease for a token that is cached, or wanted from the cache alone', async () => {
    const { shared, processes, caller } = createProcesses(2)
    await expect(processes[0]!.silent(caller)).rejects.toMatchObject({ reason: 'no_token_cached' })
    expect(shared.operations).toEqual(['get'])
    await processes[0]!.onBehalfOf(caller)
    shared.operations.length = 0
    await processes[1]!.onBehalfOf(caller)
    expect(shared.operations).toEqual(['get'])
  })
})

describe('a lease', () => {
  const tokenOf = (accessToken: string): AccessToken =>
    new AccessToken({
      accessToken,
      tokenType: 'Bearer',
      scopes: [],
      acquiredAtMs: 0,
      expiresAtMs: 2,
      refreshAtMs: 1,
      correlationId: 'c',
      origin: 'authority',
    })

  function takeTurn(options: {
    readonly read?: () => Promise<AccessToken | undefined>
    readonly fill?: () => Promise<AccessToken>
    readonly release?: () => Promise<void>
  }) {
    const steps: string[] = []
    const events: unknown[] = []
    const release = async (): Promise<void> => {
      steps.push('release')
      await options.release?.()
    }
    const read = async (): Promise<AccessToken | undefined> => {
      steps.push('read')
      return options.read?.()
    }
    const fill = async (): Promise<AccessToken> => {
      steps.push('fill')
      return (await options.fill?.()) ?? tokenOf('filled')
    }
    const takeLease = async () => {
      steps.push('lease')
      return { release }
    }
    const sleep = async (): Promise<never> => Promise.reject(new Error('nobody is waited for'))
    const ports = { clock: new HandClock(), random: () => 0, sleep }
    const request = {
      slot: { partition: 'p', key: 'k' },
      context: { observe: (event: unknown) => events.push(event) },
    } as unknown as TokenRequest
    return { steps, events, taken: createTurns(takeLease, { leaseMs: 3000 }, ports)(request, read, fill) }
  }

  it('is given back when the slot is filled', async () => {
    const { steps, taken } = takeTurn({})
    expect((await taken).accessToken).toBe('filled')
    expect(steps).toEqual(['lease', 'read', 'fill', 'release'])
  })

  it('is given back when the slot is full already', async () => {
    const { steps, taken } = takeTurn({ read: async () => Promise.resolve(tokenOf('read')) })
    expect((await taken).accessToken).toBe('read')
    expect(steps).toEqual(['lease', 'read', 'release'])
  })

  it('is given back when the slot cannot be filled', async () => {
    const { steps, taken } = takeTurn({ fill: async () => Promise.reject(new Error('refused')) })
    await expect(taken).rejects.toThrow('refused')
    expect(steps).toEqual(['lease', 'read', 'fill', 'release'])
  })

  it('is given back when the slot cannot be read, and the slot is filled without it', async () => {
    const { steps, events, taken } = takeTurn({
      read: async () => Promise.reject(new TokenStoreError('get: reset')),
    })
    expect((await taken).accessToken).toBe('filled')
    expect(steps).toEqual(['lease', 'read', 'release', 'fill'])
    expect(events).toMatchObject([{ type: 'store_failed', operation: 'lease', message: 'get: reset' }])
  })

  it('that cannot be given back is told of, and ends by itself', async () => {
    const { events, taken } = takeTurn({
      release: async () => Promise.reject(new TokenStoreError('release: reset')),
    })
    expect((await taken).accessToken).toBe('filled')
    await settle()
    expect(events).toMatchObject([{ type: 'store_failed', operation: 'lease', message: 'release: reset' }])
  })

  it('covers no failure that is not the store’s', async () => {
    const { taken } = takeTurn({ read: async () => Promise.reject(new RangeError('a bug')) })
    await expect(taken).rejects.toThrow('a bug')
  })
})
