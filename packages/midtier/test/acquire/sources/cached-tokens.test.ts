// Writes that land after they were given up: what was forgotten until then is deleted when it lands.
import { describe, expect, it } from 'vitest'
import { CachedTokens, type FollowedTokenStore } from '../../../src/acquire/sources/cached-tokens.ts'
import { AccessToken, type TokenRequest } from '../../../src/acquire/token-source.ts'
import { TokenStoreError } from '../../../src/kernel/errors/errors.ts'
import { createCaller, createScenario, HandClock, settle, todoScopes } from '../scenario.ts'

describe('a write that was given up', () => {
  /** A store that gives every write up at once. */
  function createWorld() {
    const clock = new HandClock()
    const operations: string[] = []
    const landings: { land: () => void; fail: () => void }[] = []
    const undone: TokenRequest[] = []
    const store: FollowedTokenStore = {
      get: () => undefined,
      set(_slot, _token, _ttlMs, sent) {
        operations.push('set')
        sent?.(
          new Promise<void>((resolve, reject) => {
            landings.push({ land: resolve, fail: () => reject(new Error('the connection was lost')) })
          }),
        )
        return Promise.reject(new TokenStoreError('set: no answer within 1 ms'))
      },
      delete: async () => void operations.push('delete'),
      deletePartition: async () => void operations.push('deletePartition'),
    }
    const tokens = new CachedTokens(store, { clock, origin: 'l2', undone: (request) => undone.push(request) })
    const { requests, context } = createScenario({}, { clock })
    const keep = async (name = 'alice'): Promise<TokenRequest> => {
      const request = requests.onBehalfOf(createCaller(clock, name), { scopes: todoScopes }, context)
      const pending = tokens.begin(request)
      await tokens.keep(request, createToken(clock), pending)
      tokens.end(pending)
      return request
    }
    return { tokens, operations, landings, undone, keep }
  }

  function createToken({ ms }: HandClock): AccessToken {
    return new AccessToken({
      accessToken: 'token',
      acquiredAtMs: ms,
      refreshAtMs: ms + 1_800_000,
      expiresAtMs: ms + 3_600_000,
      origin: 'authority',
    } as ConstructorParameters<typeof AccessToken>[0])
  }

  it.each(['land', 'fail'] as const)('is deleted when it is over, which is told (%s)', async (how) => {
    const { tokens, operations, landings, undone, keep } = createWorld()
    const { slot } = await keep()
    await tokens.forget(slot.partition)
    expect(operations).toEqual(['set', 'deletePartition'])
    landings[0]![how]()
    await settle()
    expect(operations).toEqual(['set', 'deletePartition', 'delete'])
    expect(undone.map((request) => request.slot)).toEqual([slot])
  })

  it('stays when it lands and nobody forgot it', async () => {
    const { tokens, operations, landings, undone, keep } = createWorld()
    await keep()
    const other = await keep('bob')
    await tokens.forget(other.slot.partition)
    landings[0]!.land()
    await settle()
    expect(operations).toEqual(['set', 'set', 'deletePartition'])
    expect(undone).toEqual([])
  })

  it('is deleted when everything was dropped meanwhile', async () => {
    const { tokens, operations, landings, keep } = createWorld()
    await keep()
    tokens.disown({})
    landings[0]!.land()
    await settle()
    expect(operations).toEqual(['set', 'delete'])
  })

  it('is remembered with a thousand others at most', async () => {
    const { tokens, operations, landings, keep } = createWorld()
    const { slot } = await keep()
    for (let n = 0; n < 1000; n += 1) await keep()
    await tokens.forget(slot.partition)
    operations.length = 0
    for (const { land } of landings) land()
    await settle()
    expect(operations).toHaveLength(1000)
  })
})
