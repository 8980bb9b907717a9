// Requests that belong together: by correlation, by code, by token; and the sessions that they are of.
import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../../src/index.ts'
import { groupSessions, groupSignIns } from '../../../src/portal/log/groups.ts'
import { summarize } from '../../../src/portal/log/summary.ts'
import { record } from './record.ts'

const names = (records: readonly RequestRecord[]): readonly (readonly string[])[] =>
  groupSignIns(records).map((signIn) => signIn.records.map(({ path }) => path))

describe('sign-ins', () => {
  it('hold together what a correlation id, a code or a token joins, newest first', () => {
    expect(
      names([
        record({ path: 'authorize', correlationId: 'x' }),
        record({ path: 'other' }),
        record({ path: 'consent', correlationId: 'x', codeId: 'code' }),
        record({ path: 'redeem', codeId: 'code', issued: { uti: 'one' } }),
        record({ path: 'exchange', presented: { uti: 'one' }, issued: { uti: 'two' } }),
        record({ path: 'graph', presented: { uti: 'two' } }),
      ]),
    ).toEqual([['authorize', 'consent', 'redeem', 'exchange', 'graph'], ['other']])
  })

  it('become one when it turns out that they are, and tell under which ids they were known', () => {
    const [a, b, c] = [
      record({ path: 'a', correlationId: 'x' }),
      record({ path: 'b', issued: { uti: 'one' } }),
      record({ path: 'c', correlationId: 'x', presented: { uti: 'one' } }),
    ]
    const [joined, ...others] = groupSignIns([a, b, c])
    expect(others).toEqual([])
    expect(joined).toMatchObject({ id: a.id, absorbed: [b.id] })
    expect(joined?.records).toEqual([a, b, c])
  })

  it('are no more joined by what is empty or no text', () => {
    expect(
      names([record({ path: 'a', correlationId: '' }), record({ path: 'b', correlationId: '' })]),
    ).toEqual([['b'], ['a']])
    expect(
      names([record({ path: 'a', presented: { uti: 1 } }), record({ path: 'b', presented: { uti: 1 } })]),
    ).toHaveLength(2)
  })

  it('are of sessions, or of none', () => {
    const signIns = groupSignIns([
      record({ path: 'a', sessionId: 's' }),
      record({ path: 'b' }),
      record({ path: 'c', sessionId: 's' }),
    ])
    const [session, ...others] = groupSessions(signIns)
    expect(others).toEqual([])
    expect(session?.id).toBe('s')
    expect(session?.signIns.map(({ records }) => records[0]?.path)).toEqual(['c', 'a'])
  })
})

describe('the summary of a sign-in', () => {
  it('names who came to what, and what refused', () => {
    const [signIn] = groupSignIns([
      record({ correlationId: 'x', application: 'Web client', endpoint: 'authorize', user: undefined }),
      record({
        correlationId: 'x',
        user: 'alice@contoso.onmicrosoft.com',
        resource: 'To Do API',
        status: 400,
        policies: ['MFA'],
      }),
      record({ correlationId: 'x', endpoint: 'graph' }),
    ])
    expect(summarize(signIn!)).toEqual({
      title: 'alice → Web client',
      text: 'On-behalf-of → To Do API: policy “MFA”',
      result: 'refused',
    })
  })

  it('counts what went well', () => {
    const [signIn] = groupSignIns(
      ['/authorize', '/login', '/consent', '/token'].map((path) => record({ path, correlationId: 'x' })),
    )
    expect(summarize(signIn!).text).toBe('4 requests · password · consent · 4 exchanges')
  })
})
