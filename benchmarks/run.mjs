// `npm run bench -- <name>`: builds, measures, and prints a table; what is measured is in the file of that name.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { writeReport } from './report.mjs'

const benches = {
  validate: () => import('./validate.mjs'),
  acquire: () => import('./acquire.mjs'),
  warm: () => import('./warm.mjs'),
  server: () => import('./server.mjs'),
  frameworks: () => import('./frameworks.mjs'),
  start: () => import('./start.mjs'),
  coldstart: () => import('./coldstart.mjs'),
  mcp: () => import('./mcp.mjs'),
  agents: () => import('./agents.mjs'),
  telemetry: () => import('./telemetry.mjs'),
  sidecar: () => import('./sidecar.mjs'),
  emulator: () => import('./emulator.mjs'),
  endtoend: () => import('./endtoend.mjs'),
  soak: () => import('./soak.mjs'),
  stores: () => import('./stores.mjs'),
  million: () => import('./million.mjs'),
  scaling: () => import('./scaling.mjs'),
}

const usage = `npm run bench -- <${Object.keys(benches).join('|')}> [options]

  --rounds N   rounds to take medians over (default 101)
  --quick      15 rounds: a first look, no figure to quote
  --minutes N  how long the soak takes (default 30)
  --seed N     which users it, or stores, takes in which order (default 1)
  --json       JSON on stdout instead of Markdown
  --write      also writes benchmarks/results/<name>.md
  --strict     exit code 1 when a promise is missed
  --no-build   measures dist as it is
  --calls N    stores: calls whose answers are compared with who asked (default 400 000)
`

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    calls: { type: 'string' },
  },
})
const [name] = positionals
const rounds = Number(flags.rounds ?? (flags.quick ? 15 : 101))
const [minutes, seed] = [Number(flags.minutes), Number(flags.seed)]
const calls = flags.calls === undefined ? undefined : Number(flags.calls)
const isWhole = (number) => Number.isInteger(number) && number >= 1
if (!Object.hasOwn(benches, name ?? '') || ![rounds, minutes, seed, calls ?? 1].every(isWhole)) {
  process.stderr.write(usage)
  process.exit(2)
}

// One thread collects garbage: else collecting waits for threads that a busy machine does not run. And it can be asked to.
const nodeFlags = ['--single-threaded-gc', '--expose-gc']

if (nodeFlags.every((flag) => process.execArgv.includes(flag))) await measureAndReport()
else {
  if (!flags['no-build']) setUp()
  const { status } = spawnSync(process.execPath, [...nodeFlags, ...process.argv.slice(1)], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}

async function measureAndReport() {
  const { measure, render } = await benches[name]()
  const { quick } = flags
  const report = await measure({ rounds, quick, minutes, seed, calls })
  await writeReport(name, report, { ...flags, rounds, render })
  if (flags.strict && report.promises.some(({ kept }) => !kept)) process.exitCode = 1
}

/** In a process of its own, so that what it says goes to stderr and stdout holds the report alone. */
function setUp() {
  const module = new URL('../scripts/set-up.mjs', import.meta.url).href
  const script = `import { setUp } from ${JSON.stringify(module)}; await setUp()`
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) process.exit(status ?? 1)
}
