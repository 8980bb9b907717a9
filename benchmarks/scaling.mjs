// The constants of `midtier plan`, measured; and a small cluster that runs, beside the simulation and the formulas.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { defaultInputs } from '../packages/midtier/build/plan/inputs.js'
import { steadyState } from '../packages/midtier/build/plan/steady-state.js'
import { accessTokenLength } from './acquire-tokens.mjs'
import { drawCluster } from './scaling/chart.mjs'
import { clusterInputs, measureCluster } from './scaling/measured.mjs'
import { simulate } from './scaling/simulate.mjs'

const child = fileURLToPath(new URL('scaling/constants-child.mjs', import.meta.url))
const progress = (text) => process.stderr.write(`scaling: ${text}\n`)
const seed = 20_261_128

export async function measure({ quick }) {
  progress('constants')
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    child,
    quick ? '2000' : '20000',
  ])
  const constants = JSON.parse(stdout)
  const inputs = { ...defaultInputs, ...clusterInputs(quick) }
  const [warmSeconds, seconds] = quick ? [10, 15] : [60, 60]
  progress(`a cluster of ${inputs.processes} processes, ${warmSeconds + seconds} seconds`)
  const cluster = ratesOf(await measureCluster(inputs, { seed, warmSeconds, seconds }))
  progress('the simulation')
  const simulated = ratesOf(runs(inputs, quick ? 3 : 5, warmSeconds, 10 * seconds))
  const model = byFormulas(inputs)
  const rows = Object.keys(model).map((name) => ({
    name,
    measured: cluster[name],
    simulated: simulated[name],
    model: model[name],
  }))
  const most = quick ? 25 : 10
  return {
    constants,
    inputs,
    rows,
    requests: cluster.count,
    seconds,
    tokenLength: accessTokenLength,
    peers: ['ioredis'],
    files: drawCluster(rows).files,
    promises: rows.flatMap(({ name, measured, simulated: other, model: formula }) => [
      promise(`the formulas for ${name}, off what was measured, percent`, formula, measured, most),
      promise(`the simulation for ${name}, off what was measured, percent`, other, measured, most),
    ]),
  }
}

function promise(what, value, truth, most) {
  const measured = 100 * Math.abs(value / truth - 1)
  return { what, measured, most, kept: measured <= most }
}

function runs(inputs, count, warmSeconds, seconds) {
  const total = {}
  for (let run = 1; run <= count; run += 1) {
    const sums = simulate(inputs, { seed: run, seconds: warmSeconds + seconds }).sum(
      warmSeconds,
      warmSeconds + seconds,
    )
    for (const [name, value] of Object.entries(sums)) total[name] = (total[name] ?? 0) + value
  }
  return total
}

/** Of each request, so that how many there were by chance does not matter. */
function ratesOf({ requests, l1, l2, authority, exchanges, operations }) {
  return {
    count: requests,
    'exchanges a request': exchanges / requests,
    'store operations a request': operations / requests,
    'answered from memory': l1 / requests,
    'answered from the store': l2 / requests,
    'answered by an exchange': authority / requests,
  }
}

function byFormulas(inputs) {
  const { requests, exchanges, storeOperations, fromMemory, fromStore, fromAuthority } = steadyState(inputs)
  const rates = ratesOf({
    requests: 1,
    l1: fromMemory,
    l2: fromStore,
    authority: fromAuthority,
    exchanges: exchanges / requests,
    operations: storeOperations / requests,
  })
  delete rates.count
  return rates
}

const off = (value, truth) =>
  `${value.toFixed(3)} (${value >= truth ? '+' : '−'}${Math.abs(100 * (value / truth - 1)).toFixed(1)} %)`

export function render(facts, { constants, inputs, rows, requests, seconds, promises }) {
  const c = constants
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. midtier ${facts.versions.midtier}, ioredis ${facts.versions.ioredis}, redis-server of this machine.`,
    '',
    '## Constants of `midtier plan`',
    '',
    `${c.users} users one after another, ${facts.tokenLength} bytes an access token. They stand in packages/midtier/src/plan/constants.ts.`,
    '',
    '| | measured |',
    '| --- | ---: |',
    `| bytes in Redis: an entry, with its line in the list of its account | ${c.entryBytes.toFixed(0)} |`,
    `| bytes in Redis: the list of an account | ${c.accountBytes.toFixed(0)} |`,
    `| bytes of heap: a token in the process, with what it is to hear of others | ${c.heapBytes.toFixed(0)} |`,
    `| bytes of a process with no user | ${c.processBytes} |`,
    `| µs of the process: a token from the store | ${c.storeHitMicroseconds.toFixed(0)} |`,
    `| µs of the process: an exchange with all its operations, without the request to the authority | ${c.exchangeMicroseconds.toFixed(0)} |`,
    `| µs of Redis: a token from the store, 1 operation | ${c.redisHitMicroseconds.toFixed(1)} |`,
    `| µs of Redis: an exchange, 5 operations | ${c.redisExchangeMicroseconds.toFixed(1)} |`,
    '',
    '## A cluster that ran',
    '',
    `${inputs.processes} processes over one Redis, ${inputs.maxEntries} tokens at most in the memory of each, ${requests} requests in ${seconds} seconds, sessions of ${inputs.sessionMinutes * 60} s`,
    `that renew their own token after ${(inputs.clientTokenMinutes * 60).toFixed(0)} s and call ${inputs.downstreamApis} APIs, whose tokens are renewed from ${(inputs.refreshMinutes * 60).toFixed(0)} s on. All of these are counts:`,
    'how busy the machine is does not change them.',
    '',
    '| | measured | simulation | formulas |',
    '| --- | ---: | ---: | ---: |',
    ...rows.map(
      ({ name, measured, simulated, model }) =>
        `| ${name} | ${measured.toFixed(3)} | ${off(simulated, measured)} | ${off(model, measured)} |`,
    ),
    '',
    drawCluster(rows).markup,
    '',
    '## Aims',
    '',
    ...promises.map(
      ({ what, measured, most, kept }) =>
        `- ${kept ? 'ok' : 'MISSED'}: ${what}: ${measured.toFixed(1)} (aim: at most ${most})`,
    ),
    '',
  ].join('\n')
}
