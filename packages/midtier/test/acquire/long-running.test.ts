import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLongRunning } from '../../src/acquire/long-running.ts'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { forgettings } from '../../src/kernel/forgettings.ts'
import type { ObservedEvent } from '../../src/kernel/observer.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import type { SealedTokenStore } from '../../src/token-cache/store.ts'
import {
  type Answer,
  createStubAuthority,
  granted,
  html,
  inTurn,
  recorded,
} from '../grants/stub-authority.ts'
import { defaultLifetimeSeconds as lifetimeSeconds } from '../settings/default-settings.ts'
import { createCaller, createScenario, HandClock, settle, todoScopes } from './scenario.ts'
import { createSharedTextStore } from './shared-text-store.ts'

const hour = 3600
const day = 24 * hour

/** Grants a refresh token with every token: `refresh-1`, `refresh-2`, … */
function rotating(): Answer {
  let count = 0
  return (seen) => granted({ access_token: `token-${(count += 1)}`, refresh_token: `refresh-${count}` })(seen)
}

function createWorld(seal: (store: SealedTokenStore) => SealedTokenStore = (store) => store) {
  const clock = new HandClock()
  const shared = createSharedTextStore(clock)
  const authority = createStubAuthority(rotating())
  const sleep = async (durationMs: number): Promise<void> => {
    clock.ms += durationMs
    await settle()
  }
  /** A process with nothing in its memory. */
  const startProcess = () => {
    const scenario = createScenario(
      { storeTimeoutMs: 60_000 },
      { clock, sleep, l2: seal(shared.store) },
      authority,
    )
    const { requests, source, context } = scenario
    const longRunning = createLongRunning({
      requests,
      source,
      sessions: source.sessions,
      clock,
      lifetimeSeconds,
    })
    return {
      ...scenario,
      start: (caller = createCaller(clock)) => longRunning.start(caller, { scopes: todoScopes }, context),
      acquire: (key: string, options = {}) => longRunning.acquire(key, options, context),
      stop: (key: string) => longRunning.stop(key),
    }
  }
  return { clock, shared, authority, startProcess, api: startProcess(), worker: startProcess() }
}

const unknown = { code: 'acquisition_impossible', reason: 'session_unknown' }
const revoked = { code: 'interaction_required', reason: 'sign_in_required' }
const storeDown = { code: 'token_store_failed' }

