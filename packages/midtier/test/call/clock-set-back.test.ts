// Calls under a wall clock that is wrong, or is set while they are under way.
import { describe, expect, it } from 'vitest'
import { steady } from '../../src/kernel/time/steady-clock.ts'
import { createClock } from '../authority/fake-authority.ts'
import { callApi, failureOf } from './called-api.ts'

const day = 86_400

describe('a call', () => {
  it('takes as long as passed, on each of its ways, though the clock is set back by days meanwhile', async () => {
    const clock = createClock()
    const slowly = (answer: Response) => (): Response => {
      clock.advanceSeconds(2)
      steady(clock).passedMs() // somebody else reads the clock before it is set back
      clock.advanceSeconds(-2 * day)
      return answer
    }
    const redirect = new Response(null, {
      status: 302,
      headers: { location: 'https://storage.example/file' },
    })
    const { api, events } = callApi(
      [slowly(redirect), slowly(new Response('the file'))],
      {},
      { nowMs: () => clock.nowMs(), passedMs: () => steady(clock).passedMs() },
    )
    await api.getBytes('content', { followRedirects: 'without-token' })
    expect(events).toMatchObject([
      { type: 'downstream_called', durationMs: 2000 },
      { type: 'downstream_redirected', durationMs: 2000 },
    ])
  })
})

describe('an API that says by a date when to come back', () => {
  // Our clock stands in 1970.
  const theirs = Date.parse('2026-01-01T00:00:00Z')
  const busy = (seconds: number, date?: number): Response =>
    new Response('later', {
      status: 503,
      headers: {
        'retry-after': new Date(theirs + seconds * 1000).toUTCString(),
        ...(date === undefined ? {} : { date: new Date(date).toUTCString() }),
      },
    })

  it('is waited for by its own clock', async () => {
    const { api, waitedMs } = callApi([busy(4, theirs), new Response('{}')])
    await api.getJson('todos')
    expect(waitedMs).toEqual([4000])
  })

  it('has its wait passed on by its own clock', async () => {
    const { api } = callApi([busy(90, theirs)], { maxRetries: 0 })
    expect(await failureOf(api.getJson('todos'))).toMatchObject({ retryAfterSeconds: 90 })
  })
})
