// A small cluster that really runs: processes with bounded memory over one Redis, and requests that a seed decides. What is counted are no times.
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createUsers } from '../acquire-tokens.mjs'
import { createRandom } from '../random.mjs'
import { withRedis } from './redis.mjs'
import { busyness, untilNext } from './world.mjs'

const child = fileURLToPath(new URL('process-child.mjs', import.meta.url))

/** Everything goes sixty times as fast as in life; but a token is not given in its last five minutes, which stay. */
export function clusterInputs(quick) {
  const common = { sessionsPerDay: 1, peak: 1, requestsPerMinute: 30, exchangeMs: 20, processes: 4 }
  const sessionsPerSecond = quick ? 24 : 10
  const users = sessionsPerSecond * 86_400
  const lives = quick ? [10, 6, 308, 3] : [60, 40, 345, 20]
  const [sessionMinutes, clientTokenMinutes, tokenMinutes, refreshMinutes] = lives.map(
    (seconds) => seconds / 60,
  )
  return {
    ...common,
    ...{ users, sessionMinutes, clientTokenMinutes, tokenMinutes, refreshMinutes },
    maxEntries: quick ? 120 : 400,
    ...(quick && { skew: 0.2 }),
  }
}

/** Every request of a run, in order: when, with which session token, for which API, at which process. */
function requestsOf(inputs, { seed, seconds }) {
  const random = createRandom(seed)
  const sessionSeconds = inputs.sessionMinutes * 60
  const sessionsPerSecond = (inputs.users * inputs.sessionsPerDay * inputs.peak) / 86_400
  const begins = Array.from(
    { length: Math.round(sessionsPerSecond * sessionSeconds) },
    () => -random() * sessionSeconds,
  )
  for (
    let at = untilNext(random, sessionsPerSecond);
    at < seconds;
    at += untilNext(random, sessionsPerSecond)
  )
    begins.push(at)
  const requests = []
  begins.forEach((begunAt, session) => {
    const rate = (inputs.requestsPerMinute / 60) * busyness(random, inputs.skew)
    for (
      let at = Math.max(0, begunAt) + untilNext(random, rate);
      at < begunAt + sessionSeconds;
      at += untilNext(random, rate)
    ) {
      if (at >= seconds) break
      const renewed = Math.floor((at - begunAt) / (inputs.clientTokenMinutes * 60))
      const api = Math.floor(random() * inputs.downstreamApis)
      requests.push({
        at,
        token: session * 10 + renewed,
        api,
        process: Math.floor(random() * inputs.processes),
      })
    }
  })
  return requests.sort((one, other) => one.at - other.at)
}

/** Runs the cluster, and gives what was counted after the first `warmSeconds`. */
export function measureCluster(inputs, { seed, warmSeconds, seconds }) {
  return withRedis(async (client, port) => {
    const users = createUsers()
    const open = {
      port,
      jwks: users.jwks,
      secret: randomBytes(32).toString('base64'),
      lifetime: { expires_in: inputs.tokenMinutes * 60, refresh_in: inputs.refreshMinutes * 60 },
      exchangeMs: inputs.exchangeMs,
      maxEntries: inputs.maxEntries,
    }
    const processes = Array.from({ length: inputs.processes }, () => fork(child, { execArgv: [] }))
    try {
      await Promise.all(processes.map((each) => (each.send({ open }), once(each, 'message'))))
      const requests = requestsOf(inputs, { seed, seconds: warmSeconds + seconds })
      const cold = requests.findIndex(({ at }) => at >= warmSeconds)
      const begunAt = performance.now()
      await play(requests.slice(0, cold), { processes, users, begunAt })
      for (const each of processes) each.send({ reset: true })
      await play(requests.slice(cold), { processes, users, begunAt })
      await pause(500)
      const told = await Promise.all(
        processes.map((each) => (each.send({ report: true }), once(each, 'message'))),
      )
      return addUp(
        told.map(([each]) => each),
        seconds,
      )
    } finally {
      for (const each of processes) each.kill()
    }
  })
}

const pause = (ms) => new Promise((resolve) => void setTimeout(resolve, ms))

/** Sends each request when its time has come, those of a moment together. */
async function play(requests, { processes, users, begunAt }) {
  for (let next = 0; next < requests.length;) {
    const passed = (performance.now() - begunAt) / 1000
    const due = processes.map(() => [])
    for (; next < requests.length && requests[next].at <= passed; next += 1) {
      const { process, token, api } = requests[next]
      due[process].push([users.assertion(token), api])
    }
    due.forEach((list, nth) => list.length > 0 && processes[nth].send({ requests: list }))
    await pause(5)
  }
}

function addUp(told, seconds) {
  const sum = (pick) => told.reduce((total, each) => total + (pick(each) ?? 0), 0)
  const origins = Object.fromEntries(
    ['l1', 'l2', 'authority', 'refused'].map((origin) => [origin, sum(({ counts }) => counts[origin])]),
  )
  const requests = Object.values(origins).reduce((total, each) => total + each, 0)
  // What a process says to begin with, and to hear messages, is said once and is no part of a request.
  const operations = ['get', 'set', 'eval'].map((name) => sum(({ commands }) => commands[name]))
  return {
    seconds,
    requests,
    ...origins,
    exchanges: sum(({ exchanges }) => exchanges),
    operations: operations.reduce((total, each) => total + each, 0),
  }
}
