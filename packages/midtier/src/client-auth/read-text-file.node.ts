// Reads a credential's file on Node: the one place in this folder that touches the file system.
import { open } from 'node:fs/promises'

/** A certificate chain with its key is about 10 kB, a federated token 2 kB. */
const maxBytes = 262_144
/** A PFX may hold more than is needed. */
const maxBinaryBytes = 1_048_576

/**
 * Reads a file as UTF-8 text. @throws RangeError when it is longer than 256 KiB; the platform's error when it cannot be read.
 *
 * @example
 * ```ts
 * const clientCredential = clientCertificateFile({ path: '/etc/api/certificate.pem', readFile: readTextFile })
 * ```
 */
export async function readTextFile(path: string): Promise<string> {
  return (await readUpTo(path, maxBytes)).toString('utf8')
}

/**
 * Reads a file as bytes. @throws RangeError when it is longer than 1 MiB; the platform's error when it cannot be read.
 *
 * @example
 * ```ts
 * const clientCredential = clientCertificateFile({ path: '/etc/api/certificate.pfx', readFile: readBinaryFile })
 * ```
 */
export async function readBinaryFile(path: string): Promise<Uint8Array> {
  return readUpTo(path, maxBinaryBytes)
}

async function readUpTo(path: string, max: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > max) throw new RangeError(`${path} is longer than ${max} bytes`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}
