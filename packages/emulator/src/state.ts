// What survives a restart: a few small documents in the state directory, or in memory when there is none.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The documents that the emulator keeps. */
export type StateDocument =
  'signing-keys.json' | 'sealing-key.json' | 'certificate-authority.json' | 'consents.json'

/** Reads and writes the emulator's documents. */
export interface StateStore {
  /** The text of a document; `undefined` when it was never written. */
  read(name: StateDocument): Promise<string | undefined>
  /** Replaces a document as a whole. */
  write(name: StateDocument, text: string): Promise<void>
}

/** Keeps the documents in memory: every start is a new beginning. */
export function createMemoryState(): StateStore {
  const documents = new Map<StateDocument, string>()
  return {
    read: (name) => Promise.resolve(documents.get(name)),
    write: (name, text) => {
      documents.set(name, text)
      return Promise.resolve()
    },
  }
}

/** Keeps the documents in a directory that only its owner can read: it holds private keys. */
export function createDirectoryState(path: string): StateStore {
  let writes: Promise<void> = Promise.resolve()
  return {
    read: (name) => readIfPresent(join(path, name)),
    write: (name, text) => {
      const write = writes.then(() => replaceFile(path, name, text))
      writes = write.catch(ignoreForTheNextWrite)
      return write
    },
  }
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

// Written beside and renamed, so that a killed process leaves the old document or the new one, never half of it.
async function replaceFile(directory: string, name: string, text: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const temporary = join(directory, `${name}.${String(process.pid)}.tmp`)
  await writeFile(temporary, text, { mode: 0o600 })
  await rename(temporary, join(directory, name))
}

function ignoreForTheNextWrite(): void {
  // The failed write was reported to its own caller; the next one must not fail for the same reason.
}
