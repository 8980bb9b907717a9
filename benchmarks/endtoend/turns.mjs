// Servers of one framework in turn: first each user once, who is nobody's yet, then rounds in which all that is needed is at hand.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { todos } from '../acquire-tokens.mjs'
import { spawnPinned } from '../cores.mjs'
import { answer } from './servers.mjs'
import { shuffle } from '../rounds.mjs'
import { openServer } from '../server-turns.mjs'
import { createLoad } from '../socket-load.mjs'

const child = fileURLToPath(new URL('server-child.mjs', import.meta.url))

/** Short, so that whatever else the machine does disturbs neighbours alike. */
const turnsInRound = 10
const turns = { '/': 250, '/todos': 100 }
const answers = { '/': answer, '/todos': todos }
/** Requests until the compiler is done and every token is remembered. */
const warming = { '/': 8_000, '/todos': 1_000 }

/** A peer that takes longer than this for a turn is slow: it has one in each of the first rounds, of as many requests as fit. */
const slowTurnMs = 500
const slowRounds = 2
/** Asked to find that out; the first of them are not counted. */
const probes = 4

/** A server in a process of its own; `run(path, users, limits)` asks it, as so many users in turn. */
export async function startServer({ framework, kind, world, env, requestOf }) {
  const { process: server, port } = await openServer(spawnPinned(child, [framework, kind], { env }), world)
  const ended = new Promise((_, reject) =>
    server.once('exit', (code) => reject(new Error(`${kind} on ${framework} ended with ${code}`))),
  )
  ended.catch(() => {})
  const tell = async (message) => {
    server.send(message)
    const [told] = await Promise.race([once(server, 'message'), ended])
    return told
  }
  const loads = Object.fromEntries(
    Object.entries(answers).map(([path, expected]) => [
      path,
      createLoad({ name: `${kind} on ${framework}`, port, expected }),
    ]),
  )
  return {
    framework,
    kind,
    tell,
    /** Milliseconds of a request, of a peer that is slow. */
    slowMs: undefined,
    /** How many of the users have been here. */
    users: 0,
    async run(path, users, limits) {
      await tell('begin')
      const run = await loads[path].run((count) => requestOf(path, count % users), limits)
      return { ...run, ...(await tell('end')) }
    },
    stop() {
      for (const load of Object.values(loads)) load.close()
      server.kill('SIGKILL')
    },
  }
}

/** The first request of each user, in turns; whoever has used up its time leaves the others out. */
export async function measureCold(servers, users, budgetMs) {
  const results = new Map(servers.map((server) => [server, createTally()]))
  while (servers.some((server) => !isDone(server)))
    for (const server of shuffle(servers)) {
      if (isDone(server)) continue
      const tally = results.get(server)
      const requests = Math.min(turns['/'], users - server.users)
      const run = await server.run('/', users, { requests, budgetMs: budgetMs - tally.wallMs })
      server.users += run.requests
      add(tally, run)
    }
  for (const server of servers) Object.assign(results.get(server), await server.tell('total'))
  return results

  function isDone(server) {
    return server.users >= users || results.get(server).wallMs >= budgetMs
  }
}

/** Makes every cache and the compiler ready. */
export async function warmUp(servers, budgetMs) {
  for (const server of servers) {
    for (const path of Object.keys(warming)) {
      const requests = Math.max(warming[path], path === '/' ? 2 * server.users : 0)
      await server.run(path, server.users, { requests: server.slowMs ? probes : requests, budgetMs })
    }
    await server.tell('total')
  }
}

/** Fills a peer's cache with all users, where that is possible without asking the authority for each, and finds out whether it is slow. */
export async function seedPeer(server, people, users) {
  if (server.users < users) {
    const assertions = Array.from({ length: server.users }, (_, index) => people.assertion(index))
    const { seeded } = await server.tell({ seed: { count: users, assertions } })
    server.cached = seeded ? users : server.users
  }
  await server.run('/', server.users, { requests: probes })
  const { wallMs } = await server.run('/', server.users, { requests: probes })
  if (wallMs / probes > slowTurnMs / turns['/']) server.slowMs = wallMs / probes
}

/** What each server did in each round, by server. */
export async function measureWarm(servers, path, rounds) {
  const results = new Map(servers.map((server) => [server, []]))
  for (let round = 0; round < rounds; round += 1) {
    const tallies = new Map(servers.map((server) => [server, createTally()]))
    for (let turn = 0; turn < turnsInRound; turn += 1)
      for (const server of shuffle(servers)) {
        if (server.slowMs && (turn > 0 || round >= slowRounds)) continue
        const fitting = server.slowMs ? Math.max(probes, Math.floor(slowTurnMs / server.slowMs)) : Infinity
        const requests = Math.min(turns[path], fitting)
        add(tallies.get(server), await server.run(path, server.users, { requests }))
      }
    for (const [server, tally] of tallies) if (tally.requests > 0) results.get(server).push(tally)
  }
  for (const server of servers) results.get(server).total = await server.tell('total')
  return results
}

const createTally = () => ({ requests: 0, wallMs: 0, spentUs: 0, latencies: [] })

function add(tally, { requests, wallMs, spentUs, latencies }) {
  tally.requests += requests
  tally.wallMs += wallMs
  tally.spentUs += spentUs
  for (const latency of latencies) tally.latencies.push(latency)
}
