// A server in a process of its own, asked in turns over kept-alive connections by users in turn: its processor time for each request.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { median, shuffle } from './rounds.mjs'

export const users = 1_000
const connections = 16
const requestsToWarm = 12_000 // and every token remembered
/** Short, so that whatever else the machine does disturbs neighbours alike. */
const requestsInTurn = 250
const turnsInRound = 20

/** The authorization header of each user. */
export function authorizationsOf(people) {
  return Array.from({ length: users }, (_, index) => `Bearer ${people.assertion(index)}`)
}

/**
 * Servers of one framework beside each other: without auth (`bare`), behind a token (`auth`), and with the least that recognising a token
 * takes (`digest`). Shares are of the same round, so that what the machine did to both cancels out.
 */
export async function measureServers({ child, framework, jwks, fields, rounds }) {
  const servers = []
  try {
    for (const kind of ['bare', 'auth', 'digest']) servers.push(await start(child, framework, kind, jwks))
    const [bare, auth, digest] = servers
    for (const server of servers) await load(server, fields, requestsToWarm)
    for (let round = 0; round < rounds; round += 1) await measureRound(servers, fields)
    const shareOf = ({ times }) => median(bare.times.map((us, round) => us / times[round]))
    return {
      framework,
      bareUs: median(bare.times),
      authUs: median(auth.times),
      share: shareOf(auth),
      limit: shareOf(digest),
      memoryMb: (median(auth.resident) - median(bare.resident)) / 2 ** 20,
    }
  } finally {
    for (const server of servers) server.process.kill()
  }
}

async function measureRound(servers, fields) {
  const spent = new Map(servers.map((server) => [server, 0]))
  for (let turn = 0; turn < turnsInRound; turn += 1)
    for (const server of shuffle(servers)) {
      const { us, rss } = await load(server, fields, requestsInTurn)
      spent.set(server, spent.get(server) + us / turnsInRound)
      server.resident.push(rss)
    }
  for (const [server, us] of spent) server.times.push(us)
}

function start(child, framework, kind, jwks) {
  return openServer(fork(child, [framework, kind]), { jwks })
}

/** Tells a process what to serve, and hears its port. */
export async function openServer(server, told, path = '/') {
  server.send(told)
  const [{ port }] = await once(server, 'message')
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return { process: server, port, path, times: [], resident: [], agent }
}

export async function ask({ process: server }) {
  server.send('usage')
  const [usage] = await once(server, 'message')
  return usage
}

/** Microseconds of the server's processor time for each request, and what is resident afterwards. */
export async function load(server, fields, requests) {
  const before = await ask(server)
  let next = 0
  const work = async () => {
    while (next < requests) await get(server, fields[next++ % fields.length])
  }
  await Promise.all(Array.from({ length: connections }, work))
  const after = await ask(server)
  return { us: (after.spentUs - before.spentUs) / requests, rss: after.rss }
}

function get({ port, path, agent }, authorization) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent, headers: { authorization } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the server answered ${response.statusCode}`))
      response.on('end', resolve).resume()
    })
    sent.on('error', reject).end()
  })
}

/** What is promised of each row: `least[framework]` requests behind a token for each one without. */
export function promisesOf(rows, least) {
  return rows.map(({ framework, share }) => ({
    what: `requests of ${framework} behind a token, for each one without`,
    measured: share,
    least: least[framework],
    kept: share >= least[framework],
  }))
}

export function render(facts, { rows, tokenLength, peers, promises }) {
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. Tokens of ${tokenLength} characters, ${users} users in turn, ${connections} connections.`,
    `Microseconds of the server’s processor time for each request in rounds of ${turnsInRound} turns of ${requestsInTurn} requests, medians;`,
    'shares are medians within rounds. Memory is the median of what is resident after each turn.',
    `${peers.map((name) => `${name} ${facts.versions[name]}`).join(', ')}.`,
    '',
    '| server | without auth | behind a token | requests for each one without | by a SHA-256 of the token alone | memory more (MB) |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ framework, bareUs, authUs, share, limit, memoryMb }) =>
        `| ${framework} | ${bareUs.toFixed(1)} | ${authUs.toFixed(1)} | ${(100 * share).toFixed(0)} % | ${(100 * limit).toFixed(0)} % | ${memoryMb.toFixed(0)} |`,
    ),
    '',
    '## Aims',
    '',
    ...promises.map(
      ({ what, measured, least, kept }) =>
        `- ${kept ? 'ok' : 'MISSED'}: ${what}: ${(100 * measured).toFixed(0)} % (aim: at least ${100 * least} %)`,
    ),
    '',
  ].join('\n')
}
