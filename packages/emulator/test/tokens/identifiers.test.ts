// Opaque identifiers: the same on every start and in every version, as people keep them in their own databases.
import { expect, it } from 'vitest'
import { opaqueRh, opaqueValue, pairwiseSubject, uniqueTokenId } from '../../src/tokens/identifiers.ts'

it('a subject is the same for ever, and another for another tenant, person or application', () => {
  expect(pairwiseSubject('tenant', 'person', 'application')).toBe(
    '639A1eNWEl0mDqZ8_JO2SC4wVw4dIaJYDMEt3PqanT0',
  )
  const others = [
    pairwiseSubject('other', 'person', 'application'),
    pairwiseSubject('tenant', 'other', 'application'),
    pairwiseSubject('tenant', 'person', 'other'),
    pairwiseSubject('tenant', 'person', 'application'),
  ]
  expect(new Set(others).size).toBe(4)
})

it('rh is the same for ever for a tenant and an application', () => {
  expect(opaqueRh('tenant', 'application')).toBe('1.N-n5E_MNKV9kzQqUQTZlbDOJIsqUw8jg.')
  expect(opaqueRh('other', 'application')).not.toBe(opaqueRh('tenant', 'application'))
  expect(opaqueRh('tenant', 'other')).not.toBe(opaqueRh('tenant', 'application'))
})

it('ids and opaque values are never the same', () => {
  expect(uniqueTokenId()).toMatch(/^[\w-]{22}$/)
  expect(opaqueValue()).toMatch(/^[\w+/]{48}$/)
  expect(uniqueTokenId()).not.toBe(uniqueTokenId())
  expect(opaqueValue()).not.toBe(opaqueValue())
})
