// A cold start as a function in a cloud has it, on each runtime: a fresh process until it has validated its first request and has the first
// token for a downstream API. The runtimes come from npm, into a folder that is removed afterwards.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createUsers, tenantId } from './acquire-tokens.mjs'
import { withRedisStates } from './coldstart-redis.mjs'
import { median, shuffle } from './rounds.mjs'
import { listAims } from './report.mjs'
import { withTlsAuthority } from './tls-authority.mjs'

const child = fileURLToPath(new URL('coldstart-child.mjs', import.meta.url))
const midtier = 'midtier'
const yardstick = 'jose + @azure/msal-node'
const contenders = ['bare', midtier, yardstick]
const peers = ['jose', '@azure/msal-node']

/** A process takes long: no more rounds than these. */
const mostRounds = 25

/** The same as in packages/midtier/test/consumers/runtimes.ts. */
const node = `npm:node-${process.platform}-${process.arch}`
const dependencies = {
  bun: '1.4.5',
  deno: '2.9.6',
  'node-22': `${node}@22.23.3`,
  'node-24': `${node}@24.21.0`,
  'node-26': `${node}@26.10.0`,
}

const progress = (text) => process.stderr.write(`${text}\n`)

export function measure({ rounds, quick }) {
  return withTlsAuthority(async ({ instance, trusted, directory, publish }) => {
    const runtimes = install(directory)
    const users = createUsers(`${instance}/${tenantId}`)
    await publish(users.jwks)
    const trust = { NODE_EXTRA_CA_CERTS: trusted, DENO_CERT: trusted }
    const env = { ...process.env, ...trust, NODE_OPTIONS: '', ASSERTION: users.assertion(0) }
    const count = quick ? 5 : Math.min(rounds, mostRounds)
    const plain = await takeTurns(planRuns(runtimes, { env, instance }), count)
    return report(plain, await measureWithRedis(env, (runs) => takeTurns(runs, count), instance))
  })
}

