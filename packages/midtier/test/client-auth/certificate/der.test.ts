// Values in DER, read and written: what has no other reading, at every length of a length.
import { describe, expect, it } from 'vitest'
import {
  DerError,
  derTag,
  expectTag,
  readAlgorithm,
  readIterations,
  readOnly,
  readSequence,
  toHex,
  UnsupportedError,
  writeValue,
} from '../../../src/client-auth/certificate/der.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const integer = (hex: string) => readOnly(writeValue(derTag.integer, bytes(hex)))

describe('a value', () => {
  it.each([
    [0, '04 00'],
    [1, '04 01'],
    [0x7f, '04 7f'],
    [0x80, '04 81 80'],
    [0xff, '04 81 ff'],
    [0x100, '04 82 01 00'],
    [0xffff, '04 82 ff ff'],
  ])('of %i bytes has its length in as few bytes as will do, and is read again', (length, header) => {
    const content = new Uint8Array(length).fill(7)
    const written = writeValue(derTag.octetString, content)
    expect(Buffer.from(written.subarray(0, written.length - length)).toString('hex')).toBe(
      header.replaceAll(' ', ''),
    )
    expect(readOnly(written)).toEqual({ tag: 4, content, encoded: written })
  })

  it('of 65 536 bytes is read', () => {
    const content = new Uint8Array(0x1_0000)
    expect(readOnly(Uint8Array.from([4, 0x83, 1, 0, 0, ...content])).content).toEqual(content)
  })

  it.each([
    ['nothing', ''],
    ['a tag alone', '04'],
    ['content cut short', '0402aa'],
    ['a length cut short', '048201'],
    ['no definite length', '0480aa0000'],
    ['a length of four bytes', '048400000001aa'],
    ['two values', '04000400'],
    ['a value and half of another', '040004'],
  ])('is not %s', (_what, hex) => {
    expect(() => readOnly(bytes(hex))).toThrow(DerError)
  })

  it('has the tag that is asked for', () => {
    const value = readOnly(bytes('040141'))
    expect(expectTag(value, 4)).toBe(value)
    expect(() => expectTag(value, 5)).toThrow(DerError)
    expect(() => expectTag(undefined, 4)).toThrow(DerError)
  })

  it('has members, in their order, when it is a SEQUENCE', () => {
    expect(readSequence(readOnly(bytes('3006020101020102'))).map(({ content }) => [...content])).toEqual([
      [1],
      [2],
    ])
    expect(readSequence(readOnly(bytes('3000')))).toEqual([])
    expect(() => readSequence(readOnly(bytes('3106020101020102')))).toThrow(DerError)
  })
})

describe('iterations', () => {
  it.each([
    ['01', 1],
    ['7f', 127],
    ['0080', 128],
    ['0800', 2048],
    ['03e8', 1000],
  ])('%s are %i', (hex, count) => {
    expect(readIterations(integer(hex), 2048)).toBe(count)
  })

  it('are one at least, and as many as is allowed at most', () => {
    for (const hex of ['00', '80', 'ff01', ''])
      expect(() => readIterations(integer(hex), 2048)).toThrow(DerError)
    expect(() => readIterations(integer('0801'), 2048)).toThrow(UnsupportedError)
    expect(() => readIterations(readOnly(bytes('040101')), 2048)).toThrow(DerError)
  })
})

it('an algorithm is an identifier, and what it was given', () => {
  const algorithm = readAlgorithm(readOnly(bytes('300706032a034a0500')))
  expect([algorithm.identifier, algorithm.parameters?.tag]).toEqual(['2a034a', 5])
  expect(readAlgorithm(readOnly(bytes('300506032a034a'))).parameters).toBeUndefined()
  expect(toHex(bytes('00ff0a'))).toBe('00ff0a')
})
