// `npm test`: sets everything up, then runs every check and every suite; the last line is `N passed, N failed`.
// Options: --checks-only (no suites), --suites-only (no checks).
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findServices } from './services.mjs'
import { fail, root, run, say, setUp } from './set-up.mjs'

const { values: options } = parseArgs({
  options: {
    'checks-only': { type: 'boolean', default: false },
    'suites-only': { type: 'boolean', default: false },
  },
})

const checks = [
  ['formatting', ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['lint', ['eslint/bin/eslint.js', '.']],
  [
    'types of midtier and its tests',
    ['typescript/bin/tsc', '-p', 'packages/midtier/tsconfig.test.json', '--noEmit'],
  ],
  [
    'types of the emulator and its tests',
    ['typescript/bin/tsc', '-p', 'packages/emulator/tsconfig.test.json', '--noEmit'],
  ],
  [
    'types of the sidecar and its tests',
    ['typescript/bin/tsc', '-p', 'packages/sidecar/tsconfig.test.json', '--noEmit'],
  ],
  [
    'types of the example and its tests',
    ['typescript/bin/tsc', '-p', 'examples/todolist/tsconfig.lint.json', '--noEmit'],
  ],
  [
    'types of the agent and its tests',
    ['typescript/bin/tsc', '-p', 'examples/agent/tsconfig.lint.json', '--noEmit'],
  ],
  [
    'types of the MCP server and its tests',
    ['typescript/bin/tsc', '-p', 'examples/mcp-server/tsconfig.lint.json', '--noEmit'],
  ],
  [
    'layers and cycles',
    [
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'packages',
      '--output-type',
      'err',
    ],
  ],
  ['unused files, exports and dependencies', ['knip/bin/knip.js', '--no-progress']],
  ['package shape: midtier', ['publint/src/cli.js', 'packages/midtier', '--strict']],
  ['package shape: @midtier/emulator', ['publint/src/cli.js', 'packages/emulator', '--strict']],
  ['package shape: @midtier/sidecar', ['publint/src/cli.js', 'packages/sidecar', '--strict']],
  [
    'package types: midtier',
    ['@arethetypeswrong/cli/dist/index.js', '--pack', 'packages/midtier', '--profile', 'strict'],
  ],
  [
    'package types: @midtier/emulator',
    ['@arethetypeswrong/cli/dist/index.js', '--pack', 'packages/emulator', '--profile', 'strict'],
  ],
  [
    'package types: @midtier/sidecar',
    ['@arethetypeswrong/cli/dist/index.js', '--pack', 'packages/sidecar', '--profile', 'strict'],
  ],
]

checks.push(['the public API is the one that was committed', ['../scripts/api-report.mjs', '--check']])
checks.push([
  'the warm path is no longer than it was',
  ['../scripts/warm-path.mjs', '--most', '39', '--files', '19'],
])
checks.push([
  'the cold path is no longer than it was',
  ['../scripts/cold-path.mjs', '--most', '29', '--files', '14'],
])
// Beside the checks of form: every row of the token gate's check list is taken out once, and some test has to notice.
checks.push(['no fault in the token gate goes unnoticed', ['../scripts/mutate-checks.mjs']])

const totals = { passed: 0, failed: 0, skipped: 0 }

await setUp()
mkdirSync(new URL('../artifacts', import.meta.url), { recursive: true })
if (!options['suites-only']) await runChecks()
if (!options['checks-only']) await runSuites()

const skipped = totals.skipped === 0 ? '' : `, ${totals.skipped} skipped`
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed${skipped}\n`)
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1

async function runChecks() {
  for (const [name, [program, ...args]] of checks) {
    const { code, output } = await run(process.execPath, [`node_modules/${program}`, ...args], {
      capture: true,
    })
    totals[code === 0 ? 'passed' : 'failed'] += 1
    say(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`)
    if (code !== 0) process.stdout.write(`${output}\n`)
  }
}

async function runSuites() {
  const { env, absent } = await findServices()
  const excluded = absent.flatMap(({ suites }) => suites.flatMap((pattern) => ['--exclude', pattern]))
  for (const service of absent) {
    const advice = `${service.name} is not on this machine and could not be installed (Debian package: ${service.package})`
    if (process.env.CI === 'true') fail(`${advice}; with CI=true no suite is skipped`)
    say(`SKIPPED ${service.suites.join(' ')}: ${advice}`)
    totals.skipped += 1
  }
  const report = new URL('../artifacts/suites.json', import.meta.url)
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', '--outputFile.json=artifacts/suites.json']
  const { code } = await run(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--root', root, ...reporters, ...excluded],
    {
      env: { ...process.env, ...env },
    },
  )
  countSuites(report, code)
}

function countSuites(report, code) {
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined
  totals.passed += counts?.numPassedTests ?? 0
  totals.failed += counts?.numFailedTests ?? 0
  totals.skipped += (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0)
  // A suite that could not be loaded, or an unhandled rejection, fails no test by name; it fails the run.
  if (code !== 0 && (counts?.numFailedTests ?? 0) === 0) totals.failed += 1
}
