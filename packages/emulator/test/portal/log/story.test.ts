// A sign-in as a drawing: who takes part, what travels, and what was refused.
import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../../src/index.ts'
import { drawSignIn } from '../../../src/portal/log/story.ts'
import { record } from './record.ts'

const nameOf = (id: string): string => (id === 'todo' ? 'To Do API' : id)
const first = { uti: 'one', aud: 'middle' }
const second = { uti: 'two', aud: 'todo' }
const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

const authorize = record({
  sequence: 1,
  endpoint: 'authorize',
  method: 'GET',
  path: '/t/authorize',
  status: 302,
})
const redeem = record({
  ...{ sequence: 2, endpoint: 'token', grantType: 'authorization_code', application: 'Web client' },
  ...{ status: 200, issued: first },
})
const exchange = record({
  ...{ sequence: 3, endpoint: 'token', grantType: grant, application: 'Middle tier', resource: 'To Do API' },
  ...{ status: 200, presented: first, issued: second },
})
const refused = record({
  ...{ sequence: 4, endpoint: 'token', grantType: grant, application: 'Middle tier', resource: 'To Do API' },
  ...{ status: 400, error: [50076], presented: first },
  checks: [
    { name: 'client', verdict: 'passed' },
    { name: 'policies', verdict: 'failed' },
  ],
})
const read = record({
  ...{ sequence: 5, endpoint: 'graph', method: 'GET', path: '/v1.0/me', application: 'Middle tier' },
  ...{ status: 200, presented: second },
})
const all = [authorize, redeem, exchange, refused, read]

const draw = (last: RequestRecord, signIn = all) => drawSignIn(last, signIn, nameOf)

describe('the lanes', () => {
  it('are the browser, clients in the order in which they came, the authority, and Graph when it was called', () => {
    expect(draw(exchange).parties.map(({ name }) => name)).toEqual([
      'Browser',
      'Web client',
      'Middle tier',
      'Authority',
    ])
    expect(draw(read).parties.at(-1)?.name).toBe('Graph')
    expect(draw(redeem, [redeem]).parties.map(({ name }) => name)).toEqual(['Web client', 'Authority'])
  })

  it('are never more than five', () => {
    const crowd = Array.from({ length: 9 }, (_, index) => ({
      ...exchange,
      application: `Client ${String(index)}`,
    }))
    const { parties, stories } = draw(read, [authorize, ...crowd, read])
    expect(parties.map(({ name }) => name)).toEqual([
      'Browser',
      'Client 0',
      'Other clients',
      'Authority',
      'Graph',
    ])
    for (const { rows } of stories)
      for (const { from, to } of rows) {
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeGreaterThanOrEqual(0)
      }
  })
})

describe('the rows', () => {
  it('carry tokens with the numbers that they have in the sign-in', () => {
    const { stories } = draw(exchange)
    expect(stories.map(({ rows }) => rows.map(({ tickets }) => tickets.map(({ number }) => number)))).toEqual(
      [
        [[], []],
        [[], ['1']],
        [['1'], ['2']],
      ],
    )
    expect(stories[2]?.rows[1]).toMatchObject({ label: 'new token', tickets: [{ purpose: 'for To Do API' }] })
  })

  it('say which check refused, and with which code', () => {
    const { rows } = draw(refused).stories.at(-1)!
    expect(rows).toMatchObject([
      { direction: 'request', label: 'on-behalf-of', tone: 'plain' },
      { direction: 'inside', label: '✗ Policies', tone: 'refused' },
      { direction: 'answer', label: '50076', tone: 'refused' },
    ])
  })

  it('end with the request that is looked at, and begin at most twelve before it', () => {
    expect(draw(exchange).stories.map(({ record: { sequence } }) => sequence)).toEqual([1, 2, 3])
    const many = Array.from({ length: 30 }, (_, index) => ({ ...exchange, sequence: index + 1 }))
    const { stories, left } = draw(many[29]!, many)
    expect(stories).toHaveLength(12)
    expect(left).toBe(18)
  })
})
