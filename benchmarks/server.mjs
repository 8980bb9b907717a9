// What protecting a server costs end to end: processor time of the server for each request, beside the same server without any auth.
// Both take turns of a second; the load comes from this process over kept-alive connections, 1 000 users in turn.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createUsers } from './acquire-tokens.mjs'
import { median } from './rounds.mjs'

const child = fileURLToPath(new URL('server-child.mjs', import.meta.url))
const users = 1_000
const connections = 16
const requestsInTurn = 4_000

export async function measure({ rounds, quick, progress = () => {} }) {
  const people = createUsers()
  const fields = Array.from({ length: users }, (_, index) => `Bearer ${people.assertion(index)}`)
  const rows = []
  for (const framework of ['node:http', 'express']) {
    progress(framework)
    rows.push({
      framework,
      ...(await measureFramework(framework, people.jwks, fields, quick ? 5 : Math.min(rounds, 15))),
    })
  }
  const least = { 'node:http': 0.9, express: 0.95 }
  return {
    rows,
    tokenLength: people.length,
    peers: ['express'],
    promises: rows.map(({ framework, share }) => ({
      what: `requests of ${framework} behind a token, for each one without`,
      measured: share,
      least: least[framework],
      kept: share >= least[framework],
    })),
  }
}

async function measureFramework(framework, jwks, fields, rounds) {
  const kinds = ['bare', 'auth', 'digest']
  const servers = {}
  for (const kind of kinds) servers[kind] = await start(framework, kind, jwks)
  for (const server of Object.values(servers))
    for (let turn = 0; turn < 3; turn += 1) await load(server, fields) // warm, and every token remembered
  const times = { bare: [], auth: [], digest: [] }
  for (let round = 0; round < rounds; round += 1)
    for (const [kind, server] of Object.entries(servers)) times[kind].push(await load(server, fields))
  const memory = (await ask(servers.auth)).rss - (await ask(servers.bare)).rss
  for (const { process: server } of Object.values(servers)) server.kill()
  const shareOf = (kind) => median(times.bare.map((us, round) => us / times[kind][round]))
  return {
    bareUs: median(times.bare),
    authUs: median(times.auth),
    share: shareOf('auth'),
    limit: shareOf('digest'),
    memoryMb: memory / 2 ** 20,
  }
}

async function start(framework, kind, jwks) {
  const server = fork(child, [framework, kind])
  server.send({ jwks })
  const [{ port }] = await once(server, 'message')
  return { process: server, port, agent: new Agent({ keepAlive: true, maxSockets: connections }) }
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

export function render(facts, { rows, tokenLength, promises }) {
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. Tokens of ${tokenLength} characters, ${users} users in turn, ${connections} connections.`,
    'Microseconds of the server’s processor time for each request, medians over turns; the share is the median within pairs of turns.',
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
