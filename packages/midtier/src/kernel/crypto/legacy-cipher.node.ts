// What files of the nineties need and WebCrypto leaves out, by Node's OpenSSL: triple DES, and a digest of a digest, many times over.
import { createDecipheriv, getCiphers, hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'

/** The digests that {@link digestRepeatedly} takes, by their WebCrypto names. */
export type DigestName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

const nodeNames: Readonly<Record<DigestName, string>> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** A few milliseconds: no request waits longer while a file asks for a million rounds. */
const roundsAtOnce = 4096

/** Digest of the digest of … the input, `times` times, with a pause for other work in between. */
export async function digestRepeatedly(
  name: DigestName,
  input: Uint8Array,
  times: number,
): Promise<Uint8Array> {
  const nodeName = nodeNames[name]
  // As text of one byte for each character: a buffer for each round costs three times as much, and long pauses to collect them.
  let digest = hash(nodeName, input, 'binary')
  const bytes = Buffer.alloc(digest.length)
  bytes.write(digest, 'latin1')
  for (let round = 2; round <= times; round++) {
    digest = hash(nodeName, bytes, 'binary')
    bytes.write(digest, 'latin1')
    if (round % roundsAtOnce === 0) await setImmediate()
  }
  return bytes
}

const cipherName = 'des-ede3-cbc'

/** Whether this platform has triple DES; one that is restricted to approved algorithms may not. */
export function hasTripleDes(): boolean {
  return getCiphers().includes(cipherName)
}

/** Decrypts triple DES in CBC mode with a key of 24 bytes; `undefined` when the padding says that the key is another one. */
export function decryptTripleDes(
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  const decipher = createDecipheriv(cipherName, key, iv)
  const opened = decipher.update(ciphertext)
  try {
    return Buffer.concat([opened, decipher.final()])
  } catch {
    return undefined // what final() throws for in this mode: the length or the padding is wrong
  }
}
