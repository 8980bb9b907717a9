// `node scripts/mutate-checks.mjs`: takes every row out of the token gate's lists, and puts faults in; a test has to notice each.
//
// The sources on disk stay as they are. One run of vitest loads them with every fault built in behind a switch; each test file of
// that run is the gate's own tests with one switch thrown. Exit code 1 when a fault survives, or when the tests fail without any.
// Options: --json (the outcome as JSON), --only <text> (faults whose name contains it).
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import ts from 'typescript'
import { startVitest } from 'vitest/node'
import { namedMutants } from '../packages/midtier/test/protect/mutation/named-mutants.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const sources = join(root, 'packages/midtier/src')

const mutation = join(root, 'packages/midtier/test/protect/mutation')

/** The tests that guard the gate: the fewest and quickest files that notice every fault. */
const suites = ['validate-access-token', 'check-list', 'requirements/requirements']

/** No fault: the tests have to pass, before all others and after them, since they share their workers. */
const nothing = { name: 'nothing' }

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
})

const startedMs = performance.now()
const mutants = [...findRows(), ...namedMutants.map(locate)].filter(({ name }) => name.includes(options.only))
const places = groupByPlace(mutants)
const outcomes = await judgeAll([nothing, ...mutants, nothing])
report(
  outcomes.filter(({ name }) => name === nothing.name),
  outcomes.filter(({ name }) => name !== nothing.name),
)

/** One mutant for each row of each list of checks: a row that lets everything through is as good as gone. */
function findRows() {
  const files = readdirSync(join(sources, 'protect'), { recursive: true, withFileTypes: true })
  return files
    .filter((entry) => entry.isFile())
    .flatMap(({ parentPath, name }) => {
      const file = relative(sources, join(parentPath, name))
      return variablesOf(file)
        .filter(isCheckList)
        .flatMap((list) => rowsOf(list, file))
    })
}

/** The variables that a source declares at its top. */
function variablesOf(file) {
  const { statements } = ts.createSourceFile(file, read(file), ts.ScriptTarget.ESNext, true)
  return statements.filter(ts.isVariableStatement).flatMap((each) => each.declarationList.declarations)
}

function isCheckList({ name, initializer }) {
  if (!ts.isIdentifier(name) || !name.text.endsWith('Checks')) return false
  if (initializer !== undefined && ts.isArrayLiteralExpression(initializer)) return true
  throw new Error(`${name.text} is not written as a list, so that no row can be taken out of it`)
}

function rowsOf(list, file) {
  return list.initializer.elements.map((row) => ({
    name: `${list.name.text} without ${row.getText()}`,
    file,
    start: row.getStart(),
    end: row.getEnd(),
    build: (on, row) => `{ ...${row}, passes: (subject) => ${on} || ${row}.passes(subject) }`,
  }))
}

/** Where a named fault goes. One that no longer fits its source would prove nothing: that is an error. */
function locate(fault) {
  return fault.check === undefined ? locateExpression(fault) : locateCheck(fault)
}

function locateExpression({ name, file, find, replace, startsStatement = false }) {
  const parts = read(file).split(find)
  if (parts.length !== 2)
    throw new Error(`'${name}': ${file} holds this ${parts.length - 1} times, not once: ${find}`)
  const start = parts[0].length
  // A parenthesis at the start of a line would go on with the line before.
  const opening = startsStatement ? ';(' : '('
  const build = (on, original) => `${opening}${on} ? (${replace}) : (${original}))`
  return { name, file, start, end: start + find.length, build }
}

function locateCheck({ name, file, check, replace }) {
  const row = variablesOf(file).find((variable) => variable.name.getText() === check)
  const passes = row?.initializer?.properties?.find((property) => property.name?.getText() === 'passes')
  if (passes === undefined) throw new Error(`'${name}': ${file} has no check '${check}' with a 'passes'`)
  const { initializer } = passes
  const build = (on, original) => `(subject) => (${on} ? (${replace}) : (${original}))(subject)`
  return { name, file, start: initializer.getStart(), end: initializer.getEnd(), build }
}

function read(file) {
  return readFileSync(join(sources, file), 'utf8')
}

/** Faults of one expression share its place; places never overlap. Each file's places from its end to its beginning. */
function groupByPlace(faults) {
  const files = new Map()
  for (const fault of faults.toSorted((a, b) => b.start - a.start || b.end - a.end)) {
    const known = files.get(fault.file) ?? []
    const last = known.at(-1)
    if (last?.start === fault.start && last.end === fault.end) last.faults.push(fault)
    else if (last !== undefined && fault.end > last.start)
      throw new Error(`'${fault.name}' overlaps '${last.faults[0].name}'`)
    else known.push({ start: fault.start, end: fault.end, faults: [fault] })
    files.set(fault.file, known)
  }
  return files
}

