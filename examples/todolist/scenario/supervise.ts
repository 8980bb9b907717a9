// Keeps one process of the scenario alive: starts it, starts it again when it dies, and gives up when it cannot live.
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { compiledFile } from './compiled-file.ts'

/** A program to run. */
export interface Program {
  /** For the lines about it: `To Do API`. */
  readonly title: string
  /** A JavaScript file. */
  readonly entry: string
  /** JavaScript files that are loaded before it. */
  readonly before?: readonly string[]
  readonly arguments?: readonly string[]
  /** Beyond the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>
}

/** What the supervisor tells. */
export interface SupervisorEvents {
  /** It died, and is about to be started again. `how` is the end of a sentence: `was ended by SIGKILL`. */
  readonly died: (how: string) => void
  /** A line that the program wrote to its standard output. */
  readonly said?: (line: string) => void
  /** A line that the program wrote to its standard error. */
  readonly complained: (line: string) => void
  /** It died too often; nothing more is tried. */
  readonly gaveUp: (error: Error) => void
}

/** A program that is kept alive. */
export interface Supervised {
  /** `undefined` between two lives. */
  readonly pid: () => number | undefined
  /** Ends it, for good. */
  readonly stop: () => Promise<void>
}

const longestPauseMs = 4_000
/** Who lived so long has earned new chances. */
const longLifeMs = 20_000
const shortLives = 6
const patienceMs = 5_000

const endWithParent = compiledFile('scenario/end-with-parent.js')

/** How patient the supervisor is. */
export interface SupervisorOptions {
  /** Before the first new start; doubled each time, up to four seconds. Default 250. */
  readonly firstPauseMs?: number
}

/** Starts a program and watches over it. */
export function supervise(
  program: Program,
  events: SupervisorEvents,
  { firstPauseMs = 250 }: SupervisorOptions = {},
): Supervised {
  const { died, gaveUp } = events
  let child: ChildProcess | undefined
  let stopping = false
  let deaths = 0
  let timer: NodeJS.Timeout | undefined

  const start = (): void => {
    const bornMs = performance.now()
    const started = spawnProgram(program, events)
    child = started
    started.once('exit', (code, signal) => {
      child = undefined
      if (stopping) return
      deaths = performance.now() - bornMs > longLifeMs ? 1 : deaths + 1
      const how = signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`
      if (deaths >= shortLives) {
        gaveUp(new Error(`${program.title} ${how}, ${deaths} times in a row`))
        return
      }
      const pauseMs = Math.min(firstPauseMs * 2 ** (deaths - 1), longestPauseMs)
      died(how)
      timer = setTimeout(start, pauseMs)
    })
  }

  start()
  return {
    pid: () => child?.pid,
    stop: async () => {
      stopping = true
      clearTimeout(timer)
      if (child !== undefined) await end(child)
    },
  }
}

function spawnProgram(program: Program, { said, complained }: SupervisorEvents): ChildProcess {
  const { entry, before = [], arguments: given = [], environment } = program
  const imports = [endWithParent, ...before].flatMap((path) => ['--import', pathToFileURL(path).href])
  const child = spawn(process.execPath, [...imports, entry, ...given], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', said === undefined ? 'ignore' : 'pipe', 'pipe', 'ipc'],
    // Ctrl-C in a terminal goes to the whole process group; ending its children is the supervisor's own job.
    detached: process.platform !== 'win32',
  })
  if (child.stdout !== null && said !== undefined) onLine(child.stdout, said)
  if (child.stderr !== null) onLine(child.stderr, complained)
  return child
}

function onLine(input: Readable, listener: (line: string) => void): void {
  createInterface({ input, crlfDelay: Infinity }).on('line', listener)
}

/** Politely, and then not. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await ended
  clearTimeout(timer)
}
