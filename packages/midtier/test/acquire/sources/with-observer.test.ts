// What the owner is told of an acquisition, and that a quiet one tells nothing.
import { describe, expect, it } from 'vitest'
import { AccessToken, type TokenRequest } from '../../../src/acquire/token-source.ts'
import { withObserver } from '../../../src/acquire/sources/with-observer.ts'
import { AuthorityUnavailableError } from '../../../src/kernel/errors/errors.ts'
import type { ObserverEvent } from '../../../src/kernel/observer.ts'
import { HandClock } from '../scenario.ts'

const token = new AccessToken({
  accessToken: 'x',
  tokenType: 'Bearer',
  scopes: ['a'],
  acquiredAtMs: 0,
  expiresAtMs: 0,
  refreshAtMs: 0,
  correlationId: 'c',
  origin: 'l1',
})

async function acquire(
  quiet: boolean,
  outcome: () => Promise<AccessToken>,
  signal?: AbortSignal,
): Promise<ObserverEvent[]> {
  const events: ObserverEvent[] = []
  const context = { quiet, traceId: undefined, observe: (event: ObserverEvent) => void events.push(event) }
  const request = {
    grant: 'on_behalf_of',
    accountId: undefined,
    scopes: ['a'],
    context,
    signal,
  } as unknown as TokenRequest
  await withObserver({ acquire: outcome }, new HandClock())
    .acquire(request)
    .catch(() => undefined)
  return events
}

describe('an acquisition', () => {
  it('is told with how it ended', async () => {
    expect(await acquire(false, () => Promise.resolve(token))).toMatchObject([{ type: 'token_acquired' }])
    const failing = (error: Error) => acquire(false, () => Promise.reject(error))
    expect(await failing(new AuthorityUnavailableError('silent', 5))).toMatchObject([
      { type: 'acquisition_failed', code: 'authority_unavailable' },
    ])
    expect(await failing(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toMatchObject([
      { type: 'acquisition_failed', code: 'unexpected' },
    ])
    const left = () => Promise.reject(new Error('the client went away'))
    expect(await acquire(false, left, AbortSignal.abort())).toMatchObject([
      { type: 'acquisition_failed', code: 'aborted' },
    ])
    expect(await acquire(false, left, new AbortController().signal)).toMatchObject([
      { type: 'acquisition_failed', code: 'unexpected' },
    ])
  })

  it('that is quiet is told to nobody, however it ends', async () => {
    expect(await acquire(true, () => Promise.resolve(token))).toEqual([])
    expect(await acquire(true, () => Promise.reject(new Error('x')))).toEqual([])
  })
})
