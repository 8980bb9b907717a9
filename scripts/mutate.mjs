// `npm run mutate`: puts faults into both packages, drawn by a seed, and sees whether a test notices each.
//
// The sources on disk stay as they are. vitest loads them with every fault built in behind a switch. First every suite runs with
// none on, and notes which faults it reaches; then each drawn fault is thrown in the suites that reach it, nearest and quickest
// first, until one is red. What no suite has noticed is handed to the compiler, with which `npm test` begins. Options:
//   --seed N       which faults are drawn (default 1)
//   --sample M     how many, two thirds of them in the library (default 150)
//   --package P    midtier or emulator alone
//   --file TEXT    faults of files alone whose path contains it, all of them drawn with --sample
//   --only TEXT    faults alone whose line, as --list prints it, contains the text; may be given more than once
//   --list         prints the drawn faults, and runs nothing
//   --suites TEXTS judged by suites alone whose path contains one of them (acquire/,behaviour/): quicker than all, and no less kind
//   --workers W    suites at a time (default: half of the processors, at least 2)
//   --json         the outcome as JSON
//   --help         this text
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createCompiler } from './mutation/compiler.mjs'
import { equivalentFaults } from './mutation/equivalent-faults.mjs'
import { findFaults } from './mutation/faults.mjs'
import { runSuites } from './mutation/run-suites.mjs'
import { drawSample } from './mutation/sample.mjs'
import { findServices } from './services.mjs'
import { root } from './set-up.mjs'

/** Share of the drawn faults of each package, and how many of them have to be noticed. */
const packages = [
  { name: 'midtier', share: 2 / 3, leastKilled: 0.95 },
  { name: 'emulator', share: 1 / 3, leastKilled: 0.9 },
]

/** What runs the built package, or costs more than it tells: faults do not reach it, or others reach them sooner. */
const passedOver = ['many-processes', '/consumers/', '/mutation/', 'over-https.test', 'ends-with-npx.test']

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sample: { type: 'string', default: '150' },
    package: { type: 'string', default: '' },
    file: { type: 'string', default: '' },
    only: { type: 'string', multiple: true, default: [''] },
    list: { type: 'boolean', default: false },
    suites: { type: 'string', default: '' },
    workers: { type: 'string', default: String(Math.max(2, Math.floor(availableParallelism() / 2))) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  const [head] = readFileSync(new URL(import.meta.url), 'utf8').split('\nimport ')
  await write(head.replaceAll(/^\/\/ ?/gm, ''))
  process.exit()
}
const workers = Number(options.workers)
const startedMs = performance.now()
const tell = (text) => process.stderr.write(`${text}\n`)

const { env, absent } = await findServices()
Object.assign(process.env, env)
const faults = listFaults()
const sources = readSources()
const stale = [...equivalentFaults.keys()].filter((name) => !faults.some((fault) => fault.name === name))
const drawn = drawAll()
if (options.list) {
  await write(drawn.map(lineOf).join('\n'))
  process.exit()
}
const suites = listSuites()
/** Suites that are red without a fault, and so judge none. */
const leftOut = []
const reach = (
  await inTurn(
    packages.filter(({ name }) => name.includes(options.package)),
    readReach,
  )
).flat()
const outcomes = await judgeAll(drawn)
askCompiler(outcomes)
report()

/** Whole, also into a pipe that is read slowly. */
function write(text) {
  return new Promise((resolve) => process.stdout.write(`${text}\n`, resolve))
}

function lineOf({ name, line }) {
  return `line ${line}: ${name}`
}

function listFaults() {
  return packages
    .flatMap(({ name: owner }) =>
      filesBelow(`packages/${owner}/src`, /\.tsx?$/).flatMap((file) =>
        findFaults(file, read(file)).map((fault) => ({ ...fault, owner })),
      ),
    )
    .map((fault, number) => ({ ...fault, number }))
}

/** Each source as it is now, with its faults. */
function readSources() {
  const known = new Map()
  for (const fault of faults) {
    const path = join(root, fault.file)
    if (!known.has(path)) known.set(path, { text: read(fault.file), faults: [] })
    known.get(path).faults.push(fault)
  }
  return known
}

function listSuites() {
  const missing = absent.flatMap(({ suites: patterns }) =>
    patterns.map((pattern) => pattern.replaceAll('*', '')),
  )
  return packages.flatMap(({ name: owner }) =>
    filesBelow(`packages/${owner}/test`, /\.test\.tsx?$/)
      .filter((file) => ![...passedOver, ...missing].some((part) => file.includes(part)))
      .filter((file) => options.suites.split(',').some((part) => file.includes(part)))
      .map((file) => ({ file, owner })),
  )
}

function filesBelow(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .sort()
}

function read(file) {
  return readFileSync(join(root, file), 'utf8')
}

function drawAll() {
  return packages
    .filter(({ name }) => name.includes(options.package))
    .flatMap(({ name, share }) => {
      const possible = faults.filter(
        (fault) =>
          fault.owner === name &&
          fault.file.includes(options.file) &&
          options.only.some((text) => lineOf(fault).includes(text)) &&
          !equivalentFaults.has(fault.name),
      )
      return drawSample(
        possible,
        Math.round(Number(options.sample) * (options.package === '' ? share : 1)),
        Number(options.seed),
      )
    })
}

async function inTurn(items, act) {
  const results = []
  for (const item of items) results.push(await act(item))
  return results
}

