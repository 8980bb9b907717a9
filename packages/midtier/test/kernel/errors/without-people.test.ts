// What an authority says of a person: the sign-in name is taken out, and what stands around it stays.
import { expect, it } from 'vitest'
import { withoutPeople } from '../../../src/kernel/errors/without-people.ts'

it.each([
  ["User account 'alice@contoso.com' from", "User account '[redacted]' from"],
  ['bob@a, carol#EXT#@b;dave@c=e@f', '[redacted], [redacted];[redacted]=[redacted]'],
  ['<x@y>(x@y)[x@y]{x@y}:x@y', '<[redacted]>([redacted])[[redacted]]{[redacted]}:[redacted]'],
  ['at @ home, @home and home@ nobody', 'at @ home, @home and home@ nobody'],
])('%s', (text, told) => {
  expect(withoutPeople(text)).toBe(told)
})
