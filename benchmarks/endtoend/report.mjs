// What the servers did, as figures: medians over rounds, shares of the ceiling within a round, the worst of several starts beside them.
import { pinning } from '../cores.mjs'
import { listAims } from '../report.mjs'
import { median } from '../rounds.mjs'

const ceiling = 'ceiling'
const aims = { 'node:http': 0.9, Express: 0.95 }
const mostOfTail = 1.1
const sections = {
  warm: 'Without a downstream call, warm',
  calling: 'With a downstream call, warm',
}

/** Rows of each section, and what is aimed at. */
export function summarise(runs, { tokenLength, starts }) {
  const rows = Object.keys(sections).flatMap((section) =>
    groups(runs).map((group) => describe(section, group, runs)),
  )
  const cold = groups(runs).map((group) => describeCold(group, runs))
  return {
    ...{ rows, cold, tokenLength, starts, promises: promisesOf(rows) },
    peers: [
      ...['express', 'fastify', 'hono', 'jose', '@azure/msal-node', '@azure/identity'],
      ...['express-oauth2-jwt-bearer', 'passport-azure-ad'],
    ],
  }
}

/** Runs of the same server as often as it was started. */
function groups(runs) {
  const known = new Map()
  for (const run of runs) {
    const name = JSON.stringify([run.users, run.framework, run.kind])
    known.set(name, [...(known.get(name) ?? []), run])
  }
  return [...known.values()]
}

function ceilingOf(run, runs) {
  return runs.find(
    ({ kind, framework, users, start }) =>
      kind === ceiling && framework === run.framework && users === run.users && start === run.start,
  )
}

function describe(section, group, runs) {
  const figures = group.map((run) => {
    const rounds = run[section].map(figuresOf)
    const limits = ceilingOf(run, runs)[section].map(figuresOf)
    const ratioOf = (name) => median(rounds.map((round, index) => round[name] / limits[index][name]))
    return { rounds, ratios: mapNames(ratioOf), ...run[section].total }
  })
  const every = (name) => median(figures.flatMap(({ rounds }) => rounds.map((round) => round[name])))
  const ratio = (name) => median(figures.map(({ ratios }) => ratios[name]))
  const [{ framework, kind, users, reached, cached }] = group
  return {
    ...{ section, framework, kind, users, reached, cached },
    ...mapNames(every),
    ratios: mapNames(ratio),
    worstShare: Math.min(...figures.map(({ ratios }) => ratios.perSecond)),
    worstTail: Math.max(...figures.map(({ ratios }) => ratios.p99)),
    requests: group.reduce(
      (sum, run) => sum + run[section].reduce((all, tally) => all + tally.requests, 0),
      0,
    ),
    delayMs: median(figures.map(({ delayMs }) => delayMs)),
    rssMb: median(figures.map(({ rss }) => rss)) / 2 ** 20,
  }
}

function describeCold(group, runs) {
  const ratioOf = (name) =>
    median(group.map((run) => figuresOf(run.cold)[name] / figuresOf(ceilingOf(run, runs).cold)[name]))
  const figures = group.map(({ cold }) => ({ ...figuresOf(cold), ...cold }))
  const of = (name) => median(figures.map((each) => each[name]))
  const [{ framework, kind, users }] = group
  return {
    ...{ framework, kind, users, ...mapNames(of), ratios: mapNames(ratioOf) },
    ...{ requests: of('requests'), delayMs: of('delayMs'), rssMb: of('rss') / 2 ** 20 },
  }
}

const names = ['perSecond', 'p50', 'p99', 'p999', 'us', 'busy']
const mapNames = (of) => Object.fromEntries(names.map((name) => [name, of(name)]))

function figuresOf({ requests, wallMs, spentUs, latencies }) {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return {
    perSecond: (1000 * requests) / wallMs,
    us: spentUs / requests,
    busy: spentUs / 1000 / wallMs,
    ...{ p50: at(0.5), p99: at(0.99), p999: at(0.999) },
  }
}

