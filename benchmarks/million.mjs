// A million distinct users through one Redis: what each of them takes there, beside what each of fifty thousand takes.
import { listAims } from './report.mjs'
import { measureMemory } from './stores/memory.mjs'
import { openWorld } from './stores/world.mjs'

const ordinary = [50_000, 1_000_000]
const small = [1000, 10_000]

export async function measure({ quick = false, seed = 1 }) {
  const startedMs = performance.now()
  const progress = (text) => {
    process.stderr.write(`million: ${((performance.now() - startedMs) / 1000).toFixed(0)} s, ${text}\n`)
  }
  const world = await openWorld({ seed, progress })
  try {
    const rows = []
    for (const users of quick ? small : ordinary) {
      const begunMs = performance.now()
      rows.push({ ...(await measureMemory(world, { users })), seconds: (performance.now() - begunMs) / 1000 })
    }
    return report(rows, { quick, seed, tokenLength: world.tokenLength })
  } finally {
    await world.close()
  }
}

function report(rows, { quick, seed, tokenLength }) {
  const [few, many] = rows
  const growth = many.bytesOfUser / few.bytesOfUser
  const failed = rows.reduce((sum, { refused, storeFailures }) => sum + refused + storeFailures, 0)
  return {
    rows,
    tokenLength,
    options: `--seed ${seed}${quick ? ' --quick' : ''}`,
    peers: ['ioredis'],
    promises: [
      {
        what: 'bytes of a user in Redis among the most users, of those among the fewest',
        measured: growth,
        most: 1.1,
        kept: growth <= 1.1,
      },
      {
        what: 'requests refused and operations of Redis that failed',
        measured: failed,
        most: 0,
        kept: failed === 0,
        decimals: 0,
      },
    ],
  }
}

const whole = (number) => Math.round(number).toLocaleString('en-US')

export function render(facts, { rows, tokenLength, promises }) {
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. ioredis ${facts.versions.ioredis}. Tokens of ${tokenLength} characters, one for each user, for one API, through`,
    'four processes that keep next to nothing themselves. Bytes are what `used_memory` of Redis grew by.',
    '',
    '| users | bytes a user | keys a user | GB in all | minutes |',
    '| ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      ({ users, bytesOfUser, keysOfUser, seconds }) =>
        `| ${whole(users)} | ${whole(bytesOfUser)} | ${keysOfUser.toFixed(2)} | ${((users * bytesOfUser) / 1e9).toFixed(2)} | ${(seconds / 60).toFixed(1)} |`,
    ),
    '',
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
