// A process of the middle tier as the test holds it: started, asked, killed.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** What the process counted. */
export interface WorkerCounts {
  readonly l1: number
  readonly l2: number
  readonly authority: number
  readonly storeFailures: number
}

export interface WorkerAnswer {
  readonly status: number
  readonly body: string
}

export interface WorkerProcess {
  /** From the moment of the kill on: what fails now may fail. */
  readonly wasKilled: boolean
  /** @throws the error of the connection. */
  get(path: string, token?: string): Promise<WorkerAnswer>
  counts(): Promise<WorkerCounts>
  /** SIGKILL: no connection is closed in order, nothing is written any more. */
  kill(): Promise<void>
}

const program = fileURLToPath(new URL('./worker.mjs', import.meta.url))
const built = fileURLToPath(new URL('../../../dist/esm/index.js', import.meta.url))
const startLimitMs = 300_000
const answerLimitMs = 300_000

/** @throws Error when the package has not been built, or the process ends before it listens. */
export async function startWorker(settings: object): Promise<WorkerProcess> {
  if (!existsSync(built))
    throw new Error('packages/midtier/dist is missing: these processes run the built package; npm run build')
  const child = fork(program, { execArgv: [], serialization: 'advanced' })
  const ended = once(child, 'exit')
  child.send(settings)
  const port = await Promise.race([listening(), endedEarly()])
  const agent = new Agent({ keepAlive: true })
  let wasKilled = false
  const get = (path: string, token?: string): Promise<WorkerAnswer> => ask(agent, port, path, token)
  return {
    get wasKilled() {
      return wasKilled
    },
    get,
    counts: async () => JSON.parse((await get('/counts')).body) as WorkerCounts,
    async kill() {
      wasKilled = true
      child.kill('SIGKILL')
      await ended
      agent.destroy()
    },
  }

  async function listening(): Promise<number> {
    const [message] = await once(child, 'message', { signal: AbortSignal.timeout(startLimitMs) })
    return (message as { readonly port: number }).port
  }

  async function endedEarly(): Promise<never> {
    const [code] = await ended
    throw new Error(`A process of the middle tier ended with ${String(code)} before it listened`)
  }
}

function ask(agent: Agent, port: number, path: string, token: string | undefined): Promise<WorkerAnswer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, headers, timeout: answerLimitMs })
    sent.on('error', reject)
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0
      text(response).then((body) => {
        resolve({ status, body })
      }, reject)
    })
    sent.end()
  })
}
