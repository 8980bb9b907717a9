// The sentence that says why, with its cure.
import { describe, expect, it } from 'vitest'
import { explain } from '../../../src/portal/log/verdict.ts'
import { record } from './record.ts'

describe('a verdict', () => {
  it('names the policy that refused, what it compared, and what satisfies it', () => {
    const { headline, reason, cure } = explain(
      record({
        status: 400,
        error: [50076],
        policies: ['Require MFA'],
        policyResults: [
          { id: '1', name: 'other', verdict: 'met' },
          { id: '2', name: 'Require MFA', verdict: 'unmet', because: 'it demands mfa' },
        ],
        checks: [{ name: 'policies', verdict: 'failed' }],
      }),
    )
    expect(headline).toBe('Refused by the policy “Require MFA”')
    expect(reason).toBe('It demands mfa.')
    expect(cure).toContain('Send the user to authorize with the claims')
  })

  it('names the check that failed, the message without its ids, and both sides', () => {
    const { headline, reason, cure, brief } = explain(
      record({
        status: 400,
        error: [500131],
        response: { error_description: 'AADSTS500131: Wrong audience. Trace ID: x Correlation ID: y' },
        checks: [
          { name: 'client', verdict: 'passed' },
          { name: 'audience', verdict: 'failed', expected: 'a', actual: 'b' },
        ],
      }),
    )
    expect(headline).toBe('Refused at “Audience”: AADSTS500131. Wrong audience.')
    expect(reason).toBe('Expected a; is b.')
    expect(cure).toContain('Ask for a token for your own API')
    expect(brief).toBe('audience')
  })

  it('blames a fault, and nobody else, for what a fault did', () => {
    const struck = {
      name: 'fault',
      verdict: 'failed',
      expected: 'no fault',
      actual: '{"drop":true}',
    } as const
    expect(explain(record({ status: undefined, checks: [struck] })).headline).toContain('Cut off')
    expect(explain(record({ status: 400, error: [7000215], checks: [struck] })).cure).toContain(
      'A fault did this',
    )
  })

  it('says what the user is waited for, and what was issued', () => {
    const asked = record({
      endpoint: 'authorize',
      shown: 'consent page',
      checks: [{ name: 'consent', verdict: 'asked' }],
    })
    expect(explain(asked).headline).toBe('Waiting for the user: consent page')
    const issued = record({ resource: 'To Do API', application: 'Middle tier', user: 'alice' })
    expect(explain(issued).headline).toBe('Issued: a token for To Do API to Middle tier, for alice')
  })
})
