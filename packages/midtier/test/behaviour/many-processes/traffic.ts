// Many users at once: requests over all processes, retried elsewhere only when their process was killed under them.
import type { Cluster } from './cluster.ts'
import { processCount, userCount, userId } from './cluster.ts'
import type { WorkerAnswer, WorkerProcess } from './worker-process.ts'

/** What is done when that many requests were begun. */
export type Schedule = ReadonlyMap<number, () => Promise<void>>

export interface TrafficResult {
  /** Requests that ended with an answer to the user who asked. */
  readonly served: number
  /** Connections that broke because their process was killed. */
  readonly retried: number
  /** Answers that named another user. */
  readonly misdelivered: number
  /** Everything else, the first few of them. */
  readonly failures: readonly string[]
}

const concurrency = 64
const maxFailures = 10

/** Sends `total` requests, interleaving the users, while the schedule happens in its order. */
export async function sendTraffic(
  cluster: Cluster,
  tokens: readonly string[],
  total: number,
  schedule: Schedule,
): Promise<TrafficResult> {
  const result = { served: 0, retried: 0, misdelivered: 0, failures: [] as string[] }
  let events: Promise<void> = Promise.resolve()
  /** What everybody waits for: the event before the one whose turn it is. A process that starts slowly delays the traffic with it. */
  let gate: Promise<void> = Promise.resolve()
  let begun = 0
  await Promise.all(Array.from({ length: concurrency }, lane))
  await events
  return result

  async function lane(): Promise<void> {
    for (;;) {
      await gate
      if (begun >= total || result.failures.length >= maxFailures) return
      begun += 1
      const event = schedule.get(begun)
      if (event !== undefined) {
        gate = events
        events = events.then(event)
        events.catch(() => undefined) // told at the end
      }
      if (begun % 100 === 0) cluster.exchanges() // before the emulator forgets them
      if (begun % 10_000 === 0) tell(begun)
      await sendOne(begun)
    }
  }

  async function sendOne(index: number): Promise<void> {
    const user = scatter(index) % userCount
    const answer = await askUntilAnswered(`/whoami/${userId(user)}`, tokens[user]!, scatter(index * 31 + 7))
    if (answer instanceof Error) result.failures.push(answer.message)
    else if (answer.status !== 200) result.failures.push(`${answer.status} ${answer.body}`)
    else if (answer.body !== JSON.stringify({ oid: userId(user) })) result.misdelivered += 1
    else result.served += 1
  }

  async function askUntilAnswered(path: string, token: string, seed: number): Promise<WorkerAnswer | Error> {
    for (let tries = 0; tries < 10; tries += 1) {
      const worker = choose(seed + tries)
      const answer = await worker.get(path, token).catch((error: unknown) => error as Error)
      if (!(answer instanceof Error) || !worker.wasKilled) return answer
      result.retried += 1
    }
    return new Error('ten processes in a row were killed under one request')
  }

  function choose(seed: number): WorkerProcess {
    const alive = cluster.workers.filter(({ wasKilled }) => !wasKilled)
    return alive[seed % alive.length]!
  }

  function tell(count: number): void {
    const { retried } = result
    const facts = `${cluster.exchanges()} exchanges, ${retried} retried, ${cluster.starts} process starts`
    process.stdout.write(`${count} requests over ${processCount} processes: ${facts}\n`)
  }
}

/** The same order in every run, and no pattern that ties a user to a process. */
function scatter(index: number): number {
  const mixed = Math.imul(index ^ (index >>> 15), 0x2c1b3c6d)
  return (Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) ^ (mixed >>> 15)) >>> 0
}
