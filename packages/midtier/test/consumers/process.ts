// A child process, run to its end: what it printed and how it ended.
import { spawn } from 'node:child_process'

export interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export type Environment = Readonly<Record<string, string | undefined>>

// Ends a process that hangs; no test is measured by it.
const limitMs = 540_000

/** Runs a command in a folder; resolves however it ended. */
export function execute(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Environment = consumerEnvironment(),
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command === 'node' ? process.execPath : command, args, {
      cwd,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const limit = setTimeout(() => {
      stderr += `\nended after ${limitMs / 1000} s`
      child.kill('SIGKILL')
    }, limitMs)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(limit)
      resolve({ code: code ?? 1, stdout, stderr })
    })
  })
}

/** Runs a command that has to succeed: what it printed, or an error with everything that it said. */
export async function executeOrThrow(
  command: string,
  args: readonly string[],
  cwd: string,
  env?: Environment,
): Promise<string> {
  const result = await execute(command, args, cwd, env)
  if (result.code === 0) return result.stdout
  throw new CommandError([command, ...args].join(' '), result)
}

export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly result: Result

  constructor(command: string, result: Result) {
    super(`${command}: exit code ${result.code}\n${result.stdout}\n${result.stderr}`.trimEnd())
    this.result = result
  }
}

// What the test runner and `npm test` put into the environment, which no user's process would see.
const ours =
  /^(VITEST|NODE_ENV$|NODE_OPTIONS$|NODE_V8_COVERAGE$|FORCE_COLOR$|npm_(package|lifecycle|command|execpath|config_local_prefix))/

/** The environment of a consumer's process. */
export function consumerEnvironment(): Environment {
  const entries = Object.entries(process.env).filter(([name]) => !ours.test(name))
  return { ...Object.fromEntries(entries), NO_COLOR: '1' }
}
