// The published command as a process of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Variables } from './scenario.ts'

const bin = fileURLToPath(new URL('../dist/esm/bin.js', import.meta.url))

export interface SidecarProcess {
  /** Where it listens; rejects with what it wrote when it ends before that. */
  readonly url: Promise<string>
  /** Everything that it wrote so far. */
  readonly output: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  /** The exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>
  stop(): Promise<void>
}

/** Starts it on a free port, with these variables and nothing else of this process. */
export function startProcess(
  variables: Variables,
  args: readonly string[] = ['--port', '0'],
): SidecarProcess {
  const cwd = mkdtempSync(join(tmpdir(), 'midtier-sidecar-'))
  const started = run(process.execPath, [bin, ...args], { cwd, variables })
  void started.ended.then(() => rmSync(cwd, { recursive: true, force: true }))
  return started
}

/** Ends npx when the command is about to listen, and goes on when it is gone. */
const endingNpx = `
import { Server } from 'node:net'
const { listen } = Server.prototype
Server.prototype.listen = function (...args) {
  Server.prototype.listen = listen
  const npx = process.ppid
  process.kill(npx, 'SIGKILL')
  while (process.ppid === npx);
  return listen.apply(this, args)
}
`

/** As npx starts it: a process between that tells it of no signal; and, where it is so asked, is gone while the sidecar begins. */
export function startByNpx(variables: Variables, { isGoneEarly = false } = {}): SidecarProcess {
  const start = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`
  const flags = isGoneEarly ? ['--import', `data:text/javascript,${encodeURIComponent(endingNpx)}`] : []
  const args = ['--eval', start, '--', ...flags, bin, '--port', '0']
  return run(process.execPath, args, { cwd: tmpdir(), variables: { ...variables, npm_command: 'exec' } })
}

/** Any command that says where it listens as the sidecar does. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, variables }: { readonly cwd: string; readonly variables: Variables },
): SidecarProcess {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
  const url = new Promise<string>((resolve, reject) => {
    const hear = (text: string): void => {
      output += text
      const found = /listening on (\S+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    void ended.then(() => reject(new Error(output)))
  })
  url.catch(() => undefined)
  return {
    url,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    ended,
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
