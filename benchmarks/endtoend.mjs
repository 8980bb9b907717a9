// End to end: a request that is validated, has its token on behalf of its caller, and is answered, beside the same server without auth
// and beside what people put together otherwise; as one user, a thousand, and twenty thousand.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createUsers, tenantId } from './acquire-tokens.mjs'
import { pinLoad } from './cores.mjs'
import { peerNames } from './endtoend/peers.mjs'
import { summarise } from './endtoend/report.mjs'
import { measureCold, measureWarm, seedPeer, startServer, warmUp } from './endtoend/turns.mjs'
import { writeRequest } from './socket-load.mjs'
import { withTlsAuthority } from './tls-authority.mjs'

export { render } from './endtoend/report.mjs'

const kinds = {
  Express: ['ceiling', 'midtier', ...peerNames],
  'node:http': ['ceiling', 'midtier'],
  Fastify: ['ceiling', 'midtier'],
  Hono: ['ceiling', 'midtier'],
}

/** In full, and as a first look: users, and how often processes are started for them. Budgets bound those who would take hours. */
const full = { starts: { 1: 2, 1_000: 3, 20_000: 2 }, rounds: 3, coldBudgetMs: 60_000, peerBudgetMs: 3_000 }
const quickly = { starts: { 1: 1, 200: 1 }, rounds: 2, coldBudgetMs: 10_000, peerBudgetMs: 500 }

const progress = (text) => process.stderr.write(`endtoend: ${text}\n`)

export function measure({ rounds, quick }) {
  const plan = quick ? quickly : { ...full, rounds: Math.min(rounds, full.rounds) }
  pinLoad()
  return withTlsAuthority(async ({ instance, trusted, publish }) => {
    const api = fork(fileURLToPath(new URL('sidecar-world.mjs', import.meta.url)), { execArgv: [] })
    try {
      const [port] = await once(api, 'message')
      const people = createUsers(`${instance}/${tenantId}`, 'RS256')
      await publish(people.jwks)
      const world = { instance, apiUrl: `http://127.0.0.1:${port}/api/` }
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted, NODE_OPTIONS: '' }
      const requestOf = rememberRequests(people)
      const runs = []
      for (const [users, starts] of Object.entries(plan.starts).map((pair) => pair.map(Number)))
        for (let start = 0; start < starts; start += 1)
          for (const framework of Object.keys(kinds)) {
            progress(`${framework}, ${users} users, start ${start + 1} of ${starts}`)
            // The peers are so far from the rest that one start of them says it.
            const present = kinds[framework].slice(0, start === 0 ? undefined : 2)
            const groups = { framework, present, world, env, requestOf }
            runs.push(...(await measureGroup(groups, people, { ...plan, users, start })))
          }
      return summarise(runs, { starts: plan.starts, tokenLength: people.length })
    } finally {
      api.disconnect()
    }
  })
}

/** The bytes of a user's request, made once for all servers. */
function rememberRequests(people) {
  const known = new Map()
  return (path, user) => {
    const name = `${path} ${user}`
    if (!known.has(name)) known.set(name, writeRequest(path, `Bearer ${people.assertion(user)}`))
    return known.get(name)
  }
}

/** Fresh processes of one framework; what each did, cold and warm. */
async function measureGroup({ framework, present, ...around }, people, { users, start, ...plan }) {
  const servers = []
  try {
    for (const kind of present) servers.push(await startServer({ framework, kind, ...around }))
    const fast = servers.slice(0, 2)
    const peers = servers.slice(2)
    const cold = await measureCold(fast, users, plan.coldBudgetMs)
    for (const [peer, tally] of await measureCold(peers, users, plan.peerBudgetMs)) cold.set(peer, tally)
    for (const peer of peers) await seedPeer(peer, people, users)
    await warmUp(fast, plan.coldBudgetMs)
    await warmUp(peers, plan.peerBudgetMs / 2)
    const warm = await measureWarm(servers, '/', plan.rounds)
    const calling = await measureWarm(servers, '/todos', plan.rounds)
    return servers.map((server) => ({
      ...{
        framework,
        kind: server.kind,
        users,
        start,
        reached: server.users,
        cached: server.cached ?? users,
      },
      ...{ cold: cold.get(server), warm: warm.get(server), calling: calling.get(server) },
    }))
  } finally {
    for (const server of servers) server.stop()
  }
}