/** At the number of users where it is least kept. */
function promisesOf(rows) {
  return Object.entries({ warm: '', calling: ', with a downstream call' }).flatMap(([section, remark]) =>
    Object.entries(aims).flatMap(([framework, least]) => {
      const those = rows.filter(
        (row) => row.section === section && row.framework === framework && row.kind === 'midtier',
      )
      const share = Math.min(...those.map(({ ratios }) => ratios.perSecond))
      const tail = Math.max(...those.map(({ ratios }) => ratios.p99))
      return [
        {
          what: `requests a second of ${framework} with midtier, for each one without auth, percent${remark}`,
          ...{ measured: 100 * share, least: 100 * least, kept: share >= least },
        },
        {
          what: `p99 of ${framework} with midtier, of the same without auth${remark}`,
          ...{ measured: tail, most: mostOfTail, kept: tail <= mostOfTail },
        },
      ]
    }),
  )
}

export function render(facts, { rows, cold, tokenLength, starts, promises }) {
  const versions = Object.entries(facts.versions).map(([dependency, version]) => `${dependency} ${version}`)
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. Tokens of ${tokenLength} characters, 16 connections, each server in a process of its own. ${pinning}`,
    'A request is validated, has its token on behalf of its caller, and is answered; the ceiling is the same framework answering the same to anybody.',
    `Servers take turns within a round; figures are medians over rounds of ${Math.max(...Object.values(starts))} fresh starts of the processes at most, ratios in brackets (×) are to the ceiling in`,
    'the same round, medians. The worst is the lowest share that one start had. Peers are started once, and have no more than some seconds:',
    'how many requests that were is said, and how many users have been there. The delay is that of the event loop, p99.',
    `${versions.join(', ')}.`,
    '',
    ...Object.entries(sections).flatMap(([section, title]) => renderSection(section, title, rows)),
    '## Each user for the first time, without a downstream call',
    '',
    'With keys, discovery and the exchange over TLS. For one user this is the first request of a process.',
    '',
    ...renderTable(cold),
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}

function renderSection(section, title, rows) {
  return [`## ${title}`, '', ...renderTable(rows.filter((row) => row.section === section))]
}

function renderTable(rows) {
  const isWarm = rows.some(({ worstShare }) => worstShare !== undefined)
  return [...new Set(rows.map(({ users }) => users))].flatMap((users) => [
    `### ${users.toLocaleString('en')} ${users === 1 ? 'user' : 'users'}`,
    '',
    `| server | requests/s | of the ceiling | ${isWarm ? 'worst | ' : ''}p50 ms | p99 ms | p99.9 ms | CPU µs | busy | MB | delay ms | requests |`,
    `|---|---:|---:|${isWarm ? '---:|' : ''}---:|---:|---:|---:|---:|---:|---:|---:|`,
    ...rows.filter((row) => row.users === users).map((row) => renderRow(row, isWarm)),
    '',
  ])
}

function renderRow(row, isWarm) {
  const { framework, kind, ratios } = row
  const withRatio = (name) => `${digits(row[name])} (${ratios[name].toFixed(2)}×)`
  const cells = [
    `${framework}: ${kind}${reachOf(row)}`,
    digits(row.perSecond),
    percent(ratios.perSecond),
    ...(isWarm ? [percent(row.worstShare)] : []),
    ...['p50', 'p99', 'p999', 'us'].map(withRatio),
    percent(row.busy),
    ...[row.rssMb.toFixed(0), row.delayMs.toFixed(1), row.requests.toLocaleString('en')],
  ]
  return `| ${cells.join(' | ')} |`
}

/** Said of those whose time was over before all users had come. */
function reachOf({ reached, cached, users }) {
  if (reached === undefined || reached === users) return ''
  return cached === users ? ` (all cached, ${reached} came)` : ` (${reached} came)`
}

const percent = (share) => (share < 0.095 ? `${(100 * share).toFixed(1)} %` : `${(100 * share).toFixed(0)} %`)

function digits(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