describe('a long-running session', () => {
  it('gives its first token from the cache, to any process', async () => {
    const { authority, api, worker } = createWorld()
    const key = await api.start()
    expect(key).toMatch(/^[\w-]{43}$/)
    expect((await api.acquire(key)).accessToken).toBe('token-1')
    expect((await worker.acquire(key)).accessToken).toBe('token-1')
    expect(authority.requests).toHaveLength(1)
    expect(authority.requests[0]!.body.get('scope')).toContain('offline_access')
  })

  it('goes on when the assertion has expired, after a restart, with each rotated refresh token', async () => {
    const { clock, authority, api, startProcess } = createWorld()
    const key = await api.start()
    for (let days = 1; days <= 3; days += 1) {
      clock.advanceSeconds(day)
      expect((await startProcess().acquire(key)).accessToken).toBe(`token-${days + 1}`)
      const { body } = authority.requests.at(-1)!
      expect([body.get('grant_type'), body.get('refresh_token'), body.get('assertion')]).toEqual([
        'refresh_token',
        `refresh-${days}`,
        null,
      ])
      expect(body.get('scope')).toBe(`${todoScopes[0]} openid profile offline_access`)
    }
  })

  it('is refreshed once for everybody who asks at the same time, in all processes', async () => {
    const { clock, authority, api, worker } = createWorld()
    const key = await api.start()
    clock.advanceSeconds(2 * hour)
    const tokens = await Promise.all(
      [api, worker].flatMap((process) => Array.from({ length: 10 }, () => process.acquire(key))),
    )
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-2']))
    expect(authority.requests).toHaveLength(2)
  })

  it('gives tokens for other scopes than it began with', async () => {
    const { authority, api, worker } = createWorld()
    const key = await api.start()
    expect((await worker.acquire(key, { scopes: ['User.Read'] })).accessToken).toBe('token-2')
    expect((await worker.acquire(key)).accessToken).toBe('token-1')
    expect(authority.requests.at(-1)!.body.get('scope')).toContain('User.Read')
  })

  it('shares nothing with another session of the same user, nor with the requests of that user', async () => {
    const { api, worker, clock } = createWorld()
    const [one, two] = [await api.start(), await api.start()]
    expect(one).not.toBe(two)
    expect((await worker.acquire(one)).accessToken).toBe('token-1')
    expect((await worker.acquire(two)).accessToken).toBe('token-2')
    expect((await worker.onBehalfOf(createCaller(clock))).accessToken).toBe('token-3')
  })

  it('answers a claims challenge by its refresh token', async () => {
    const { authority, api } = createWorld()
    const key = await api.start()
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    expect((await api.acquire(key, { claims })).accessToken).toBe('token-2')
    expect(authority.requests.at(-1)!.body.get('claims')).toContain('"nbf"')
  })

  it('serves its cached token while the authority is down, and survives that', async () => {
    const { clock, authority, api, worker } = createWorld()
    const key = await api.start()
    const answer = authority.answer
    authority.answer = html(503)
    expect((await worker.acquire(key)).accessToken).toBe('token-1')
    clock.advanceSeconds(2 * hour)
    await expect(worker.acquire(key)).rejects.toMatchObject({ code: 'authority_unavailable' })
    authority.answer = answer
    clock.advanceSeconds(60)
    expect((await worker.acquire(key)).accessToken).toBe('token-2')
  })

  it('keeps its refresh token when the authority sends no new one', async () => {
    const { clock, authority, api, worker } = createWorld()
    const key = await api.start()
    authority.answer = granted()
    for (let turn = 0; turn < 2; turn += 1) {
      clock.advanceSeconds(2 * hour)
      await worker.acquire(key)
      expect(authority.requests.at(-1)!.body.get('refresh_token')).toBe('refresh-1')
    }
  })
})