/** How each runtime is started. */
function install(directory) {
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, dependencies }))
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
  const { status } = spawnSync('npm', ['install', ...flags], { cwd: directory, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('the runtimes could not be installed')
  const modules = join(directory, 'node_modules')
  const within = (scope, path) => join(modules, scope, readdirSync(join(modules, scope))[0], path)
  return [
    { runtime: `Node ${process.versions.node}`, command: [process.execPath] },
    { runtime: 'Node 22.23.3', command: [join(modules, 'node-22/bin/node')] },
    { runtime: 'Node 24.21.0', command: [join(modules, 'node-24/bin/node')] },
    { runtime: 'Node 26.10.0', command: [join(modules, 'node-26/bin/node')] },
    {
      runtime: `Bun ${dependencies.bun}`,
      command: [within('@oven', 'bin/bun')],
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, // its TLS knows no certificate authority that is limited to addresses, as this one is
    },
    { runtime: `Deno ${dependencies.deno}`, command: [within('@deno', 'deno'), 'run', '--allow-all'] },
  ]
}

const planRuns = (runtimes, { env, instance }) =>
  runtimes.flatMap(({ runtime, command, env: own }) =>
    contenders.map((name) => ({
      ...{ runtime, name, line: [...command, child, name, instance] },
      surroundings: { ...env, ...own },
    })),
  )

/** A Node of its own for each state that Redis may be in; nothing on a machine without one. */
function measureWithRedis(env, take, instance) {
  return withRedisStates(env, (states) =>
    take(
      states.flatMap(({ state, surroundings, before }) =>
        [midtier, yardstick].map((contender) => ({
          ...{ name: state, contender, surroundings, before },
          line: [process.execPath, child, state === 'none' ? contender : `${contender}, Redis`, instance],
        })),
      ),
    ),
  )
}

/** All take turns within a round, whatever runs them. */
async function takeTurns(planned, rounds) {
  const runs = planned.map((run) => ({ ...run, wall: [], spent: [], stages: [] }))
  const once = async ({ surroundings, line, before }) => {
    await before?.()
    return start(surroundings, line)
  }
  for (const run of runs) await once(run) // its files are read from memory from now on
  for (let round = 0; round < rounds; round += 1) {
    if (round % 5 === 0) progress(`coldstart: round ${round + 1} of ${rounds}`)
    for (const run of shuffle(runs)) {
      const { wallMs, stages } = await once(run)
      run.wall.push(wallMs)
      run.spent.push(stages.token.spentMs)
      run.stages.push(stages)
    }
  }
  return runs
}

/** Milliseconds from the start of a process until it is done, and what it says of the stages on its way. */
async function start(env, [command, ...args]) {
  const begunMs = performance.now()
  const started = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(started, 'exit')
  const [said] = await Promise.race([once(started.stdout, 'data'), ended])
  const wallMs = performance.now() - begunMs
  const [code] = await ended
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}`)
  return { wallMs, stages: JSON.parse(said) }
}

function report(runs, withRedis) {
  const ratio = (values, of) => median(values.map((value, round) => value / of[round]))
  const rows = runs.map(({ runtime, name, wall, spent }) => {
    const other = runs.find((run) => run.runtime === runtime && run.name === yardstick)
    return {
      runtime,
      name,
      wallMs: median(wall),
      spentMs: median(spent),
      ratio: ratio(wall, other.wall),
      spentRatio: ratio(spent, other.spent),
    }
  })
  const stages = stagesOf(withRedis)
  const beside = `of the same with ${yardstick}`
  const ofMidtier = rows.filter(({ name }) => name === midtier)
  const inRedis = stages.filter(({ contender, state }) => contender === midtier && state !== 'none')
  return {
    tokenLength: 0,
    peers,
    rows,
    stages,
    promises: [
      promise(`with ${midtier}, ${beside}, on the runtime where it is most`, ofMidtier),
      ...(inRedis.length === 0
        ? []
        : [promise(`with ${midtier} and Redis, cold or warm, ${beside}, where it is most`, inRedis)]),
    ],
  }
}

function promise(what, rows) {
  const worst = Math.max(...rows.map(({ spentRatio }) => spentRatio))
  return { what: `processor time of a cold start ${what}`, measured: worst, most: 0.8, kept: worst <= 0.8 }
}

/** Each stage, and the first token beside that of the yardstick in the same round. */
function stagesOf(runs = []) {
  return runs.map(({ name, contender, stages }) => {
    const others = runs.find((run) => run.name === name && run.contender === yardstick).stages
    const of = (stage, kind) => median(stages.map((each) => each[stage][kind]))
    const times = (stage) => ({ wallMs: of(stage, 'wallMs'), spentMs: of(stage, 'spentMs') })
    const toYardstick = (kind) =>
      median(stages.map(({ token }, round) => token[kind] / others[round].token[kind]))
    return {
      ...{ state: name, contender, ratio: toYardstick('wallMs'), spentRatio: toYardstick('spentMs') },
      ...{ imported: times('imported'), validated: times('validated'), token: times('token') },
    }
  })
}

function renderStages(stages) {
  if (stages.length === 0) return []
  const cell = ({ wallMs, spentMs }) => `${wallMs.toFixed(0)} (${spentMs.toFixed(0)})`
  return [
    '## By stage, with and without Redis',
    '',
    `On Node ${process.versions.node}, from the start of the process, by the clock and in brackets of processor time. A cold Redis is empty, a warm one has the token already,`,
    'from a process before. Its client is imported as well, and `@azure/msal-node` has the plugin of its guide.',
    '',
    `| | Redis | imported | first request validated | first token | of ${yardstick}, by the clock | of it, processor time |`,
    '|---|---|---:|---:|---:|---:|---:|',
    ...stages.map(
      ({ contender, state, imported, validated, token, ratio, spentRatio }) =>
        `| ${contender} | ${state} | ${cell(imported)} | ${cell(validated)} | ${cell(token)} | ${ratio.toFixed(2)}× | ${spentRatio.toFixed(2)}× |`,
    ),
    '',
  ]
}

export function render(facts, { rows, stages, promises }) {
  const versions = Object.entries(facts.versions).map(([dependency, version]) => `${dependency} ${version}`)
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, ${facts.machine}. A process of its own for each figure, all in turn within a round, in an order that changes.`,
    'From its start until it has imported, validated the first request (keys over TLS) and has the first token on behalf of its caller (over TLS).',
    'On a machine that others use as well, the clock says little, and processor time what a start takes.',
    `Milliseconds, medians over rounds; ratios are medians of those within a round. ${versions.join(', ')}.`,
    '',
    `| | | by the clock | processor time | of ${yardstick}, by the clock | of it, processor time |`,
    '|---|---|---:|---:|---:|---:|',
    ...rows.map(
      ({ runtime, name, wallMs, spentMs, ratio, spentRatio }) =>
        `| ${runtime} | ${name} | ${wallMs.toFixed(0)} | ${spentMs.toFixed(0)} | ${ratio.toFixed(2)}× | ${spentRatio.toFixed(2)}× |`,
    ),
    '',
    ...renderStages(stages),
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
