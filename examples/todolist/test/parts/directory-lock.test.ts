// Who may use a data directory.
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDirectory } from '../../todo-api/directory-lock.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'todolist-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const lockedAgain = async (): Promise<void> => (await lockDirectory(directory))()

describe('the lock of a data directory', () => {
  it('is refused while a living process holds it, and given once it is free', async () => {
    const unlock = await lockDirectory(directory)
    await expect(lockDirectory(directory)).rejects.toThrow(/Another To Do API is using .* TODO_DATA_DIR/)
    await unlock()
    await expect(lockedAgain()).resolves.toBeUndefined()
  })

  it('is taken over from a process that is gone', async () => {
    await writeFile(join(directory, 'lock'), '4194304')
    await expect(lockedAgain()).resolves.toBeUndefined()
  })

  it('is taken over after a long silence, even if another program has that process id now', async () => {
    const lock = join(directory, 'lock')
    const longAgo = new Date(Date.now() - 60_000)
    await writeFile(lock, String(process.pid))
    await utimes(lock, longAgo, longAgo)
    await expect(lockedAgain()).resolves.toBeUndefined()
  })
})
