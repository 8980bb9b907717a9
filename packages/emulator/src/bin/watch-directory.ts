// Reads a directory file again when it is edited: what it says counts from the next request on; a mistake in it changes nothing.
import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { DirectoryData } from '../directory/model.ts'
import { parseDirectory } from '../directory/schema.ts'
import type { Emulator } from '../emulator/emulator.ts'

/** Editors write in several steps; so long after the first one the file is whole, or a later step is told again. */
const settleMs = 50

/**
 * Follows the file from which an emulator was started. What was switched at run time stays: consents that were given or taken back,
 * revoked sessions, and policies that the file does not have or has as before.
 * @returns ends it
 */
export function watchDirectory(
  file: string,
  emulator: Pick<Emulator, 'directory' | 'policies'>,
  tell: (message: string) => void,
): () => void {
  let last = ''
  let isWaiting = false
  const read = async (): Promise<void> => {
    if (isWaiting) return
    isWaiting = true
    await delay(settleMs)
    isWaiting = false
    try {
      const text = await readFile(file, 'utf8')
      if (text === last) return
      last = text
      takeOver(emulator, parseDirectory(JSON.parse(text)))
      tell(`${file} was read again`)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      tell(`${file} was not read again, the directory stays as it is: ${error.message}`)
    }
  }
  // The folder, for many editors replace the file by another one.
  const watcher = watch(dirname(resolve(file)), (_, name) => {
    if (name === basename(file)) void read()
  })
  watcher.unref()
  return () => watcher.close()
}

function takeOver(
  { directory, policies }: Pick<Emulator, 'directory' | 'policies'>,
  data: DirectoryData,
): void {
  directory.replace(data)
  directory.consents.reseed(data.consents ?? [])
  for (const policy of data.policies ?? []) {
    const known = policies.find(policy.id ?? '')
    if (known === undefined || !isSame({ ...known, enabled: policy.enabled }, policy)) policies.add(policy)
  }
}

function isSame(one: object, other: object): boolean {
  const [first, second] = [one, other].map((each) => JSON.stringify(Object.entries(each).sort()))
  return first === second
}
