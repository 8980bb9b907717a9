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

  it.each<[string, object]>([
    ['an empty token', { accessToken: '' }],
    ['a token that is no text', { accessToken: 1 }],
    ['an empty kind', { tokenType: '' }],
    ['an empty correlation id', { correlationId: '' }],
    ['an end that is a text', { expiresAtMs: '2000' }],
    ['an end that is none', { expiresAtMs: null }],
    ['a time of renewal that is a text', { refreshAtMs: '1000' }],
    ['a beginning that is a text', { acquiredAtMs: '500' }],
    ['scopes as one text', { scopes: 'a' }],
    ['scopes that are no texts', { scopes: ['a', 1] }],
  ])('is not read with %s', (_what, changed) => {
    const written = JSON.parse(serializeEntry(slot, entry)) as { entry: object }
    expect(parseEntry(slot, JSON.stringify({ ...written, entry: { ...entry, ...changed } }))).toBeUndefined()
  })

  it('is not read with a time that has no end', () => {
    const endless = serializeEntry(slot, entry).replace('"expiresAtMs":2000', '"expiresAtMs":1e999')
    expect(parseEntry(slot, endless)).toBeUndefined()
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