describe('a session that is not there', () => {
  it('is an error of its own, and costs no read when the key cannot be one', async () => {
    const { shared, worker } = createWorld()
    await expect(worker.acquire('x')).rejects.toMatchObject(unknown)
    expect(shared.operations).toEqual([])
    await expect(worker.acquire(randomBytes(32).toString('base64url'))).rejects.toMatchObject(unknown)
    expect(await worker.stop('x')).toBe(false)
  })

  it('was stopped, by any process and for all of them', async () => {
    const { shared, api, worker } = createWorld()
    const key = await api.start()
    await api.acquire(key)
    expect(await worker.stop(key)).toBe(true)
    expect(await worker.stop(key)).toBe(false)
    await expect(api.acquire(key)).rejects.toMatchObject(unknown)
    expect(JSON.stringify([...stored(shared)])).not.toContain('refresh-')
  })

  it('ended when its account was forgotten', async () => {
    const { clock, shared, api, worker } = createWorld()
    const key = await api.start()
    await api.source.forget(api.requests.partition(createCaller(clock).account!.id))
    await expect(worker.acquire(key)).rejects.toMatchObject(unknown)
    expect(JSON.stringify([...stored(shared)])).not.toContain('refresh-')
  })

  it('is over after 90 days', async () => {
    const { clock, api, worker } = createWorld()
    const key = await api.start()
    clock.advanceSeconds(89 * day)
    await worker.acquire(key)
    clock.advanceSeconds(day)
    await expect(worker.acquire(key)).rejects.toMatchObject(unknown)
  })

  it('is over after 90 days, though it began and was refreshed while the clock ran ahead', async () => {
    const { clock, shared, api, worker } = createWorld()
    const kept: number[] = []
    const write = shared.store.set.bind(shared.store)
    shared.store.set = (slot, text, ttlMs) => {
      kept.push(ttlMs)
      return write(slot, text, ttlMs)
    }
    clock.advanceSeconds(10 * day)
    const key = await api.start()
    clock.advanceSeconds(-10 * day)
    expect((await worker.acquire(key)).accessToken).toBe('token-2') // nobody knows how long the first one lives
    clock.advanceSeconds(89 * day)
    await worker.acquire(key)
    clock.advanceSeconds(day)
    await expect(worker.acquire(key)).rejects.toMatchObject(unknown)
    expect(Math.max(...kept)).toBe(90 * day * 1000)
  })

  it('goes on when the clock is set back by days, with a new token', async () => {
    const { clock, api, worker } = createWorld()
    const key = await api.start()
    clock.advanceSeconds(-10 * day)
    expect((await worker.acquire(key)).accessToken).toBe('token-2')
    expect((await api.acquire(key)).accessToken).toBe('token-2')
  })

  it.each(['stopped', 'forgotten'])(
    'is not brought back by a refresh under way while it is %s',
    async (how) => {
      const { clock, shared, authority, api, worker } = createWorld()
      const key = await api.start()
      clock.advanceSeconds(2 * hour)
      const answer = authority.answer
      let release: () => void = () => undefined
      authority.answer = async (seen) => {
        await new Promise<void>((resolve) => (release = resolve))
        return answer(seen)
      }
      const underWay = worker.acquire(key)
      await settle()
      if (how === 'stopped') await api.stop(key)
      else await api.source.forget(api.requests.partition(createCaller(clock).account!.id))
      release()
      expect((await underWay).accessToken).toBe('token-2')
      expect(JSON.stringify([...stored(shared)])).not.toContain('refresh-')
      await expect(worker.acquire(key)).rejects.toMatchObject(unknown)
    },
  )
})

