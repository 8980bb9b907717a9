// What a request to the sidecar costs beside the same server without auth, what ten thousand users weigh, and how soon it is ready.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { clientId, clientSecretText, createUsers, tenantId, userScope } from './acquire-tokens.mjs'
import { atMost, listAims } from './report.mjs'
import { median, shuffle } from './rounds.mjs'
import { ask, load, openServer, users } from './server-turns.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const routes = {
  '/AuthorizationHeader': { path: '/AuthorizationHeader/todo', least: 0.7, warm: 6_000, turn: 250 },
  '/DownstreamApi': {
    path: '/DownstreamApi/todo?optionsOverride.RelativePath=todos',
    least: 0.6,
    warm: 3_000,
    turn: 100,
  },
}
const manyUsers = 10_000
const turnsInRound = 10
/** What the compiler and the collector make of a process differs from start to start. */
const startsOfEach = 7
const progress = (text) => process.stderr.write(`sidecar: ${text}\n`)

export async function measure({ rounds, quick }) {
  const world = fork(here('sidecar-world.mjs'), { execArgv: [] })
  try {
    const [port] = await once(world, 'message')
    const people = createUsers(`http://127.0.0.1:${port}/${tenantId}`, 'RS256')
    world.send(people.jwks)
    await once(world, 'message')
    const environment = settingsFor(`http://127.0.0.1:${port}/`)
    const [starts, turns] = quick ? [1, 5] : [startsOfEach, Math.min(rounds, 9)]
    const rows = []
    for (const [name, route] of Object.entries(routes)) {
      progress(name)
      const times = []
      for (let start = 0; start < starts; start += 1)
        times.push(await compare(environment, people, route, turns))
      rows.push({ name, least: route.least, ...middleOf(times) })
    }
    progress('memory')
    const memory = await weigh(environment, people, deployed)
    const plain = await weigh(environment, people, [])
    progress('start')
    const ready = await timeStart(environment, quick ? 5 : Math.min(rounds, 21))
    return report(rows, { ...memory, plainMb: plain.againMb }, ready, people.length)
  } finally {
    world.disconnect()
  }
}

function settingsFor(origin) {
  return {
    AzureAd__Instance: origin,
    AzureAd__TenantId: tenantId,
    AzureAd__ClientId: clientId,
    AzureAd__Scopes: 'access_as_user',
    AzureAd__ClientCredentials__0__SourceType: 'ClientSecret',
    AzureAd__ClientCredentials__0__ClientSecret: clientSecretText,
    DownstreamApis__todo__BaseUrl: `${origin}api/`,
    DownstreamApis__todo__Scopes__0: userScope,
  }
}

const fieldsOf = (people, count) => Array.from({ length: count }, (_, at) => `Bearer ${people.assertion(at)}`)

/** Processor time for each request of both, in turns; shares within rounds. */
async function compare(environment, people, { path, warm, turn }, rounds) {
  const servers = []
  try {
    for (const kind of ['plain', 'bare', 'sidecar'])
      servers.push(
        await openServer(fork(here('sidecar-child.mjs'), [kind], { execArgv: deployed }), environment, path),
      )
    const [plain, bare, sidecar] = servers
    const shareOf = (yardstick) => median(yardstick.times.map((us, round) => us / sidecar.times[round]))
    const fields = fieldsOf(people, users)
    for (const server of servers) await load(server, fields, warm)
    for (let round = 0; round < rounds; round += 1) {
      const spent = new Map(servers.map((server) => [server, 0]))
      for (let count = 0; count < turnsInRound; count += 1)
        for (const server of shuffle(servers)) {
          const { us } = await load(server, fields, turn)
          spent.set(server, spent.get(server) + us / turnsInRound)
        }
      for (const [server, us] of spent) server.times.push(us)
    }
    return {
      plainUs: median(plain.times),
      bareUs: median(bare.times),
      sidecarUs: median(sidecar.times),
      share: shareOf(bare),
      plainShare: shareOf(plain),
    }
  } finally {
    for (const server of servers) server.process.kill()
  }
}

/** The median over starts of each figure, and the least share of one. */
function middleOf(starts) {
  const names = Object.keys(starts[0])
  const middle = Object.fromEntries(names.map((name) => [name, median(starts.map((start) => start[name]))]))
  return { ...middle, leastShare: Math.min(...starts.map(({ share }) => share)) }
}

/** As the image and the unit for systemd start it. */
const deployed = ['--optimize-for-size', '--max-semi-space-size=4', '--no-allocation-site-pretenuring']

