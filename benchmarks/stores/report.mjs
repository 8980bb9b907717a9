// How the rows are told in Markdown.
import { listAims } from '../report.mjs'
import { countOf } from './world.mjs'

const number = (value) => value.toLocaleString('en', { maximumFractionDigits: 0 })
const percent = (share) => `${(100 * share).toFixed(1)} %`
const times = (multiple) => `${multiple.toFixed(2)}×`

const picture = (name, alt) =>
  `<picture><source media="(prefers-color-scheme: dark)" srcset="stores-${name}-dark.svg"><img alt="${alt}" src="stores-${name}-light.svg"></picture>`

/** By the codes of their errors. */
function codesOf(refused) {
  const codes = Object.entries(refused).map(([code, count]) => `${code} ${count}`)
  return codes.length === 0 ? '' : ` (${codes.join(', ')})`
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line), '']
}

export function render(facts, report) {
  const { memory, mixUps, total, version, valkey } = report
  const packages = ['midtier', 'ioredis', 'pg'].map((name) => `${name} ${facts.versions[name]}`)
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. ${packages.join(', ')}; ${version.join(', ')}; Valkey ${valkey ? 'is installed: `REDIS_SERVER_PATH` chooses it' : 'is not installed here'}.`,
    `Processes of a middle tier, the authority, and the stores are processes of this machine and share its processors.`,
    `Tokens of callers have ${report.tokenLength} characters, access tokens 1 800. The authority takes 20 ms for an exchange. Times are told as multiples of`,
    'the same request in fair weather of the same run, and counts are counts: neither says how fast a machine is.',
    '',
    `In all, ${number(total.calls)} calls were made; ${total.mixUps} answers had the token of another user, and ${countOf(total.refused)} requests were refused${codesOf(total.refused)}.`,
    '',
    '## A herd: 200 requests of each user at once, five users at a time',
    '',
    ...table(
      ['processes', 'users', 'exchanges a user, cold: mean', 'most', 'due for renewal: mean', 'most'],
      report.herd.map(({ count, users, cold, ahead }) => [
        ...[count, users, cold.mean.toFixed(2), cold.most, ahead.mean.toFixed(2), ahead.most],
      ]),
    ),
    picture('exchanges', 'Exchanges a user, over all processes, row by row of both tables around'),
    '',
    '## Users who come again and again, to whichever process',
    '',
    'Operations are what processes send to Redis; what it executes for them counts the commands in scripts, too.',
    '',
    ...table(
      [
        'processes',
        'users',
        'room in each for',
        'requests',
        'exchanges a user',
        'from the process',
        'from Redis',
        'operations a request',
        'executed',
      ],
      report.steady.map((row) => [
        ...[row.count, row.users, row.room ?? 'all', number(row.calls), row.exchangesOfUser.toFixed(2)],
        ...[percent(row.l1), percent(row.l2), row.sentOfCall.toFixed(3), row.executedOfCall.toFixed(3)],
      ]),
    ),
    '## Operations by kind of request',
    '',
    ...table(
      ['store', 'request', 'operations', 'which'],
      report.operations.map(({ store, kind, commands }) => [
        ...[
          store,
          kind,
          Object.values(commands)
            .reduce((so, each) => so + each, 0)
            .toFixed(2)
            .replace(/\.00$/, ''),
        ],
        Object.entries(commands)
          .map(([name, each]) => `${name} ${Number.isInteger(each) ? each : each.toFixed(2)}`)
          .join(', ') || 'none',
      ]),
    ),
    '## Weather of the store',
    '',
    'Four processes that saw the store well. _At hand_: the process has the token. _New_: nobody has, so that there is an exchange in any weather.',
    'Exchanges: of a new user, and of a process for a user whose token another process has.',
    '',
    ...table(
      [
        'store',
        'at hand p50',
        'p99',
        'new p50',
        'p99',
        'exchanges, new',
        'had by another',
        'refused',
        'failures reported',
      ],
      [...report.weather, ...report.cluster].map((row) => [
        ...[row.name, times(row.warm.p50), times(row.warm.p99), times(row.cold.p50), times(row.cold.p99)],
        ...[row.exchangesOfCold.toFixed(2), row.exchangesOfShared.toFixed(2), row.refused, row.storeFailures],
      ]),
    ),
    picture('weather', 'What the store costs a request, by its weather, as in the table above'),
    '',
    '## PostgreSQL by small and large pools',
    '',
    'Four processes that keep one token each, so that every request asks the store, 8 requests at once in each. One connection of each pool',
    'listens; the store is waited for five seconds, so that what a busy machine makes late is no outage here.',
    '',
    ...table(
      [
        'pool',
        'users',
        'requests',
        'exchanges a user',
        'at the second visit',
        'statements a request',
        'p50 of the larger',
        'p99',
        'failures reported',
        'refused',
      ],
      report.pools.map((row) => [
        ...[row.max, row.users, row.calls, row.exchangesOfUser.toFixed(2), row.exchangesAgain.toFixed(2)],
        ...[row.sentOfCall.toFixed(2), times(row.p50), times(row.p99), row.storeFailures, row.refused],
      ]),
    ),
    '## Many users through one Redis',
    '',
    `${number(memory.users)} users with one token for one API each: **${number(memory.bytesOfUser)} bytes a user** in Redis (\`used_memory\`), in ${memory.keysOfUser.toFixed(2)} keys. ${memory.refused} requests were refused, ${memory.storeFailures} operations of the store failed.`,
    '',
    'With `maxmemory` at half of what they take; every user comes twice, in another order, to a process that keeps one token:',
    '',
    ...table(
      [
        'policy',
        'users',
        'keys evicted',
        'visit',
        'exchanges a user',
        'from Redis',
        'failures reported',
        'refused',
      ],
      report.eviction.flatMap(({ policy, users, evicted, visits }) =>
        visits.map((row) => [
          ...[`\`${policy}\``, number(users), row.visit === 'second' ? number(evicted) : '', row.visit],
          ...[row.exchangesOfUser.toFixed(2), percent(row.fromRedis), number(row.storeFailures), row.refused],
        ]),
      ),
    ),
    '## Whose token comes back',
    '',
    `${number(mixUps.calls)} calls of ${number(mixUps.users)} shuffled users over four processes, one of which has room for a tenth of them, while tokens fall due twice: ${number(mixUps.l2)} answers came from Redis, ${number(mixUps.authority)} from the authority, and ${mixUps.mixUps} were another user’s.`,
    '',
    '## Promises',
    '',
    ...listAims(report.promises),
    '',
  ].join('\n')
}
