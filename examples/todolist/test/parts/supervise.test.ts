// How the starter keeps a program alive.
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { supervise, type Supervised } from '../../scenario/supervise.ts'
import { until } from '../running-scenario.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'todolist-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function program(name: string, code: string): Promise<string> {
  const entry = join(directory, `${name}.mjs`)
  await writeFile(entry, code)
  return entry
}

interface Watched extends Supervised {
  readonly deaths: string[]
  readonly complaints: string[]
  readonly failures: Error[]
}

function watch(entry: string): Watched {
  const deaths: string[] = []
  const complaints: string[] = []
  const failures: Error[] = []
  const events = {
    died: (how: string) => void deaths.push(how),
    complained: (line: string) => void complaints.push(line),
    gaveUp: (error: Error) => void failures.push(error),
  }
  return {
    ...supervise({ title: 'Program', entry }, events, { firstPauseMs: 10 }),
    deaths,
    complaints,
    failures,
  }
}

describe('a supervised program', () => {
  it('is started again after it was killed, and not after it was stopped', async () => {
    const watched = watch(await program('sleeper', 'setInterval(() => undefined, 1000)'))
    const first = watched.pid()
    if (first !== undefined) process.kill(first, 'SIGKILL')
    await until(() => ![first, undefined].includes(watched.pid()))
    expect(watched.deaths).toEqual(['was ended by SIGKILL'])
    await watched.stop()
    expect(watched.pid()).toBeUndefined()
    expect(watched.deaths).toHaveLength(1)
  })

  it('is given up when it cannot live, and what it complained about is passed on', async () => {
    const watched = watch(await program('stillborn', 'console.error("no, thanks"); process.exitCode = 3'))
    await until(() => watched.failures.length > 0)
    expect(watched.failures[0]?.message).toBe('Program ended with code 3, 6 times in a row')
    expect(watched.complaints).toContain('no, thanks')
  })

  // At once: the starter is gone before the program has loaded anything that could notice.
  it.each([0, 500])(
    'ends when the starter is gone %i ms after it began, however that went',
    async (delayMs) => {
      const entry = await program('orphan', 'setInterval(() => undefined, 1000)')
      const pidFile = join(directory, `orphan-${delayMs}.pid`)
      const starter = await program(
        `starter-${delayMs}`,
        `import { spawn } from 'node:child_process'
       import { writeFileSync } from 'node:fs'
       const child = spawn(process.execPath, ['--import', ${JSON.stringify(new URL('../../dist/scenario/end-with-parent.js', import.meta.url).href)}, ${JSON.stringify(entry)}], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], detached: true })
       child.once('spawn', () => setTimeout(() => { writeFileSync(${JSON.stringify(pidFile)}, String(child.pid)); process.kill(process.pid, 'SIGKILL') }, ${delayMs}))
       setInterval(() => undefined, 1000)`,
      )
      const watched = watch(starter)
      await until(() => watched.deaths.length > 0)
      await watched.stop()
      const pid = Number(await readFile(pidFile, 'utf8'))
      await until(() => !isAlive(pid))
      expect(isAlive(pid)).toBe(false)
    },
  )
})

/** Whether a process runs; one that has ended and whom nobody has asked how does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false // ESRCH: there is no such process
  }
  return !isZombie(pid)
}

/** An orphan belongs to the first process of the machine, which in a container may be one that never asks. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return (
    existsSync(file) &&
    readFileSync(file, 'utf8')
      .replace(/\(.*\)/, '')
      .includes(' Z ')
  )
}