/** Which faults each suite of a package reaches, and how long it takes: kept until a source, a helper or that suite changes. */
async function readReach({ name }) {
  const own = suites.filter(({ owner }) => owner === name)
  const digest = createHash('sha256')
  for (const folder of [`packages/${name}/src`, `packages/${name}/test`])
    for (const file of filesBelow(folder, /\.(tsx?|mjs|json)$/))
      if (!file.includes('.test.ts')) digest.update(file).update(read(file))
  const shared = digest.digest('hex')
  // Counted from the first of the package, since faults of the other one come and go.
  const first = faults.find(({ owner }) => owner === name)?.number ?? 0
  const keyOf = ({ file }) => createHash('sha256').update(shared).update(read(file)).digest('hex')
  const path = join(root, `artifacts/mutation-reached-${name}.json`)
  const kept = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const unknown = own.filter((suite) => kept[suite.file]?.key !== keyOf(suite))
  if (unknown.length > 0) {
    tell(`Seeing which faults each of ${unknown.length} suites of ${name} reaches …`)
    const runs = await runSuites(
      root,
      sources,
      unknown.map(({ file }) => ({ suite: file })),
      { workers },
    )
    unknown.forEach((suite, index) => {
      const { failed, errors, passed, durationMs } = runs[index]
      const reached = runs[index].reached.map((number) => number - first)
      if (failed === undefined && errors === '' && passed > 0)
        kept[suite.file] = { ...suite, durationMs, reached, key: keyOf(suite) }
      else leftOut.push(`${suite.file}: ${failed ?? errors}`)
    })
    mkdirSync(join(root, 'artifacts'), { recursive: true })
    writeFileSync(path, JSON.stringify(kept))
  }
  return own
    .filter((suite) => kept[suite.file]?.key === keyOf(suite))
    .map(({ file }) => ({ ...kept[file], reached: kept[file].reached.map((number) => number + first) }))
}

/** Rounds of more and more suites for whatever no test has noticed yet. */
async function judgeAll(drawn) {
  const waiting = drawn.map((fault) => ({
    fault,
    suites: suitesFor(fault),
    verdict: 'survived',
    by: '',
    tried: 0,
  }))
  for (const each of waiting) if (each.suites.length === 0) each.verdict = 'not reached'
  const sizes = [1, 2, 4, 8]
  for (let round = 0; ; round += 1) {
    const open = waiting.filter(
      ({ verdict, suites: left, tried }) => verdict === 'survived' && tried < left.length,
    )
    if (open.length === 0) return waiting
    tell(`${open.length} of ${drawn.length} faults not noticed yet …`)
    const runs = open.flatMap((each) => {
      const next = each.suites.slice(each.tried, each.tried + (sizes[round] ?? Infinity))
      each.tried += next.length
      return next.map(({ file: suite }) => ({ each, suite, fault: each.fault.number }))
    })
    const results = await runSuites(root, sources, runs, { workers })
    runs.forEach(({ each, suite }, index) => {
      const { failed, errors } = results[index]
      if (each.verdict !== 'survived' || (failed === undefined && errors === '')) return
      each.verdict = 'killed'
      each.by = `${basename(suite)}: ${failed ?? errors}`
    })
  }
}

/** What the suites have left over may be nobody's to leave: it does not compile. */
function askCompiler(judged) {
  for (const { name } of packages) {
    const left = judged.filter(({ fault, verdict }) => fault.owner === name && verdict !== 'killed')
    if (left.length === 0) continue
    const refusalOf = createCompiler(root, name)
    for (const each of left) {
      const refusal = refusalOf(each.fault)
      if (refusal !== undefined) Object.assign(each, { verdict: 'refused', by: refusal })
    }
  }
}

/** Suites of the package that reach a fault: of the same name first, then the quickest. */
function suitesFor({ number, owner, file }) {
  const name = basename(file).replace(/\.(node|web)?\.?tsx?$/, '')
  const rank = (suite) => (basename(suite.file).startsWith(`${name}.`) ? 0 : suite.durationMs + 1)
  return reach
    .filter((suite) => suite.owner === owner && suite.reached.includes(number))
    .sort((a, b) => rank(a) - rank(b))
}

function report() {
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  const totals = packages.flatMap(({ name, leastKilled }) => {
    const own = outcomes.filter(({ fault }) => fault.owner === name)
    const count = (wanted) => own.filter(({ verdict }) => verdict === wanted).length
    const [killed, refused] = [count('killed'), count('refused')]
    const share = (killed + refused) / own.length
    return own.length === 0
      ? []
      : [{ package: name, faults: own.length, killed, refused, share, leastKilled }]
  })
  const faultsTold = outcomes.map(({ fault: { name, line }, verdict, by, tried }) => ({
    name,
    line,
    verdict,
    by,
    suites: tried,
  }))
  if (options.json)
    console.log(
      JSON.stringify(
        { seed: Number(options.seed), seconds, totals, stale, leftOut, outcomes: faultsTold },
        undefined,
        2,
      ),
    )
  else {
    for (const { name, line, verdict, suites: tried } of faultsTold)
      if (verdict !== 'killed' && verdict !== 'refused')
        console.log(`${verdict.toUpperCase()} (${tried} suites) ${lineOf({ name, line })}`)
    for (const { package: name, faults: count, killed, refused, share, leastKilled } of totals)
      console.log(
        `${name}: ${killed + refused} of ${count} faults noticed, ${refused} of them by the compiler alone (${(100 * share).toFixed(1)} %, at least ${100 * leastKilled} %)`,
      )
    for (const name of stale) console.log(`No longer a fault, so no longer an equivalent one: ${name}`)
    for (const suite of leftOut) console.log(`Red without a fault, so that it judged none: ${suite}`)
    console.log(`seed ${options.seed}, ${seconds} s`)
  }
  const enough = totals.length > 0 && totals.every(({ share, leastKilled }) => share >= leastKilled)
  process.exitCode = enough && stale.length === 0 && leftOut.length === 0 ? 0 : 1
  // A fault may leave a worker that never ends, and this process would wait for it.
  process.stdout.write('', () => process.exit())
}
