// What a token costs the emulator, beside the least that reads a form and signs; and how soon one has started, and twenty.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { atMost, listAims } from './report.mjs'
import { median, shuffle } from './rounds.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const connections = 8
const requestsToWarm = 3_000
/** Short, so that whatever else the machine does disturbs neighbours alike. */
const requestsInTurn = 400
const flows = { application: 'a token for the application', user: 'a token on behalf of a user' }
const leastEachSecond = 2_250
const progress = (text) => process.stderr.write(`emulator: ${text}\n`)

export async function measure({ rounds, quick }) {
  const turns = quick ? 5 : Math.min(rounds, 41)
  const servers = []
  try {
    for (const kind of ['emulator', 'least']) servers.push(await open(kind))
    const rows = []
    for (const [flow, name] of Object.entries(flows)) {
      progress(name)
      rows.push({ name, ...(await compare(servers, flow, turns)) })
    }
    progress('starts')
    return report(rows, await timeStarts(quick ? 3 : 9))
  } finally {
    for (const server of servers) server.process.kill()
  }
}

async function open(kind) {
  const server = fork(here('emulator-child.mjs'), [kind], { execArgv: [] })
  server.send('begin')
  return {
    ...(await hear(server)),
    process: server,
    agent: new Agent({ keepAlive: true, maxSockets: connections }),
  }
}

async function compare(servers, flow, rounds) {
  const measured = servers.map((server) => ({ ...server, body: encode(server.forms[flow]), times: [] }))
  for (const server of measured) await load(server, requestsToWarm)
  for (let round = 0; round < rounds; round += 1)
    for (const server of shuffle(measured)) server.times.push(await load(server, requestsInTurn))
  const [emulator, least] = measured
  return {
    us: median(emulator.times),
    leastUs: median(least.times),
    ratio: median(emulator.times.map((us, round) => us / least.times[round])),
  }
}

const encode = (form) => new URLSearchParams(form).toString()

/** Microseconds of the server's processor time for each request. */
async function load(server, requests) {
  const before = await usage(server)
  let left = requests
  const work = async () => {
    while (left-- > 0) await post(server)
  }
  await Promise.all(Array.from({ length: connections }, work))
  return ((await usage(server)) - before) / requests
}

async function usage({ process: server }) {
  server.send('usage')
  return (await hear(server)).spentUs
}

/** What a process says next; one that ends instead ends the measurement. */
async function hear(child) {
  const gone = new AbortController()
  const giveUp = () => gone.abort()
  child.once('exit', giveUp)
  const [told] = await once(child, 'message', { signal: gone.signal })
  child.off('exit', giveUp)
  return told
}

function post({ url, agent, body }) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the server answered ${response.statusCode}`))
      response.on('end', resolve).resume()
    })
    sent.on('error', reject).end(body)
  })
}

/** Of one emulator, and of twenty at once, in processes of their own. */
async function timeStarts(processes) {
  const measured = []
  for (let count = 0; count < processes; count += 1) {
    const child = fork(here('emulator-starts-child.mjs'), [], { execArgv: [] })
    child.send('begin')
    measured.push(await hear(child))
    if (child.exitCode === null) await once(child, 'exit')
  }
  return {
    oneMs: median(measured.map(({ oneMs }) => oneMs)),
    twentyMs: median(measured.map(({ twentyMs }) => twentyMs)),
  }
}

const eachSecond = (us) => 1_000_000 / us

function report(rows, starts) {
  const throughput = rows.map(({ name, us }) => ({
    what: `${name}, a second of one core`,
    measured: eachSecond(us),
    least: leastEachSecond,
    kept: eachSecond(us) >= leastEachSecond,
  }))
  return {
    rows,
    starts,
    peers: ['@midtier/emulator', 'hono', '@hono/node-server'],
    promises: [
      ...throughput,
      atMost('ms until an emulator has started', starts.oneMs, 25),
      atMost('ms until twenty have, beside each other', starts.twentyMs, 300),
    ],
  }
}

export function render(facts, { rows, promises }) {
  const versions = Object.entries(facts.versions).map(([name, version]) => `${name} ${version}`)
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. ${versions.join(', ')}.`,
    `Microseconds of the server’s processor time for each token request over ${connections} connections, in turns of ${requestsInTurn}, medians; the ratio is the median of`,
    'those within a round. The least is a bare node:http that reads the form, verifies the assertion when there is one, signs a token of the same size by RS256',
    'with 2048 bits, and knows, checks and records nothing else.',
    '',
    '| | emulator | the least | ratio | a second of one core | of the least |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      ({ name, us, leastUs, ratio }) =>
        `| ${name} | ${us.toFixed(0)} | ${leastUs.toFixed(0)} | ${ratio.toFixed(2)} | ${eachSecond(us).toFixed(0)} | ${eachSecond(leastUs).toFixed(0)} |`,
    ),
    '',
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
