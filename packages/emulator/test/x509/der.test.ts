// The pieces of DER by the examples of X.690, and where a length or a number takes another byte.
import { describe, expect, it } from 'vitest'
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  nothing,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from '../../src/x509/der.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('a length', () => {
  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_535, '0482ffff'],
    [65_536, '0483010000'],
    [70_000, '0483011170'],
  ])('of %i bytes', (length, head) => {
    const built = hex(tagged(0x04, new Uint8Array(length)))
    expect(built.slice(0, built.length - 2 * length)).toBe(head)
  })

  it('is that of all contents together', () => {
    expect(hex(tagged(0x30, Buffer.from([1]), Buffer.from([2, 3])))).toBe('3003010203')
  })
})

describe('an integer', () => {
  it.each([
    ['00', '020100'],
    ['7f', '02017f'],
    ['80', '02020080'],
    ['ff01', '020300ff01'],
  ])('%s is never negative', (bytes, der) => {
    expect(hex(integer(Buffer.from(bytes, 'hex')))).toBe(der)
  })
})

describe('an object identifier', () => {
  it.each([
    ['1.2.840.113549', '06062a864886f70d'],
    ['2.5.29.15', '0603551d0f'],
    ['1.3.127', '06022b7f'],
    ['1.3.128', '06032b8100'],
    ['1.3.16384', '06042b818000'],
  ])('%s', (dotted, der) => {
    expect(hex(objectIdentifier(dotted))).toBe(der)
  })
})

describe('a time', () => {
  it.each([
    ['2026-01-02T03:04:05.678Z', 0x17, '260102030405Z'],
    ['2049-12-31T23:59:59.999Z', 0x17, '491231235959Z'],
    ['2050-01-01T00:00:00.000Z', 0x18, '20500101000000Z'],
  ])('%s has seconds, and all digits of its year from 2050 on', (text, tag, digits) => {
    expect(time(Date.parse(text))).toEqual(tagged(tag, Buffer.from(digits)))
  })
})

it('knows yes, no and nothing', () => {
  expect([boolean(true), boolean(false), nothing()].map(hex)).toEqual(['0101ff', '010100', '0500'])
})

it('has a tag of its own for each type', () => {
  const content = Buffer.from('A')
  const built = [sequence(content), set(content), utf8String('A'), octetString(content), bitString(content)]
  expect(built.map(hex)).toEqual(['300141', '310141', '0c0141', '040141', '03020041'])
  expect([explicit(3, content), implicit(2, content)].map(hex)).toEqual(['a30141', '820141'])
})
