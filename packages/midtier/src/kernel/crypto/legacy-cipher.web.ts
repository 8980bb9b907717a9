// The same as legacy-cipher.node.ts by web standards, which have no triple DES.

/** The digests that {@link digestRepeatedly} takes, by their WebCrypto names. */
export type DigestName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Digest of the digest of … the input, `times` times. */
export async function digestRepeatedly(
  name: DigestName,
  input: Uint8Array,
  times: number,
): Promise<Uint8Array> {
  let digest = input
  for (let round = 1; round <= times; round++)
    digest = new Uint8Array(await crypto.subtle.digest(name, digest as BufferSource))
  return digest
}

/** Whether this platform has triple DES: WebCrypto has not. */
export function hasTripleDes(): boolean {
  return false
}

/** Never decrypts; ask {@link hasTripleDes} first. */
export function decryptTripleDes(
  _key: Uint8Array,
  _iv: Uint8Array,
  _ciphertext: Uint8Array,
): Uint8Array | undefined {
  return undefined
}
