// GUIDs that follow from names: people keep them in their own files, so that they are the same for ever.
import { expect, it } from 'vitest'
import { deriveGuid } from '../../src/directory/derive-guid.ts'

it.each([
  [['policy', 'Require MFA'], 'eb9dad73-d8f4-5184-b25b-cdba1f029167'],
  [['policy', 'Block access'], 'e85e7b80-c7cf-5254-b0b5-9de2a65fc6ad'],
  [['a', 'b'], '0473ef2d-c0d3-54ab-a59d-3580c1134e9d'],
  [['ab'], 'f9ca6d37-8ada-5ba7-87de-88d13d0e9126'],
  [['app', '1'], 'c30ecacc-f1cd-5607-aa97-e1df3b75e098'],
  [['app', '2'], 'cf839ba4-9936-5fda-9b7c-80ca38b49e69'],
  [['app', '3'], 'de56b3ec-56a1-53c9-bc7d-fa6c67d37429'],
])('%j is %s', (parts, guid) => {
  expect(deriveGuid(...parts)).toBe(guid)
  expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
