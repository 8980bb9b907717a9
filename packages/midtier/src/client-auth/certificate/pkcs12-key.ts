// Keys from a passphrase in PKCS#12's own way (RFC 7292 appendix B): what older PFX files are encrypted and authenticated with.
import { type DigestName, digestRepeatedly } from '#crypto'

/** What the key will be good for: each purpose gets another key (appendix B.3). */
export const pkcs12Purpose = { encryption: 1, initialisationVector: 2, authentication: 3 } as const

/** A key as it is asked for. */
export interface Pkcs12Derivation {
  readonly digest: DigestName
  readonly salt: Uint8Array
  readonly iterations: number
}

/** Bytes of a block that the digest works on, and of what comes out. */
const sizes: Readonly<Record<DigestName, { readonly block: number; readonly digest: number }>> = {
  'SHA-1': { block: 64, digest: 20 },
  'SHA-256': { block: 64, digest: 32 },
  'SHA-384': { block: 128, digest: 48 },
  'SHA-512': { block: 128, digest: 64 },
}

/** Bytes that a digest gives: how long a key for its HMAC is. */
export function digestBytes(digest: DigestName): number {
  return sizes[digest].digest
}

/**
 * The spellings of a passphrase: UTF-16 in network order with a zero at the end (appendix B.1).
 *
 * Writers disagree about no passphrase: for some it is the zero alone, for others nothing at all.
 */
export function spellPassphrase(passphrase: string): readonly Uint8Array[] {
  const spelled = new Uint8Array((passphrase.length + 1) * 2)
  const view = new DataView(spelled.buffer)
  for (let at = 0; at < passphrase.length; at++) view.setUint16(at * 2, passphrase.charCodeAt(at))
  return passphrase === '' ? [spelled, new Uint8Array()] : [spelled]
}

/** Derives a key of `length` bytes (appendix B.2). */
export async function derivePkcs12Key(
  { digest, salt, iterations }: Pkcs12Derivation,
  spelledPassphrase: Uint8Array,
  purpose: (typeof pkcs12Purpose)[keyof typeof pkcs12Purpose],
  length: number,
): Promise<Uint8Array> {
  const { block } = sizes[digest]
  const diversifier = new Uint8Array(block).fill(purpose)
  const mixed = join(fillBlocks(salt, block), fillBlocks(spelledPassphrase, block))
  const key = new Uint8Array(length)
  for (let at = 0; at < length; at += digestBytes(digest)) {
    const part = await digestRepeatedly(digest, join(diversifier, mixed), iterations)
    key.set(part.subarray(0, length - at), at)
    addToBlocks(mixed, repeat(part, block))
  }
  return key
}

/** The bytes over and over until they fill whole blocks; nothing when there are none. */
function fillBlocks(bytes: Uint8Array, block: number): Uint8Array {
  return repeat(bytes, Math.ceil(bytes.length / block) * block)
}

function repeat(bytes: Uint8Array, length: number): Uint8Array {
  const repeated = new Uint8Array(length)
  for (let at = 0; at < length; at += bytes.length) repeated.set(bytes.subarray(0, length - at), at)
  return repeated
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

/** Adds a number, and one, to each block, as numbers in network order without what flows over. */
function addToBlocks(blocks: Uint8Array, addend: Uint8Array): void {
  for (let start = 0; start < blocks.length; start += addend.length) {
    let carry = 1
    for (let at = addend.length - 1; at >= 0; at--) {
      carry += (blocks[start + at] ?? 0) + (addend[at] ?? 0)
      blocks[start + at] = carry & 0xff
      carry >>= 8
    }
  }
}
