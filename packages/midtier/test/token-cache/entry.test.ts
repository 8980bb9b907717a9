import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEntry, serializeEntry } from '../../src/token-cache/entry.ts'

const slot = { partition: 'alice', key: 'key-1' }
const entry = {
  accessToken: 'token',
  tokenType: 'Bearer',
  scopes: ['a', 'b'],
  acquiredAtMs: 500,
  expiresAtMs: 2_000,
  refreshAtMs: 1_000,
  correlationId: 'id',
}

describe('a stored entry', () => {
  it('comes back as it was written', () => {
    expect(parseEntry(slot, serializeEntry(slot, entry))).toEqual(entry)
  })

  it.each([
    ['another user', { ...slot, partition: 'bob' }],
    ['another key', { ...slot, key: 'key-2' }],
  ])('is not read for %s', (_name, other) => {
    expect(parseEntry(other, serializeEntry(slot, entry))).toBeUndefined()
  })

  it('is not read when another version wrote it', () => {
    expect(
      parseEntry(slot, serializeEntry(slot, entry).replace('"version":2', '"version":1')),
    ).toBeUndefined()
  })

  it.each(Object.keys(entry))('is not read without its %s', (name) => {
    const incomplete = { ...entry, [name]: undefined }
    expect(parseEntry(slot, serializeEntry(slot, incomplete))).toBeUndefined()
  })

  it('is a miss, never an exception, whatever the store returns', () => {
    const valid = serializeEntry(slot, entry)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.nat(valid.length - 1).map((length) => valid.slice(0, length)),
        ),
        (text) => {
          expect(parseEntry(slot, text)).toBeUndefined()
        },
      ),
    )
  })
})
