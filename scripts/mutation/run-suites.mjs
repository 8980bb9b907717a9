// Runs suites of a package with switches in its sources: once to see which faults each reaches, and again with a fault on.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolveConfig, startVitest } from 'vitest/node'
import { buildSwitches } from './switches.mjs'

/** A loop that a fault keeps going asks for its switch so often that no test could mean it. */
const runawayLimit = 5_000_000

const keyPairs = fileURLToPath(new URL('kept-key-pairs.mjs', import.meta.url))

const snapshotEnvironment = fileURLToPath(new URL('snapshot-environment.mjs', import.meta.url))

/** Ends a test that waits for ever; longer than a test takes on a busy machine. */
const patienceMs = 60_000

/**
 * Runs each suite with its fault on, or with none.
 *
 * @param {readonly { readonly suite: string, readonly fault?: number }[]} runs
 * @returns {Promise<readonly { readonly failed: string | undefined, readonly passed: number, readonly errors: string, readonly durationMs: number, readonly reached: readonly number[] }[]>}
 */
export async function runSuites(root, sources, runs, { workers, log }) {
  if (runs.length === 0) return []
  const directory = mkdtempSync(join(tmpdir(), 'midtier-mutation-'))
  try {
    const files = runs.map(({ suite, fault }, index) => {
      const base = join(directory, String(index).padStart(5, '0'))
      writeFileSync(`${base}.test.mjs`, testFile(join(root, suite), fault, `${base}.json`))
      return base
    })
    const modules = await runVitest(root, directory, sources, workers, log)
    return files.map((base) => outcomeOf(modules.get(`${base}.test.mjs`), `${base}.json`))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The suite with its switch thrown; after the first red test the others are of no interest. Without a fault it notes what it reaches. */
function testFile(suite, fault, reachedFile) {
  const lines =
    fault === undefined
      ? [
          `import { writeFileSync } from 'node:fs'`,
          'const reached = new Set()',
          'globalThis.faultIsOn = (number) => { reached.add(number); return false }',
          `afterAll(() => writeFileSync(${JSON.stringify(reachedFile)}, JSON.stringify([...reached])))`,
        ]
      : [
          'let asked = 0',
          `globalThis.faultIsOn = (number) => {
  if (number !== ${fault}) return false
  if (++asked > ${runawayLimit}) throw new Error('the fault never ends')
  return true
}`,
          'let noticed = false',
          'beforeEach(({ skip }) => { if (noticed) skip() })',
          `afterEach(({ task }) => { noticed ||= task.result?.state === 'fail' })`,
        ]
  return [
    `globalThis.suiteUnderFault = ${JSON.stringify(suite)}`,
    `import { keepKeyPairs } from ${JSON.stringify(keyPairs)}`,
    `keepKeyPairs(${JSON.stringify(dirname(reachedFile))})`,
    ...lines,
    `await import(${JSON.stringify(suite)})`,
  ].join('\n')
}

async function runVitest(root, directory, sources, workers, log) {
  const { vitestConfig } = await resolveConfig({ root })
  const { alias } = vitestConfig.projects[0].resolve
  const vitest = await startVitest(
    'test',
    [],
    {
      config: false,
      root,
      dir: directory,
      include: ['*.test.mjs'],
      globals: true,
      watch: false,
      pool: 'forks',
      maxWorkers: workers,
      testTimeout: patienceMs,
      hookTimeout: patienceMs,
      teardownTimeout: 5_000,
      snapshotEnvironment,
      dangerouslyIgnoreUnhandledErrors: true,
      reporters: [{ onTestModuleEnd: (module) => log?.(module) }],
    },
    {
      plugins: [
        {
          name: 'faults',
          enforce: 'pre',
          // The text in which the faults were found: it may have changed on disk meanwhile.
          transform: (_code, id) => {
            const known = sources.get(id.split('?')[0])
            return known === undefined ? undefined : buildSwitches(known.text, known.faults)
          },
        },
      ],
      resolve: { alias },
      oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
    },
  )
  const modules = new Map(vitest.state.getTestModules().map((module) => [module.moduleId, module]))
  await vitest.close()
  return modules
}

function outcomeOf(module, reachedFile) {
  const failed = module === undefined ? undefined : [...module.children.allTests('failed')][0]
  const passed = module === undefined ? 0 : [...module.children.allTests('passed')].length
  const errors = module?.errors().map(({ message }) => message) ?? ['its tests did not run']
  const suiteErrors =
    module === undefined
      ? []
      : [...module.children.allSuites()].flatMap((suite) => suite.errors().map(({ message }) => message))
  return {
    failed: failed?.fullName,
    passed,
    errors: [...errors, ...suiteErrors].join('; ').replaceAll(/\s+/g, ' ').slice(0, 200),
    durationMs: Math.round(module?.diagnostic().duration ?? 0),
    reached: existsSync(reachedFile) ? JSON.parse(readFileSync(reachedFile, 'utf8')) : [],
  }
}