describe('an account that is forgotten while a session begins', () => {
  const forget = ({ clock, worker }: ReturnType<typeof createWorld>, process = worker): Promise<void> =>
    process.source.forget(process.requests.partition(createCaller(clock).account!.id))

  it.each(['the same process', 'another process'])('has none afterwards, forgotten by %s', async (which) => {
    const world = createWorld()
    const { shared, authority, api, worker } = world
    const answer = authority.answer
    authority.answer = async (seen) => {
      await forget(world, which === 'another process' ? worker : api)
      return answer(seen)
    }
    await expect(api.start()).rejects.toMatchObject(unknown)
    expect(JSON.stringify([...stored(shared)])).not.toContain('refresh-')
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'has none afterwards and leaves nothing, forgotten before operation %i of the store after the exchange',
    async (which) => {
      const world = createWorld()
      const { shared, authority, api } = world
      const answer = authority.answer
      const seen = { isForgotten: false }
      authority.answer = async (request) => {
        let count = 0
        shared.before = async () => {
          count += 1
          if (count !== which) return
          shared.before = () => undefined
          seen.isForgotten = true
          await forget(world)
        }
        return answer(request)
      }
      const outcome = await api.start().catch(() => undefined)
      if (!seen.isForgotten) return // there are not so many
      if (outcome !== undefined) await expect(api.acquire(outcome)).rejects.toMatchObject(unknown)
      expect(JSON.stringify([...stored(shared)])).not.toContain('refresh-')
      expect(world.shared.memory.size).toBe(1) // that the account was forgotten
    },
  )

  it('has none that a caller begins who was authenticated before, and one that a later caller does', async () => {
    const world = createWorld()
    const { clock, authority, api } = world
    const before = { ...createCaller(clock), authenticatedAtMs: clock.ms }
    await forget(world)
    await expect(api.start(before)).rejects.toMatchObject(unknown)
    clock.advanceSeconds(-60)
    await expect(api.start(before)).rejects.toMatchObject(unknown)
    expect(authority.requests).toHaveLength(0)
    clock.advanceSeconds(61)
    const key = await api.start({ ...before, authenticatedAtMs: clock.ms })
    expect((await api.acquire(key)).accessToken).toBe('token-1')
  })

  it.each([-3600, 0, 3600])(
    'tells before from after whatever its clock was set to in between (%i s)',
    async (setBy) => {
      const world = createWorld()
      const { clock, api } = world
      const authenticate = () => ({
        ...createCaller(clock),
        authenticatedAtMs: clock.ms,
        forgettingsBefore: forgettings.count,
      })
      const before = authenticate()
      clock.advanceSeconds(setBy)
      await forget(world)
      clock.advanceSeconds(-setBy)
      await expect(api.start(before)).rejects.toMatchObject(unknown)
      const key = await api.start(authenticate())
      expect((await api.acquire(key)).accessToken).toBe('token-1')
    },
  )

  it('has none for who was authenticated before another process forgot by a clock that runs ahead, and one for who comes again', async () => {
    const world = createWorld()
    const { clock, api, shared } = world
    const authenticate = () => ({
      ...createCaller(clock),
      authenticatedAtMs: clock.ms,
      forgettingsBefore: forgettings.count,
    })
    const before = authenticate()
    const { set } = shared.store
    shared.store.set = (slot, text, ttlMs) =>
      set(slot, text.replace(/"by":"[^"]*"/, '"by":"another process"'), ttlMs)
    clock.advanceSeconds(3600)
    await forget(world)
    clock.advanceSeconds(-3600)
    await expect(api.start(before)).rejects.toMatchObject(unknown)
    await expect(api.start(before)).rejects.toMatchObject(unknown)
    const key = await api.start(authenticate())
    expect((await api.acquire(key)).accessToken).toBe('token-1')
  })

  it('takes no session of another account along', async () => {
    const world = createWorld()
    const { clock, authority, api } = world
    const answer = authority.answer
    authority.answer = async (seen) => {
      await forget(world)
      return answer(seen)
    }
    const key = await api.start(createCaller(clock, 'bob'))
    expect((await api.acquire(key)).accessToken).toBe('token-1')
  })
})

describe('a refresh that the authority refuses', () => {
  it('says that the user has to sign in, and ends the session', async () => {
    const { clock, shared, authority, api, worker } = createWorld()
    const key = await api.start()
    clock.advanceSeconds(2 * hour)
    authority.answer = recorded.sessionRevoked
    await expect(worker.acquire(key)).rejects.toMatchObject(revoked)
    await expect(api.acquire(key)).rejects.toMatchObject(unknown)
    expect(authority.requests).toHaveLength(2)
    expect(JSON.stringify([...stored(shared)])).not.toContain('refresh-')
  })

  it('is tried once more when another process has rotated the refresh token meanwhile', async () => {
    const { clock, authority, api, worker } = createWorld()
    const key = await api.start()
    const answer = authority.answer
    authority.answer = async (seen) => {
      authority.answer = answer
      await api.acquire(key, { scopes: ['Mail.Read'] })
      return recorded.sessionRevoked(seen)
    }
    clock.advanceSeconds(2 * hour)
    expect((await worker.acquire(key)).accessToken).toBe('token-3')
    expect(authority.requests.at(-1)!.body.get('refresh_token')).toBe('refresh-2')
  })

  it.each([
    ['consent', recorded.consentMissing],
    ['a second factor', recorded.mfaDemanded],
    ['a policy', recorded.blockedByPolicy],
    ['our own secret', recorded.wrongSecret],
  ])('for want of %s leaves the session as it is', async (_name, refusal) => {
    const { authority, api, worker } = createWorld()
    const key = await api.start()
    const answer = authority.answer
    authority.answer = inTurn(refusal, answer)
    await expect(worker.acquire(key, { scopes: ['Mail.Read'] })).rejects.toHaveProperty('facts')
    expect((await worker.acquire(key, { scopes: ['Mail.Read'] })).accessToken).toBe('token-2')
  })
})

const failuresOf = ({ events }: { readonly events: readonly ObservedEvent[] }): readonly string[] =>
  events.flatMap((event) => (event.type === 'store_failed' ? [event.operation] : []))

describe('a store that is down', () => {
  it('is an error of its own for whatever is done with a session', async () => {
    const { shared, api, worker } = createWorld()
    const key = await api.start()
    await api.acquire(key)
    shared.before = () => Promise.reject(new Error('ECONNREFUSED'))
    await expect(api.acquire(key)).rejects.toMatchObject(storeDown)
    await expect(worker.acquire(key)).rejects.toMatchObject(storeDown)
    await expect(worker.stop(key)).rejects.toMatchObject(storeDown)
    await expect(worker.start()).rejects.toMatchObject(storeDown)
    shared.before = () => undefined
    expect((await worker.acquire(key)).accessToken).toBe('token-1')
  })

  it('does not keep back a token that was refreshed', async () => {
    const { clock, shared, api, worker } = createWorld()
    const key = await api.start()
    clock.advanceSeconds(2 * hour)
    shared.before = (operation) => {
      if (operation === 'set') throw new Error('READONLY')
    }
    expect((await worker.acquire(key)).accessToken).toBe('token-2')
    // Neither the session's new refresh token nor the access token could be kept.
    expect(failuresOf(worker)).toEqual(['set', 'set'])
    shared.before = () => undefined
    expect((await api.acquire(key)).accessToken).toBe('token-3')
  })

  it('does not hide that a session was revoked', async () => {
    const { clock, shared, authority, api, worker } = createWorld()
    const key = await api.start()
    clock.advanceSeconds(2 * hour)
    authority.answer = recorded.sessionRevoked
    shared.before = (operation) => {
      if (operation === 'delete') throw new Error('READONLY')
    }
    await expect(worker.acquire(key)).rejects.toMatchObject(revoked)
    expect(failuresOf(worker)).toEqual(['delete'])
  })
})

describe('starting a session', () => {
  it('is refused without a shared store', () => {
    const { requests, source, clock } = createScenario()
    expect(() =>
      createLongRunning({ requests, source, sessions: source.sessions, clock, lifetimeSeconds }),
    ).toThrow(ConfigurationError)
  })

  it('is refused to an application', async () => {
    const { clock, authority, api } = createWorld()
    const application = createCaller(clock, 'daemon', '1', { kind: 'app' })
    await expect(api.start(application)).rejects.toMatchObject({ reason: 'app_only_caller' })
    expect(authority.requests).toHaveLength(0)
  })

  it('fails when the authority gives no refresh token', async () => {
    const { authority, api } = createWorld()
    authority.answer = granted()
    await expect(api.start()).rejects.toMatchObject({ reason: 'no_refresh_token' })
  })

  it('leaves neither key nor refresh token where it could be read', async () => {
    const ring = { current: 'k1', keys: { k1: randomBytes(32) } }
    const { clock, shared, api, worker } = createWorld((store) => sealed(store, ring))
    const texts: string[] = []
    const write = shared.store.set.bind(shared.store)
    shared.store.set = (slot, text, ttlMs) => {
      texts.push(text, slot.partition, slot.key)
      return write(slot, text, ttlMs)
    }
    const key = await api.start()
    clock.advanceSeconds(2 * hour)
    expect((await worker.acquire(key)).accessToken).toBe('token-2')
    expect(texts.length).toBeGreaterThan(10)
    const seen = JSON.stringify([texts, api.events, worker.events])
    expect(seen).not.toContain(key)
    expect(seen).not.toContain('refresh-')
  })
})

function* stored({ memory, written }: ReturnType<typeof createSharedTextStore>): Generator<string> {
  for (const slot of written) {
    const text = memory.get(slot)
    if (text !== undefined) yield text
  }
}