/** A plugin that builds every fault into the sources, each behind its switch. */
function createPlugin() {
  return {
    name: 'mutants',
    enforce: 'pre',
    transform: (code, id) => places.get(relative(sources, id))?.reduce(buildSwitches, code),
  }
}

function buildSwitches(code, { start, end, faults }) {
  const built = faults.reduce(
    (original, { name, build }) => build(`globalThis.mutant === ${JSON.stringify(name)}`, original),
    code.slice(start, end),
  )
  return code.slice(0, start) + built + code.slice(end)
}

async function judgeAll(faults) {
  const directory = mkdtempSync(join(tmpdir(), 'midtier-mutants-'))
  try {
    const files = faults.map((fault, index) => {
      const path = join(directory, `${String(index).padStart(3, '0')}.test.mjs`)
      writeFileSync(path, testFile(fault, index))
      return { name: fault.name, path }
    })
    const modules = await runVitest(directory)
    return files.map(({ name, path }) => ({ name, ...judge(modules.get(path)) }))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/**
 * The gate's tests with one switch thrown; after the first red test the others are of no interest.
 *
 * The query has the suites run again for each fault, while the sources, whose switches are read when they are used, load once.
 */
function testFile({ name, file = '' }, index) {
  const inOrder = file.includes('requirement') ? suites.toReversed() : suites
  const paths = inOrder.map((suite) => join(root, `packages/midtier/test/protect/${suite}.test.ts?${index}`))
  return [
    `import { reuseKeyPairs } from ${JSON.stringify(join(mutation, 'reused-key-pairs.mjs'))}`,
    'reuseKeyPairs()',
    `globalThis.mutant = ${JSON.stringify(name)}`,
    'let noticed = false',
    'beforeEach(({ skip }) => { if (noticed) skip() })',
    `afterEach(({ task }) => { noticed ||= task.result?.state === 'fail' })`,
    ...paths.map((path) => `await import(${JSON.stringify(path)})`),
  ].join('\n')
}

async function runVitest(directory) {
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
      pool: 'threads',
      isolate: false,
      maxWorkers: 2,
      reporters: [{}],
    },
    {
      plugins: [createPlugin()],
      resolve: {
        alias: {
          '#crypto': join(sources, 'kernel/crypto/crypto.node.ts'),
          '#http': join(sources, 'kernel/http/authority-fetch.node.ts'),
        },
      },
    },
  )
  const modules = new Map(vitest.state.getTestModules().map((module) => [module.moduleId, module]))
  await vitest.close()
  return modules
}

/** A file that could not be loaded notices nothing: the fault is broken, not killed. */
function judge(module) {
  const failed = module === undefined ? undefined : [...module.children.allTests('failed')][0]
  if (failed !== undefined) return { verdict: 'killed', by: failed.fullName }
  const passed = module === undefined ? 0 : [...module.children.allTests('passed')].length
  const errors = module?.errors().map(({ message }) => message) ?? ['its tests did not run']
  if (errors.length > 0 || passed === 0)
    return { verdict: 'broken', by: stripVTControlCharacters(errors.join('; ')).replaceAll(/\s+/g, ' ') }
  return { verdict: 'SURVIVED', by: `${passed} tests passed` }
}

function report(baselines, faults) {
  const failure = baselines.find(({ verdict }) => verdict !== 'SURVIVED')
  const sound = failure === undefined
  const killed = faults.filter((fault) => fault.verdict === 'killed').length
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10
  const summary = { sound, faults: faults.length, killed, seconds }
  if (options.json) console.log(JSON.stringify({ ...summary, outcomes: faults }, undefined, 2))
  else print(summary, (failure ?? baselines[0]).by, faults)
  process.exitCode = sound && killed === faults.length && faults.length > 0 ? 0 : 1
}

function print({ sound, killed, seconds }, by, faults) {
  const width = Math.max(...faults.map(({ name }) => name.length))
  const row = ({ name, verdict, by: what }) =>
    `${name.padEnd(width)}  ${verdict === 'killed' ? 'killed by' : `${verdict}:`} ${what}`
  console.log(faults.map(row).join('\n'))
  console.log(`\nwithout a fault: ${sound ? by : `FAILED: ${by}`}`)
  console.log(`${killed} of ${faults.length} faults killed in ${seconds} s`)
}
