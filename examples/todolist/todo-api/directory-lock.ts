// One process at a time for a data directory: two of them in the same PGlite files would destroy each other's work.
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const heartbeatMs = 2_000
/** After so long without a heartbeat a lock counts as left behind, even if its process id is in use again. */
const staleMs = 8_000

/**
 * Takes the lock, which holds our process id and is touched every two seconds, and returns what gives it back.
 *
 * @throws Error when a living process holds it.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'lock')
  if (!(await claim(path))) {
    if (await isHeld(path))
      throw new Error(
        `Another To Do API is using ${directory}. Stop it first, or set TODO_DATA_DIR to another directory.`,
      )
    await rm(path, { force: true })
    if (!(await claim(path))) throw new Error(`Another To Do API has just taken ${directory}.`)
  }
  const heartbeat = setInterval(() => void touch(path), heartbeatMs)
  heartbeat.unref()
  return async () => {
    clearInterval(heartbeat)
    await rm(path, { force: true })
  }
}

/** Creates the lock file; false when there is one already. */
async function claim(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

async function isHeld(path: string): Promise<boolean> {
  const [pid, touchedMs] = await Promise.all([
    readFile(path, 'utf8').then(Number),
    stat(path).then((found) => found.mtimeMs),
  ])
  return isAlive(pid) && Date.now() - touchedMs < staleMs
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return isErrno(error, 'EPERM')
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date()
  try {
    await utimes(path, now, now)
  } catch (error) {
    console.error(`The lock of the data directory is gone: ${String(error)}`)
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
