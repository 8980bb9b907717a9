// A server in a process of its own, asked in turns over kept-alive connections by users in turn: its processor time for each request.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { median, shuffle } from './rounds.mjs'

export const users = 1_000
export const connections = 16
const requestsInTurn = 4_000

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
    for (const server of servers) for (let turn = 0; turn < 3; turn += 1) await load(server, fields) // warm, and every token remembered
    for (let round = 0; round < rounds; round += 1)
      for (const server of shuffle(servers)) server.times.push(await load(server, fields))
    const shareOf = ({ times }) => median(bare.times.map((us, round) => us / times[round]))
    return {
      framework,
      bareUs: median(bare.times),
      authUs: median(auth.times),
      share: shareOf(auth),
      limit: shareOf(digest),
      memoryMb: ((await ask(auth)).rss - (await ask(bare)).rss) / 2 ** 20,
    }
  } finally {
    for (const server of servers) server.process.kill()
  }
}

async function start(child, framework, kind, jwks) {
  const server = fork(child, [framework, kind])
  server.send({ jwks })
  const [{ port }] = await once(server, 'message')
  return { process: server, port, times: [], agent: new Agent({ keepAlive: true, maxSockets: connections }) }
}

async function ask({ process: server }) {
  server.send('usage')
  const [usage] = await once(server, 'message')
  return usage
}

/** Microseconds of the server's processor time for each request. */
async function load(server, fields) {
  const before = await ask(server)
  let next = 0
  const work = async () => {
    while (next < requestsInTurn) await get(server, fields[next++ % fields.length])
  }
  await Promise.all(Array.from({ length: connections }, work))
  const after = await ask(server)
  return (after.spentUs - before.spentUs) / requestsInTurn
}

function get({ port, agent }, authorization) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent, headers: { authorization } }, (response) => {
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
    'Microseconds of the server’s processor time for each request, medians over turns; the share is the median within rounds of turns.',
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
