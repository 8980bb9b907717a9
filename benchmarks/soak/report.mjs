// What the soak showed: growth as a slope, drift as a ratio, and what was lost or mixed up, which is nothing or a fault.
import { listAims } from '../report.mjs'
import { median } from '../rounds.mjs'
import { drawSoak } from './chart.mjs'
import { seasonalSlope } from './slope.mjs'
import { manyUsers } from './users.mjs'

const megabyte = 2 ** 20
const told = ['lost', 'mixed up', 'expired']

/** What comes before this share of the time fills the caches. */
const filling = 1 / 3
/** And before this one, everything is cold: that would pass for a drift to the better. */
const compiling = 1 / 10

export function summarise({ answers, weights, events, faults, retried }, plan) {
  const { seconds } = plan
  const p99Between = (from, until) =>
    percentile(
      answers.flatMap(({ at, ms }) => (at >= from * seconds && at < until * seconds ? [ms] : [])),
      0.99,
    )
  const drift = p99Between(2 / 3, 1) / p99Between(compiling, 1 / 3)
  const settled = weights.filter(({ at }) => at >= seconds * filling)
  const outages = events.flatMap(({ what, at }) => (what === 'redis' ? [at] : []))
  const slope = (name) =>
    seasonalSlope(
      settled.map((each) => ({ at: each.at, value: each[name] / megabyte })),
      outages,
      plan.weigh / 2,
    )
  const growth = { rss: slope('rss'), live: slope('live') }
  const counts = Object.fromEntries(
    told.map((name) => [name, faults.filter(({ kind }) => kind === name).length]),
  )
  const series = { p99: p99s(answers, seconds), weights, events, seconds }
  const title = `The soak: ${manyUsers.toLocaleString('en')} users, ${plan.processes} processes`
  return {
    ...{
      plan,
      counts,
      growth,
      retried,
      answered: answers.length + retried,
      tokenLength: 0,
      peers: ['ioredis'],
    },
    ...{ drift, latencies: percentilesOf(answers), weightsMb: firstAndLast(settled) },
    ...{ happened: countEvents(events), faults: faults.slice(0, 10) },
    options: `--minutes ${seconds / 60} --seed ${plan.seed}`,
    files: Object.fromEntries(
      ['light', 'dark'].map((look) => [`soak-${look}.svg`, drawSoak(series, look, title)]),
    ),
    promises: promisesOf(plan, { growth, drift, counts, ratio: ratioOf(settled) }),
  }
}

function promisesOf({ seconds }, { growth, drift, counts, ratio }) {
  const most = (what, measured, limit, decimals) => ({
    what,
    measured,
    most: limit,
    decimals,
    kept: measured <= limit,
  })
  // A slope of some seconds would be one of noise.
  const isLong = seconds >= 600
  return [
    ...(isLong
      ? [
          most('growth of resident memory, MB an hour', growth.rss, 1),
          most('growth of the live heap, MB an hour', growth.live, 1),
        ]
      : []),
    most('resident memory of the last third, of the middle third', ratio, 1.05),
    most('p99 of the last third, of the first third without its beginning', drift, 1.1),
    most('requests that were lost', counts.lost, 0, 0),
    most('answers that were another user’s', counts['mixed up'], 0, 0),
    most('tokens given that had expired', counts.expired, 0, 0),
  ]
}

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

function percentilesOf(answers) {
  const all = answers.map(({ ms }) => ms)
  return { p50: percentile(all, 0.5), p99: percentile(all, 0.99), p999: percentile(all, 0.999) }
}

function ratioOf(settled) {
  const half = settled.length >> 1
  const [middle, last] = [settled.slice(0, half), settled.slice(half)]
  const of = (those) => (those.length === 0 ? NaN : median(those.map(({ rss }) => rss)))
  return of(last) / of(middle)
}

function firstAndLast(settled) {
  const at = (index) => ({ rss: settled.at(index)?.rss / megabyte, live: settled.at(index)?.live / megabyte })
  return { first: at(0), last: at(-1) }
}

/** One for each sixtieth of the time. */
function p99s(answers, seconds) {
  const parts = Array.from({ length: 60 }, () => [])
  for (const { at, ms } of answers) parts[Math.min(59, Math.floor((60 * at) / seconds))].push(ms)
  return parts.flatMap((part, index) =>
    part.length === 0 ? [] : [{ at: ((index + 0.5) * seconds) / 60, ms: percentile(part, 0.99) }],
  )
}

function countEvents(events) {
  const of = (name) => events.filter(({ what }) => what === name).length
  return { killed: of('kill'), rolled: of('keys'), outages: of('redis') }
}

export function render(facts, report) {
  const { plan, counts, growth, retried, answered, latencies, weightsMb, happened, faults, promises } = report
  const ms = (value) => `${value.toFixed(1)} ms`
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. ${plan.processes} processes on node:http, ${manyUsers.toLocaleString('en')} users, ${plan.rate} requests a second,`,
    `a cache of 10 000 tokens in each process, Redis behind it. Users’ tokens live ${plan.assertionSeconds} s, those for the downstream API ${plan.tokenSeconds} s.`,
    `Killed and replaced: ${happened.killed} processes, one each ${plan.kill} s. The signing keys rolled ${happened.rolled} times, Redis was gone ${happened.outages} times, ${plan.outageSeconds} s each, and came back empty.`,
    'Memory is that of the process that is never killed, after a collection; its slope is the median of the slopes between every two samples',
    'that lie equally long after an outage, which empties the caches: from a third of the time on. The chart was drawn by the same run.',
    `ioredis ${facts.versions.ioredis}.`,
    '',
    '<picture><source media="(prefers-color-scheme: dark)" srcset="soak-dark.svg"><img alt="Memory and p99 over the time of the soak" src="soak-light.svg"></picture>',
    '',
    '| | |',
    '|---|---:|',
    `| answered | ${answered.toLocaleString('en')} |`,
    `| sent again, since their process was killed | ${retried.toLocaleString('en')} |`,
    ...Object.entries(counts).map(([name, count]) => `| ${name} | ${count} |`),
    `| p50, p99, p99.9 | ${[latencies.p50, latencies.p99, latencies.p999].map(ms).join(', ')} |`,
    `| resident, at a third and at the end | ${weightsMb.first.rss?.toFixed(1)} MB, ${weightsMb.last.rss?.toFixed(1)} MB |`,
    `| live heap, at a third and at the end | ${weightsMb.first.live?.toFixed(1)} MB, ${weightsMb.last.live?.toFixed(1)} MB |`,
    ...(plan.seconds < 600
      ? []
      : [
          `| slope of resident memory, of the live heap | ${growth.rss.toFixed(2)}, ${growth.live.toFixed(2)} MB an hour |`,
        ]),
    '',
    ...faults.map(({ kind, at, detail }) => `- ${kind} at ${at.toFixed(1)} s: \`${detail}\``),
    '',
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
