// The soak: four processes and a Redis for half an hour, more users than the cache holds, tokens that expire and keys that roll, while Redis
// is restarted and a process is killed every minute. What is asked of it: no growth, no drift, nothing lost, nothing mixed up.
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { tenantId } from './acquire-tokens.mjs'
import { createRedis } from './redis-server.mjs'
import { createFleet } from './soak/fleet.mjs'
import { summarise } from './soak/report.mjs'
import { createCrowd } from './soak/users.mjs'

export { render } from './soak/report.mjs'

const processes = 4
const quickSeconds = 20
/** Of requests, every second; fewer where the machine does not keep up. */
const rate = 250
const mostInFlight = 200
const tickMs = 10

const progress = (text) => process.stderr.write(`soak: ${text}\n`)

/** How often things happen, in seconds: in a first look as often as the time allows. */
function planFor(seconds) {
  const every = (often, share) => Math.min(often, seconds * share)
  return {
    seconds,
    kill: every(60, 0.2),
    roll: every(240, 0.25),
    outage: every(300, 0.35),
    outageSeconds: every(5, 0.05),
    weigh: every(15, 0.05),
    assertionSeconds: Math.round(every(600, 0.5)),
    // Above five minutes: what has less is not given while another is to be had.
    tokenSeconds: 300 + Math.round(every(120, 0.25)),
    cooldownSeconds: Math.round(every(30, 0.05)),
  }
}

export async function measure({ quick, minutes = 30, seed = 1 }) {
  const plan = planFor(quick ? quickSeconds : minutes * 60)
  const authority = fork(fileURLToPath(new URL('soak/authority-child.mjs', import.meta.url)), {
    execArgv: [],
  })
  let redis
  let fleet
  try {
    const [port] = await once(authority, 'message')
    const instance = `http://127.0.0.1:${port}/`
    redis = await createRedis()
    const crowd = createCrowd(`${instance}${tenantId}`, { seed, lifetimeSeconds: plan.assertionSeconds })
    const publish = async () => {
      authority.send({ jwks: crowd.roll(), lifetimeSeconds: plan.tokenSeconds })
      await once(authority, 'message')
    }
    await publish()
    crowd.signWithNew()
    const secret = randomBytes(32).toString('base64')
    const { cooldownSeconds } = plan
    fleet = await createFleet(processes, { instance, redisPort: redis.port, secret, cooldownSeconds })
    const record = await run(plan, { crowd, fleet, redis, publish })
    return summarise(record, { ...plan, processes, rate, seed })
  } finally {
    fleet?.stop()
    await redis?.remove()
    authority.disconnect()
  }
}

async function run(plan, { crowd, fleet, redis, publish }) {
  const begunMs = performance.now()
  const elapsed = () => (performance.now() - begunMs) / 1000
  const record = { answers: [], weights: [], events: [], faults: [], retried: 0 }
  const note = (what) => record.events.push({ what, at: elapsed() })
  const outage = async () => {
    note('redis')
    await redis.kill()
    await sleep(plan.outageSeconds * 1000)
    await redis.start()
  }
  // A process that has just read the keys reads them no more for the cool-down: authorities publish days ahead.
  const roll = async () => {
    await publish()
    await sleep((plan.cooldownSeconds + 1) * 1000)
    note('keys')
    crowd.signWithNew()
  }
  const chores = [
    [plan.kill, () => (note('kill'), fleet.killOne())],
    [plan.roll, roll],
    [plan.outage, outage],
    [plan.weigh, async () => record.weights.push({ ...(await fleet.weighFirst()), at: elapsed() })],
    [60, () => progress(`${Math.round(elapsed() / 60)} min, ${record.answers.length} answers`)],
  ].map(([seconds, work]) => every(seconds, work, () => elapsed() < plan.seconds))
  await Promise.all([...chores, askSteadily({ crowd, fleet, plan, elapsed, record })])
  return record
}

/** Again and again until the end, one after another; never beside itself. */
async function every(seconds, work, goesOn) {
  for (;;) {
    for (let waited = 0; waited < seconds && goesOn(); waited += 0.25) await sleep(250)
    if (!goesOn()) return
    await work()
  }
}

/** At the rate, whether or not the answers come, up to so many at once. */
async function askSteadily({ crowd, fleet, plan, elapsed, record }) {
  const flying = new Set()
  let sent = 0
  while (elapsed() < plan.seconds) {
    for (const due = elapsed() * rate; sent < due && flying.size < mostInFlight; sent += 1) {
      const asked = askOnce({ crowd, fleet, elapsed, record }).finally(() => flying.delete(asked))
      flying.add(asked)
    }
    sent = Math.max(sent, elapsed() * rate - rate) // what could not be sent for a second is not made up for
    await sleep(tickMs)
  }
  await Promise.all(flying)
}

async function askOnce({ crowd, fleet, elapsed, record }) {
  const { id, authorization } = crowd.next()
  const at = elapsed()
  const fault = (kind, detail) => record.faults.push({ kind, detail, at })
  try {
    const { status, body, retries } = await fleet.ask(authorization)
    if (retries > 0) record.retried += 1
    else record.answers.push({ at, ms: (elapsed() - at) * 1000 })
    if (status !== 200) return fault('lost', `${status} ${body.slice(0, 300)}`)
    const { caller, tokenOf, expiresAt } = JSON.parse(body)
    if (caller !== id || tokenOf !== id) fault('mixed up', 'another user')
    else if (expiresAt * 1000 <= Date.now() - 1000) fault('expired', `${Date.now() / 1000 - expiresAt} s`)
  } catch (error) {
    fault('lost', String(error.code ?? error.message))
  }
}