/** Resident when each of ten thousand users has a token, and when each has come again. */
async function weigh(environment, people, execArgv) {
  const { path } = routes['/AuthorizationHeader']
  const server = await openServer(
    fork(here('sidecar-child.mjs'), ['sidecar'], { execArgv }),
    environment,
    path,
  )
  try {
    const before = (await ask(server)).rss
    const fields = fieldsOf(people, manyUsers)
    const full = (await load(server, fields, manyUsers)).rss
    const again = (await load(server, fields, manyUsers)).rss
    const [emptyMb, fullMb, againMb] = [before, full, again].map((bytes) => bytes / 2 ** 20)
    return { emptyMb, fullMb, againMb }
  } finally {
    server.process.kill()
  }
}

/** From the start of the process until it is ready, and until a process of Node that does nothing has ended. */
async function timeStart(environment, rounds) {
  const runs = { ready: [], node: [] }
  await startOnce(environment)
  for (let round = 0; round < rounds; round += 1) {
    runs.ready.push(await startOnce(environment))
    runs.node.push(await bareNode())
  }
  return { readyMs: median(runs.ready), leastMs: Math.min(...runs.ready), nodeMs: median(runs.node) }
}

async function bareNode() {
  const begunMs = performance.now()
  await once(spawn(process.execPath, ['--eval', '0'], { stdio: 'ignore' }), 'exit')
  return performance.now() - begunMs
}

async function startOnce(environment) {
  const bin = here('../packages/sidecar/dist/esm/bin.js')
  const begunMs = performance.now()
  const started = spawn(process.execPath, [bin, '--port', '0'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [said] = await once(started.stdout, 'data')
    const url = /listening on (\S+)/.exec(String(said))[1]
    while ((await statusOf(`${url}/healthz/ready`)) !== 200);
    return performance.now() - begunMs
  } finally {
    started.kill('SIGKILL')
    await once(started, 'exit')
  }
}

function statusOf(url) {
  return new Promise((resolve, reject) => {
    const sent = request(url, (response) => response.on('end', () => resolve(response.statusCode)).resume())
    sent.on('error', reject).end()
  })
}

function report(rows, memory, ready, tokenLength) {
  const aims = rows.map(({ name, share, least }) => ({
    what: `requests of ${name} for each one without auth, percent`,
    measured: 100 * share,
    least: 100 * least,
    kept: share >= least,
  }))
  return {
    rows,
    memory,
    ready,
    tokenLength,
    peers: [],
    promises: [
      ...aims,
      atMost('MB resident when each of 10 000 users has a token', memory.fullMb, 120),
      atMost('MB resident when each of them has come again', memory.againMb, 120),
      atMost('ms from the start of the process until it is ready', ready.readyMs, 400),
    ],
  }
}

export function render(facts, { rows, memory, ready, tokenLength, promises }) {
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. Tokens of ${tokenLength} characters, ${users} users in turn, 16 connections, all warm.`,
    'Microseconds of the server’s processor time for each request, one thread, medians over rounds and then over starts; shares are medians within rounds. Beside it is the',
    'same server without auth, its own handler with nothing behind it that validates or acquires, and the least that answers the same by node:http.',
    'Both answer a header of the same length, and make the same call by the same `fetch`. All run with the flags of image and unit.',
    '',
    '| route | least by node:http | without auth | sidecar | requests for each one without auth | in the worst start | for each one of the least |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ name, plainUs, bareUs, sidecarUs, share, leastShare, plainShare }) =>
        `| ${name} | ${plainUs.toFixed(1)} | ${bareUs.toFixed(1)} | ${sidecarUs.toFixed(1)} | ${(100 * share).toFixed(0)} % | ${(100 * leastShare).toFixed(0)} % | ${(100 * plainShare).toFixed(0)} % |`,
    ),
    '',
    `Resident, with the flags that image and unit start it with (\`${deployed.join(' ')}\`): ${memory.emptyMb.toFixed(0)} MB at the start, ${memory.fullMb.toFixed(0)} MB when each of 10 000 users has a token, ${memory.againMb.toFixed(0)} MB when each has come again. Without them: ${memory.plainMb.toFixed(0)} MB then.`,
    `Ready ${ready.readyMs.toFixed(0)} ms after the start of the process (at least ${ready.leastMs.toFixed(0)}); a Node that does nothing takes ${ready.nodeMs.toFixed(0)} ms.`,
    '',
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
