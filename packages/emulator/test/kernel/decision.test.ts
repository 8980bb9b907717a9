// The checks of a request as data: which passed, which one ended it, and what was never reached.
import { describe, expect, it } from 'vitest'
import { planOf } from '../../src/kernel/checks.ts'
import { Decision } from '../../src/kernel/decision.ts'

const verdicts = (decision: Decision, outcome: 'passed' | 'failed' | 'asked'): readonly string[] =>
  decision.conclude(outcome).map(({ name, verdict }) => `${name} ${verdict}`)

describe('a decision', () => {
  it('has passed every check but the last, which ends as the request did', () => {
    const decision = new Decision(['form', 'tenant', 'client', 'consent', 'token'])
    decision.look('form')
    decision.look('tenant')
    decision.look('client', { expected: 'a', actual: 'b' })
    expect(verdicts(decision, 'failed')).toEqual([
      'form passed',
      'tenant passed',
      'client failed',
      'consent not_reached',
      'token not_reached',
    ])
    expect(decision.conclude('asked')[2]).toEqual({
      name: 'client',
      verdict: 'asked',
      expected: 'a',
      actual: 'b',
    })
  })

  it('leaves out what a request that was served had no need of, and what came before a failure', () => {
    const decision = new Decision(['form', 'tenant', 'client'])
    decision.look('tenant')
    expect(verdicts(decision, 'passed')).toEqual(['tenant passed'])
    expect(verdicts(decision, 'failed')).toEqual(['tenant failed', 'client not_reached'])
  })

  it('has reached nothing when it ended before the first check', () => {
    expect(verdicts(new Decision(['form', 'tenant']), 'failed')).toEqual([
      'form not_reached',
      'tenant not_reached',
    ])
  })

  it('adds to what a check saw, in its place, and cuts what is too long', () => {
    const decision = new Decision([])
    decision.look('user', { expected: 'enabled', actual: 'id' })
    decision.look('audience')
    decision.look('user', { actual: 'x'.repeat(1000) })
    const [user, audience] = decision.conclude('failed')
    expect(user).toEqual({ name: 'user', verdict: 'failed', expected: 'enabled', actual: 'x'.repeat(300) })
    expect(audience?.verdict).toBe('passed')
  })
})

describe('a plan', () => {
  it('is the one of the grant; of an unknown grant as much as is checked before there is one', () => {
    expect(planOf('token', 'urn:ietf:params:oauth:grant-type:jwt-bearer')).toContain('audience')
    expect(planOf('token', 'client_credentials')).not.toContain('user')
    expect(planOf('token', 'constructor')).toEqual(planOf('token', undefined))
    expect(planOf('graph', undefined).at(-1)).toBe('permissions')
    expect(planOf('keys', undefined)).toEqual([])
  })
})
