// The query of the sign-in log, and the flows and results that it asks for.
import { describe, expect, it } from 'vitest'
import { flowOf, resultOf } from '../../../src/portal/log/flow.ts'
import { parseQuery } from '../../../src/portal/log/query.ts'
import { record } from './record.ts'

const exchange = record({
  user: 'alice@contoso.onmicrosoft.com',
  application: 'To Do list middle tier',
  clientId: 'a0000000-0000-4000-8000-000000000002',
  resource: 'To Do API',
  status: 400,
  error: [50076],
  policies: ['Require MFA'],
  sessionId: 'the-session',
  issued: { uti: 'first' },
})

describe('a query', () => {
  it.each([
    ['user:alice', true],
    ['user:bob', false],
    ['app:"list middle"', true],
    ['app:a0000000', true],
    ['flow:on-behalf-of result:refused', true],
    ['flow:on-behalf-of result:issued', false],
    ['result:refuse', false],
    ['code:50076', true],
    ['code:400', true],
    ['code:5007', false],
    ['api:"to do"', true],
    ['policy:mfa', true],
    ['session:the-session token:first', true],
    ['-user:alice', false],
    ['-user:bob', true],
    ['ALICE 50076', true],
    ['api://nowhere', false],
    ['constructor:alice', false],
    ['', true],
  ])('%s', (query, isFound) => {
    expect(parseQuery(query)(exchange)).toBe(isFound)
  })

  it('leaves out metadata and keys unless it asks for a flow', () => {
    const keys = record({ endpoint: 'keys' })
    expect(parseQuery('')(keys)).toBe(false)
    expect(parseQuery('flow:keys')(keys)).toBe(true)
  })
})

describe('a flow and a result', () => {
  it('are one word each', () => {
    expect(flowOf(record({ grantType: 'client_credentials' }))).toBe('app-only')
    expect(flowOf(record({ grantType: 'constructor' }))).toBe('constructor')
    expect(flowOf(record({ endpoint: 'interaction' }))).toBe('interactive')
    expect(flowOf(record({ endpoint: 'userinfo' }))).toBe('graph')
    expect(resultOf(record({ status: undefined }))).toBe('cut')
    expect(resultOf(record({ status: 302, error: [65004] }))).toBe('refused')
    expect(resultOf(record({ status: 200, checks: [{ name: 'session', verdict: 'asked' }] }))).toBe('asked')
    expect(resultOf(record({}))).toBe('issued')
    expect(resultOf(record({ endpoint: 'graph' }))).toBe('answered')
  })
})
