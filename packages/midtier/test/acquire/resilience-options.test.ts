// The option `resilience` of createWebApi, felt at the token endpoint.
import { describe, expect, it } from 'vitest'
import {
  AuthorityUnavailableError,
  clientSecret,
  createWebApi,
  type ObservedEvent,
  type ResilienceOptions,
} from '../../src/index.ts'
import { failureOf, HandClock } from '../client-auth/application.ts'

const tenantId = 'c0000000-0000-4000-8000-000000000001'
const scopes = ['api://todolist/.default']

/** An API whose token endpoint answers as it is told, and everything that was asked of it. */
function setUp(resilience: ResilienceOptions | undefined, answer: () => Response) {
  const clock = new HandClock()
  const events: ObservedEvent[] = []
  let requests = 0
  const api = createWebApi({
    tenantId,
    clientId: 'a0000000-0000-4000-8000-000000000002',
    clientCredential: clientSecret('s3cret'),
    clock,
    observer: (event) => events.push(event),
    fetch: async () => {
      requests += 1
      return answer()
    },
    ...(resilience === undefined ? {} : { resilience }),
  })
  const acquire = async (inTenant = tenantId) => {
    const failure = await failureOf(api.acquireTokenForClient({ scopes, tenantId: inTenant }))
    if (failure instanceof AuthorityUnavailableError) return failure
    throw failure
  }
  return { acquire, clock, events, requests: () => requests }
}

const down = (): Response => new Response('<html>', { status: 503 })
const throttling = (): Response =>
  new Response('{"error":"temporarily_unavailable"}', { status: 429, headers: { 'retry-after': '3600' } })

describe('the option resilience', () => {
  it.each([
    [undefined, 3],
    [{ maxRetries: 0 }, 1],
    [{ maxRetries: 1 }, 2],
  ])('decides how often a failing endpoint is asked: %j', async (resilience, tries) => {
    const { acquire, requests } = setUp(resilience, down)
    await acquire()
    expect(requests()).toBe(tries)
  })

  it('ends the tries when their time is over', async () => {
    const slow = (): Response => {
      clock.advanceSeconds(1) // longer than the budget, whatever the back-off is by chance
      return down()
    }
    const { acquire, clock, requests } = setUp({ maxRetries: 10, retryBudgetMs: 1000 }, slow)
    await acquire()
    expect(requests()).toBe(1)
  })

  it('leaves alone after as many failures as it says, and probes when it says', async () => {
    const { acquire, clock, requests } = setUp(
      { maxRetries: 0, failuresToOpen: 2, probeEveryMs: 60_000 },
      down,
    )
    for (let time = 0; time < 4; time += 1) await acquire()
    expect(requests()).toBe(2)
    clock.advanceSeconds(91) // the interval and by chance half as much again
    await acquire()
    expect(requests()).toBe(3)
  })

  it('does not pause for longer than it says, whatever the authority asks for', async () => {
    const { acquire, clock, events, requests } = setUp({ maxRetries: 0, longestPauseSeconds: 60 }, throttling)
    await acquire()
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'authority_paused', reason: 'throttled', pauseMs: 60_000 }),
    )
    expect((await acquire()).retryAfterSeconds).toBe(60)
    expect(requests()).toBe(1)
    clock.advanceSeconds(60)
    await acquire()
    expect(requests()).toBe(2)
  })
})
