// Reads a credential's file on Node: the one place in this folder that touches the file system.
import { open } from 'node:fs/promises'

/** A certificate chain with its key is about 10 kB, a federated token 2 kB. */
const maxBytes = 262_144

/** Reads a file as UTF-8 text. @throws RangeError when it is longer than 256 KiB; the platform's error when it cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > maxBytes) throw new RangeError(`${path} is longer than ${maxBytes} bytes`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}
