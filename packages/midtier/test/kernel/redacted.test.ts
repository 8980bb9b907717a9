import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AccessToken } from '../../src/acquire/token-source.ts'
import { Redacted } from '../../src/kernel/redacted.ts'

const printed = (value: Redacted | AccessToken): string =>
  [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: 9, showHidden: true }),
    inspect({ value }),
  ].join('\n')

describe('what holds a secret', () => {
  it('prints a placeholder, and reveals the text when asked by name', () => {
    const secret = new Redacted('s3cret')
    expect(printed(secret)).not.toContain('s3cret')
    expect(secret.reveal()).toBe('s3cret')
  })

  it('an access token prints its facts and not itself', () => {
    const token = new AccessToken({
      accessToken: 'eyJ.secret.token',
      tokenType: 'Bearer',
      scopes: ['User.Read'],
      acquiredAtMs: 0,
      expiresAtMs: 1,
      refreshAtMs: 1,
      correlationId: 'c',
      origin: 'authority',
    })
    expect(printed(token)).not.toContain('eyJ')
    expect(printed(token)).toContain('User.Read')
    expect(token.accessToken).toBe('eyJ.secret.token')
    expect(token.from('l1').accessToken).toBe('eyJ.secret.token')
  })
})
