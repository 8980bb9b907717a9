// Errors of another copy of the package, in another version: answered as far as their members are there, and otherwise as ours to fix.
import { describe, expect, it } from 'vitest'
import { render } from '../../src/answer/render.ts'
import { ConfigurationError, render as published } from '../../src/index.ts'

/** An error with the mark, whatever else it has. */
function foreign(code: string, members: object = {}): Error {
  const error = new ConfigurationError('any', 'is wrong')
  return Object.assign(error, { code }, members)
}

const titles = (error: Error): unknown => {
  const answer = render(error)
  return [answer?.status, (JSON.parse(answer?.body ?? '{}') as Record<string, unknown>)['title']]
}

describe('an error with less than its type promises', () => {
  it.each<[string, object, number]>([
    ['bearer_refused', {}, 500],
    ['bearer_refused', { status: 402 }, 500],
    ['bearer_refused', { status: 'toString' }, 500],
    ['bearer_refused', { status: 403, description: 'No.' }, 403],
    ['interaction_required', {}, 500],
    ['interaction_required', { facts: null }, 500],
    ['interaction_required', { facts: 'none' }, 500],
    ['authority_unavailable', {}, 503],
    ['token_store_failed', {}, 503],
    ['downstream_failed', {}, 502],
    ['acquisition_impossible', {}, 500],
    ['acquisition_impossible', { reason: 'toString' }, 500],
    ['acquisition_impossible', { reason: 'app_only_caller' }, 403],
    ['acquisition_impossible', { reason: 'other_registration' }, 403],
    ['token_request_refused', {}, 500],
    ['token_request_refused', { reason: 'unauthorized_client' }, 500],
    ['token_request_refused', { reason: 'unknown_error' }, 502],
    ['configuration_invalid', {}, 500],
    ['of_a_later_version', {}, 500],
  ])('%s with %j is answered by %i', (code, members, status) => {
    expect(render(foreign(code, members))?.status).toBe(status)
  })

  it.each<[object, string | undefined]>([
    [{}, '5'],
    [{ retryAfterSeconds: Number.NaN }, '5'],
    [{ retryAfterSeconds: Infinity }, '5'],
    [{ retryAfterSeconds: 1.2 }, '2'],
  ])('asks to come back after an outage with %j in %s seconds', (members, seconds) => {
    expect(render(foreign('authority_unavailable', members))?.headers['retry-after']).toBe(seconds)
    expect(render(foreign('token_store_failed', members))?.headers['retry-after']).toBe('5')
  })

  it.each([404, 409, 410, 412, 422, 429])(
    'relays %i of an API, and when to come back',
    (downstreamStatus) => {
      const answer = render(
        foreign('downstream_failed', { api: 'todolist', downstreamStatus, retryAfterSeconds: 7 }),
      )
      expect(answer).toMatchObject({ status: downstreamStatus, headers: { 'retry-after': '7' } })
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({
        title: 'The downstream API refused',
        detail: `The downstream API 'todolist' answered ${downstreamStatus}.`,
        api: 'todolist',
      })
    },
  )

  it.each([400, 401, 403, 405, 411, 413, 421, 423, 428, 500, 503])(
    'relays no %i of an API',
    (downstreamStatus) => {
      const answer = render(
        foreign('downstream_failed', { api: 'todolist', downstreamStatus, retryAfterSeconds: 7 }),
      )
      expect(answer?.status).toBe(502)
      expect(answer?.headers).not.toHaveProperty('retry-after')
    },
  )

  it('has the title of its status', () => {
    expect([400, 401, 403].map((status) => titles(foreign('bearer_refused', { status })))).toEqual([
      [400, 'Bad Request'],
      [401, 'Unauthorized'],
      [403, 'Forbidden'],
    ])
    expect(titles(foreign('downstream_failed'))).toEqual([502, 'Bad Gateway'])
    expect(titles(foreign('authority_unavailable'))).toEqual([503, 'Service Unavailable'])
    expect(titles(foreign('anything'))).toEqual([500, 'Internal Server Error'])
  })

  it('is none of ours without the mark', () => {
    expect(published).toBe(render)
    expect(render(new Error('any'))).toBeUndefined()
  })
})
