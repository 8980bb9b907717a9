// What survives a restart: a few small documents in the state directory, or in memory when there is none.
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmulatorOptionsError } from './errors.ts'
import { isError } from './other-realms.ts'

/** The documents that the emulator keeps. */
const documents = [
  'signing-keys.json',
  'sealing-key.json',
  'certificate-authority.json',
  'consents.json',
  'ca.pem',
] as const

/** One of the documents that the emulator keeps. */
export type StateDocument = (typeof documents)[number]

/** Reads and writes the emulator's documents. */
export interface StateStore {
  /** The text of a document; `undefined` when it was never written. */
  read(name: StateDocument): Promise<string | undefined>
  /** Replaces a document as a whole. */
  write(name: StateDocument, text: string): Promise<void>
}

/** Keeps the documents in memory: every start is a new beginning. */
export function createMemoryState(): StateStore {
  const texts = new Map<StateDocument, string>()
  return {
    read: (name) => Promise.resolve(texts.get(name)),
    write: (name, text) => {
      texts.set(name, text)
      return Promise.resolve()
    },
  }
}

/**
 * Keeps the documents in a directory that only its owner can read, since they hold private keys: one that is open to others is closed to
 * them first, and so is every document that is there already.
 *
 * @throws {EmulatorOptionsError} when it belongs to somebody else or is shared by everybody.
 */
export async function openDirectoryState(path: string): Promise<StateStore> {
  await makePrivate(path)
  let writes: Promise<void> = Promise.resolve()
  return {
    read: (name) => unlessMissing(readFile(join(path, name), 'utf8')),
    write: (name, text) => {
      const write = writes.then(() => replaceFile(path, name, text))
      writes = write.catch(ignoreForTheNextWrite)
      return write
    },
  }
}

/** Permissions of group and others. */
const foreignBits = 0o077

/** The bit of a folder that everybody shares, such as the system's for temporary files. */
const stickyBit = 0o1000

async function makePrivate(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (process.getuid === undefined) return // Windows has no such permissions
  const { mode, uid } = await stat(path)
  if (uid !== process.getuid() || (mode & stickyBit) !== 0)
    throw new EmulatorOptionsError(
      'stateDirectory',
      `${path} is not this user's alone, and will hold private keys: name a directory of its own`,
    )
  if ((mode & foreignBits) !== 0) await chmod(path, 0o700)
  for (const name of documents) await closeIfOpen(join(path, name))
}

async function closeIfOpen(file: string): Promise<void> {
  const found = await unlessMissing(stat(file))
  if (found !== undefined && (found.mode & foreignBits) !== 0) await chmod(file, 0o600)
}

/** What was begun with a file; `undefined` when there is no such file. */
async function unlessMissing<Found>(begun: Promise<Found>): Promise<Found | undefined> {
  try {
    return await begun
  } catch (error) {
    if (isError(error, 'ENOENT')) return undefined
    throw error
  }
}

// Written beside and renamed, so that a killed process leaves the old document or the new one, never half of it.
async function replaceFile(directory: string, name: string, text: string): Promise<void> {
  const temporary = join(directory, `${name}.${String(process.pid)}.tmp`)
  await writeFile(temporary, text, { mode: 0o600 })
  await rename(temporary, join(directory, name))
}

function ignoreForTheNextWrite(): void {
  // The failed write was reported to its own caller; the next one must not fail for the same reason.
}
