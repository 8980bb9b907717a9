// Reads DER (X.690 §10), just enough to look into certificates and private keys without a platform's own parser.
import { unusable } from '../credential-error.ts'

/** One value: its tag, what it holds, and how it was written. */
export interface DerValue {
  readonly tag: number
  readonly content: Uint8Array
  readonly encoded: Uint8Array
}

/** The tags that certificates and keys are made of. */
export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  sequence: 0x30,
  version: 0xa0,
  /** `[0]`, holding a value of any other tag. */
  explicit0: 0xa0,
  /** `[0]`, in place of the tag of an OCTET STRING. */
  implicit0: 0x80,
} as const

/** The bytes are not the DER that was expected. */
export class DerError extends Error {
  constructor(message = 'not the DER that was expected') {
    super(message)
    this.name = 'DerError'
  }
}

/** The bytes say what they want, and it is something that is not done here; the message names it. */
export class UnsupportedError extends DerError {}

/** Parses what somebody gave. @throws ConfigurationError in these words when it is not in form */
export function parseGiven<Result>(parse: () => Result, damaged: string): Result {
  try {
    return parse()
  } catch (error) {
    if (error instanceof DerError) throw unusable(damaged)
    throw error
  }
}

/** The values written one after another. @throws DerError */
function readValues(bytes: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = []
  for (let at = 0; at < bytes.length;) {
    const value = readValue(bytes.subarray(at))
    values.push(value)
    at += value.encoded.length
  }
  return values
}

/** The members of a SEQUENCE. @throws DerError */
export function readSequence(value: DerValue): readonly DerValue[] {
  return readValues(expectTag(value, derTag.sequence).content)
}

/** The value itself, when it has the tag. @throws DerError when it has not, or is not there. */
export function expectTag(value: DerValue | undefined, tag: number): DerValue {
  if (value?.tag !== tag) throw new DerError()
  return value
}

/** The one value that the bytes are. @throws DerError */
export function readOnly(bytes: Uint8Array): DerValue {
  const [value, ...more] = readValues(bytes)
  if (value === undefined || more.length > 0) throw new DerError()
  return value
}

/** The bytes of an OCTET STRING. @throws DerError */
export function readOctets(value: DerValue | undefined): Uint8Array {
  return expectTag(value, derTag.octetString).content
}

/** The identifier in an OBJECT IDENTIFIER, as hexadecimal digits of its encoding. @throws DerError */
export function readIdentifier(value: DerValue | undefined): string {
  return toHex(expectTag(value, derTag.objectIdentifier).content)
}

/** An algorithm, and the parameters that it was given (RFC 5280 §4.1.1.2). */
export interface Algorithm {
  readonly identifier: string
  readonly parameters: DerValue | undefined
}

/** Reads an AlgorithmIdentifier. @throws DerError */
export function readAlgorithm(value: DerValue | undefined): Algorithm {
  const [identifier, parameters] = readSequence(expectTag(value, derTag.sequence))
  return { identifier: readIdentifier(identifier), parameters }
}

/**
 * How often something is to be repeated: an INTEGER of one or more.
 *
 * @throws UnsupportedError above the limit, because a file that asks for billions would keep the processor for hours.
 */
export function readIterations(value: DerValue | undefined, max: number): number {
  const { content } = expectTag(value, derTag.integer)
  const count = content.reduce((sum, byte) => sum * 256 + byte, 0)
  if (count < 1 || (content[0] ?? 0) > 0x7f) throw new DerError()
  if (count > max) throw new UnsupportedError(`more than ${max} iterations`)
  return count
}

/** The content as hexadecimal digits: object identifiers are compared in this form. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Writes a value; for wrapping a key into another format. */
export function writeValue(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = [tag, ...writeLength(length)]
  return Uint8Array.from([...bytes, ...parts.flatMap((part) => [...part])])
}

function readValue(bytes: Uint8Array): DerValue {
  const [tag = 0, first = 0] = bytes // what has neither is shorter than its own header
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || lengthBytes > 3) throw new DerError() // indefinite, or longer than 16 MiB
  let length = first < 0x80 ? first : 0
  for (const byte of bytes.subarray(2, 2 + lengthBytes)) length = length * 256 + byte
  const start = 2 + lengthBytes
  if (start + length > bytes.length) throw new DerError()
  return { tag, content: bytes.subarray(start, start + length), encoded: bytes.subarray(0, start + length) }
}

function writeLength(length: number): readonly number[] {
  if (length < 0x80) return [length]
  if (length < 0x100) return [0x81, length]
  return [0x82, length >> 8, length & 0xff]
}
