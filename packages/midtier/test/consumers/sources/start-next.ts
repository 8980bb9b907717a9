// A user's Next.js application behind `next start` or `next dev`, on a port of its own.
import { spawn } from 'node:child_process'
import type { Around } from './ask-routes.ts'

// Ends a server that hangs; nothing is measured by it. Shorter than what the process itself is given.
const limitMs = 240_000

/** Resolves to its address. It and all that it starts end with this process, however that ends. */
export function startNext(command: 'start' | 'dev', around: Around): Promise<string> {
  const next = spawn('next', [command, '--hostname', '127.0.0.1', '--port', '0'], {
    detached: true, // a process group, to be ended as a whole
    env: { ...process.env, ...around },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => {
    const isAlive = next.exitCode === null && next.signalCode === null
    if (next.pid !== undefined && isAlive) process.kill(-next.pid, 'SIGKILL')
  })
  setTimeout(() => process.exit(1), limitMs).unref()
  return new Promise((resolve, reject) => {
    let said = ''
    next.once('error', reject)
    next.once('exit', (code) => reject(new Error(`next ${command} ended with ${String(code)}: ${said}`)))
    next.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
      if (origin !== undefined && said.includes('Ready')) resolve(origin)
    })
  })
}
