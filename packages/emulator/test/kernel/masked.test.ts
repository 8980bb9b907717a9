// What may be shown of a request: names that tell about it, and of everything else its length.
import { describe, expect, it } from 'vitest'
import { maskParameters } from '../../src/kernel/masked.ts'

describe('a masked parameter', () => {
  it('is shown only when its name is one that opens no door', () => {
    expect(
      maskParameters([
        ['scope', 'User.Read'],
        ['client_secret', 'secret'],
        ['x-client-SKU', 'msal'],
        ['unheard_of', 'anything'],
        ['error_codes', [50076]],
        ['absent', undefined],
      ]),
    ).toEqual({
      scope: 'User.Read',
      client_secret: '••• 6 characters',
      'x-client-SKU': 'msal',
      unheard_of: '••• 8 characters',
      error_codes: '[50076]',
    })
  })

  it('is masked when a token stands where none belongs', () => {
    const token = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.AAAA`
    expect(maskParameters([['scope', `User.Read ${token}`]])['scope']).not.toContain('e30')
  })

  it('is cut, and there are not too many of them', () => {
    const many = Array.from({ length: 100 }, (_, index) => [`x-client-${String(index)}`, 'x'] as const)
    expect(Object.keys(maskParameters(many))).toHaveLength(60)
    expect(maskParameters([['state', 'x'.repeat(1000)]])['state']).toHaveLength(401)
  })
})
