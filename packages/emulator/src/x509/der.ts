// The few pieces of DER (X.690) that a certificate is made of.

type Bytes = Uint8Array

/** Wraps contents in a tag and a length. */
export function tagged(tag: number, ...contents: readonly Bytes[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), encodeLength(body.length), body])
}

export const sequence = (...contents: readonly Bytes[]): Buffer => tagged(0x30, ...contents)
export const set = (...contents: readonly Bytes[]): Buffer => tagged(0x31, ...contents)
export const utf8String = (text: string): Buffer => tagged(0x0c, Buffer.from(text))
export const octetString = (content: Bytes): Buffer => tagged(0x04, content)
export const bitString = (content: Bytes): Buffer => tagged(0x03, Buffer.from([0]), content)
export const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]))
export const nothing = (): Buffer => tagged(0x05)

/** A context-specific tag: constructed (explicit) or primitive. */
export const explicit = (number: number, content: Bytes): Buffer => tagged(0xa0 + number, content)
export const implicit = (number: number, content: Bytes): Buffer => tagged(0x80 + number, content)

/** A positive INTEGER from its big-endian bytes. */
export function integer(bytes: Bytes): Buffer {
  const needsSign = ((bytes[0] ?? 0) & 0x80) !== 0
  return tagged(0x02, Buffer.from(needsSign ? [0] : []), bytes)
}

/** A UTCTime or, from 2050 on, a GeneralizedTime (RFC 5280 §4.1.2.5). */
export function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replace(/[-:T]|\.\d+/g, '')
  return digits < '2050' ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits))
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(encodeBase128)]))
}

function encodeBase128(value: number): number[] {
  const groups = [value & 0x7f]
  for (let left = value >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
  return groups
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes = length > 0xffff ? [length >>> 16, (length >>> 8) & 0xff, length & 0xff] : shortLength(length)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

function shortLength(length: number): number[] {
  return length > 0xff ? [length >>> 8, length & 0xff] : [length]
}
