import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { getOpenIdAccount } from '../../src/token-cache/account.ts'

const guid = 'c0000000-0000-4000-8000-000000000001'

describe('the account of a user of another issuer than Entra', () => {
  it('is issuer and subject', () => {
    expect(getOpenIdAccount('https://id.example', 'alice')).toEqual({
      id: '18:https://id.example alice',
      objectId: 'alice',
      tenantId: 'https://id.example',
    })
  })

  it('is never the account of another user, of another issuer, or of Entra', () => {
    const word = fc.oneof(fc.constantFrom('a', 'b', `${guid}.${guid}`), fc.string({ minLength: 1 }))
    fc.assert(
      fc.property(fc.array(word, { minLength: 3, maxLength: 6 }), (words) => {
        const text = words.join(' ')
        const spaces = [...text.matchAll(/ /g)].map(({ index }) => index)
        // The same text, taken apart at every space into issuer and subject.
        const accounts = spaces.map((at) => getOpenIdAccount(text.slice(0, at), text.slice(at + 1)))
        const ids = accounts.flatMap((account) => account?.id ?? [])
        expect(new Set(ids).size).toBe(ids.length)
        for (const id of ids) expect(id).not.toMatch(/^[\w-]+\.[\w-]+$/)
      }),
    )
  })

  it.each([
    ['', 'an empty subject'],
    [' \t', 'a blank one'],
    ['alice\ud800', 'one that is no text'],
  ])('does not exist for %j: %s', (subject) => {
    expect(getOpenIdAccount('https://id.example', subject)).toBeUndefined()
  })
})
