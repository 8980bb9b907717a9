// What a module of the user does beside the command: one that ends the process, or throws where nobody catches, ends no command in silence.
import { nameOf } from '../doctor/finding.ts'

/** The process, as far as it is watched. */
export interface WatchedProcess {
  exitCode?: typeof process.exitCode
  readonly stderr: { write(text: string): unknown }
  on(event: string, listener: (value: unknown) => void): unknown
  off(event: string, listener: (value: unknown) => void): unknown
  exit(code?: number): unknown
}

/** Exit codes: that of a module that cannot be used, and that of a failure. */
const [unusable, failed] = [2, 4]

/** Watches until the command is over. @returns what ends the watch. */
export function watchOver(watched: WatchedProcess): () => void {
  const say = (text: string): unknown => watched.stderr.write(`midtier: ${text}\n`)
  const ended = (code: unknown): void => {
    // 13 is Node's own: nothing is left to do, and something is still awaited.
    const how = code === 13 ? 'awaits something that never comes' : 'ended the process'
    say(`what was loaded ${how}, before the command was done: take that out of the module`)
    watched.exitCode = unusable
  }
  const threw = (error: unknown): void => {
    stop()
    say(`what was loaded fails beside the command (${nameOf(error)}): handle that in the module`)
    watched.exit(failed)
  }
  const stop = (): void => {
    watched.off('exit', ended)
    watched.off('uncaughtException', threw)
  }
  watched.on('exit', ended)
  watched.on('uncaughtException', threw)
  return stop
}

/** Ends the process with the exit code of the command, and without a stack trace, though what was loaded may throw when it is told of the end. */
export function endProcess(ending: Pick<WatchedProcess, 'exit'>): void {
  try {
    ending.exit()
  } finally {
    ending.exit() // Node.js tells of the end once
  }
}
