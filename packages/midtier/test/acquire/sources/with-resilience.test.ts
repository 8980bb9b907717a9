import { describe, expect, it } from 'vitest'
import { withResilience } from '../../../src/acquire/sources/with-resilience.ts'
import type { TokenRequest } from '../../../src/acquire/token-source.ts'
import { AuthorityUnavailableError } from '../../../src/kernel/errors/errors.ts'
import { createCaller, createScenario, todoScopes } from '../scenario.ts'
import { requestLimits } from '../limits.ts'

/** A source that never answers: every try takes as long as it may. */
function createHanging(tryTimeoutMs: number) {
  const { clock, requests, context } = createScenario()
  const tries: number[] = []
  const source = {
    acquire: async ({ timeoutMs }: TokenRequest) => {
      const takesMs = Math.min(timeoutMs ?? tryTimeoutMs, tryTimeoutMs)
      tries.push(takesMs)
      clock.ms += takesMs
      throw new AuthorityUnavailableError('no answer', 5)
    },
  }
  const sleep = async (ms: number) => void (clock.ms += ms)
  const resilient = withResilience(source, requestLimits({}, tryTimeoutMs).resilience, {
    clock,
    random: () => 0,
    sleep,
  })
  const request = requests.onBehalfOf(createCaller(clock), { scopes: todoScopes }, context)
  const startedMs = clock.ms
  return {
    tries,
    tookMs: async () => {
      await expect(resilient.acquire(request)).rejects.toThrow('no answer')
      return clock.ms - startedMs
    },
  }
}

describe('an endpoint that hangs', () => {
  it.each([
    [1000, [1000, 1000, 1000], 3000],
    [3500, [3500, 3500, 1000], 8000],
    [10_000, [10_000], 10_000],
  ])('costs no more than the budget with a time limit of %i ms', async (tryTimeoutMs, tries, tookMs) => {
    const hanging = createHanging(tryTimeoutMs)
    expect(await hanging.tookMs()).toBe(tookMs)
    expect(hanging.tries).toEqual(tries)
  })
})
