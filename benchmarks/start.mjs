// What a start costs: importing the library over bare Node, and a fresh process until it has its first token of the application over TLS.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median, shuffle } from './rounds.mjs'
import { listAims } from './report.mjs'
import { withTlsAuthority } from './tls-authority.mjs'

const child = fileURLToPath(new URL('start-child.mjs', import.meta.url))
const bare = 'bare Node'
const yardstick = 'oauth4webapi'
const peers = ['jose', 'oauth4webapi', '@azure/msal-node', 'undici']
const midtiers = ['midtier', 'midtier, required']
const importing = [bare, ...midtiers, ...peers]
const acquiring = [...midtiers, 'node:https', ...peers.filter((name) => name !== 'jose')]

/** A process takes long: no more rounds than these. */
const mostRounds = 41

const progress = (text) => process.stderr.write(`${text}\n`)

export function measure({ rounds, quick }) {
  return withTlsAuthority(async ({ instance, trusted }) => {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted, NODE_OPTIONS: '' }
    return report(await takeTurns(env, instance, quick ? 9 : Math.min(rounds, mostRounds)))
  })
}

/** All contenders of both measurements take turns within a round. */
async function takeTurns(env, instance, rounds) {
  const runs = [
    ...importing.map((name) => ({ name, args: [name], wall: [], spent: [] })),
    ...acquiring.map((name) => ({ name, args: [name, instance], wall: [], spent: [] })),
  ]
  for (const { args } of runs) await start(env, args) // its files are read from memory from now on
  for (let round = 0; round < rounds; round += 1) {
    if (round % 5 === 0) progress(`start: round ${round + 1} of ${rounds}`)
    for (const { args, wall, spent } of shuffle(runs)) {
      const run = await start(env, args)
      wall.push(run.wallMs)
      spent.push(run.spentMs)
    }
  }
  return { imports: runs.slice(0, importing.length), tokens: runs.slice(importing.length) }
}

/** Milliseconds from the start of a process until it is done, and those of processor time that it says it took. */
async function start(env, args) {
  const begunMs = performance.now()
  const started = spawn(process.execPath, [child, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(started, 'exit')
  const [said] = await Promise.race([once(started.stdout, 'data'), ended])
  const wallMs = performance.now() - begunMs
  const [code] = await ended
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
  return { wallMs, spentMs: Number(said) }
}

function report({ imports, tokens }) {
  const toLimit = imports.find(({ name }) => name === bare)
  const toYardstick = tokens.find(({ name }) => name === yardstick)
  const overBare = (values, limit) => median(values.map((value, round) => value - limit[round]))
  const ratio = (values, of) => median(values.map((value, round) => value / of[round]))
  const importRows = imports
    .filter((run) => run !== toLimit)
    .map(({ name, wall, spent }) => ({
      name,
      wallMs: overBare(wall, toLimit.wall),
      spentMs: overBare(spent, toLimit.spent),
    }))
  const tokenRows = tokens.map(({ name, wall, spent }) => ({
    name,
    wallMs: median(wall),
    spentMs: median(spent),
    ratio: ratio(wall, toYardstick.wall),
    spentRatio: ratio(spent, toYardstick.spent),
  }))
  const imported = importRows.find(({ name }) => name === 'midtier').spentMs
  const started = tokenRows.find(({ name }) => name === 'midtier').spentRatio
  return {
    tokenLength: 0,
    peers,
    bareMs: { wallMs: median(toLimit.wall), spentMs: median(toLimit.spent) },
    imports: importRows,
    tokens: tokenRows,
    promises: [
      promise('importing midtier over bare Node, ms of processor time', imported, 25),
      promise('a start until the first token, of the same by oauth4webapi', started, 1.1),
    ],
  }
}

function promise(what, measured, most) {
  return { what, measured, most, kept: measured <= most }
}

export function render(facts, { bareMs, imports, tokens, promises }) {
  const versions = Object.entries(facts.versions).map(([dependency, version]) => `${dependency} ${version}`)
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. A process of its own for each figure, contenders in turn within a round.`,
    'Milliseconds, medians over rounds, by the clock and of processor time; differences and ratios are medians of those within a round.',
    `Bare Node: ${bareMs.wallMs.toFixed(1)} ms, ${bareMs.spentMs.toFixed(1)} of processor time. ${versions.join(', ')}.`,
    '',
    '## Importing, over bare Node',
    '',
    '| | by the clock | processor time |',
    '|---|---:|---:|',
    ...imports.map(
      ({ name, wallMs, spentMs }) => `| ${name} | ${wallMs.toFixed(1)} | ${spentMs.toFixed(1)} |`,
    ),
    '',
    '## From the start of the process to the first token of the application, over TLS',
    '',
    `| | by the clock | processor time | of ${yardstick}, by the clock | of ${yardstick}, processor time |`,
    '|---|---:|---:|---:|---:|',
    ...tokens.map(
      ({ name, wallMs, spentMs, ratio, spentRatio }) =>
        `| ${name} | ${wallMs.toFixed(0)} | ${spentMs.toFixed(0)} | ${ratio.toFixed(2)}× | ${spentRatio.toFixed(2)}× |`,
    ),
    '',
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
