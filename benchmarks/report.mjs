// How figures are told: a Markdown table or JSON on stdout, and a file of results with all it takes to repeat them.
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

const packages = ['jose', 'fast-jwt', 'jsonwebtoken', 'aws-jwt-verify', 'express-oauth2-jwt-bearer']

export async function writeReport(
  name,
  { files = {}, ...report },
  { json, write, rounds, render = renderMarkdown },
) {
  const facts = factsOf(name, report, rounds)
  const markdown = render(facts, report)
  process.stdout.write(json ? `${JSON.stringify({ ...facts, ...report }, undefined, 2)}\n` : markdown)
  if (write) await writeResults(name, markdown, files)
}

async function writeResults(name, markdown, files) {
  const file = new URL(`results/${name}.md`, import.meta.url)
  mkdirSync(new URL('.', file), { recursive: true })
  const filepath = fileURLToPath(file)
  writeFileSync(file, await format(markdown, { ...(await resolveConfig(filepath)), filepath }))
  for (const [file, text] of Object.entries(files))
    writeFileSync(new URL(`results/${file}`, import.meta.url), text)
}

/** What all reports begin with; `options` repeat a measurement that knows no rounds. */
export function factsOf(name, { tokenLength, peers = packages, options }, rounds) {
  const processors = cpus()
  return {
    command: `npm run bench -- ${name} ${options ?? `--rounds ${rounds}`}`,
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    machine: `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}`,
    tokenLength,
    versions: Object.fromEntries(
      ['midtier', ...peers].map((dependency) => [dependency, versionOf(dependency)]),
    ),
  }
}

function versionOf(dependency) {
  const manifest = new URL(`../node_modules/${dependency}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}

function renderMarkdown(facts, { tables, hostile, promises }) {
  const versions = Object.entries(facts.versions).map(([dependency, version]) => `${dependency} ${version}`)
  return [
    `# \`${facts.command}\``,
    `${facts.date}, Node ${facts.node}, ${facts.machine}. A token of ${facts.tokenLength} bytes, a new string at each call, one core.`,
    'Contenders take turns within a round, in an order that changes; the first calls of a turn are not counted.',
    'Microseconds are processor time a call, median over rounds (least–most);',
    'ratios are medians of the ratios within a round. One thread collects garbage.',
    `${versions.join(', ')}.`,
    '',
    ...tables.flatMap(renderTable),
    ...(hostile === undefined ? [] : renderHostile(hostile)),
    '## Promises',
    '',
    ...promises.map(renderPromise),
    '',
  ].join('\n')
}

function renderTable({ title, rows }) {
  return [
    `## ${title}`,
    '',
    '| | µs (least–most) | of hashing | of a bare signature |',
    '| --- | ---: | ---: | ---: |',
    ...rows.map(
      ({ name, microseconds, least, most, toHashing, toSignature }) =>
        `| ${name} | ${digits(microseconds)} (${digits(least)}–${digits(most)}) | ${toHashing.toFixed(2)}× | ${toSignature.toFixed(2)}× |`,
    ),
    '',
  ]
}

function renderHostile({ valid, groups }) {
  return [
    '## Refusing hostile tokens',
    '',
    `A valid token first seen costs ${digits(valid)} µs here, by \`authenticate\`; ratios are to that.`,
    '',
    '| attack on | cases | median | dearest | which |',
    '| --- | ---: | ---: | ---: | --- |',
    ...groups.map(
      ({ name, cases, median, worst, worstCase }) =>
        `| ${name} | ${cases} | ${median.toFixed(2)}× | ${worst.toFixed(2)}× | ${worstCase.replaceAll('|', '\\|')} |`,
    ),
    '',
  ]
}

function renderPromise({ what, measured, most, kept }) {
  return `- ${kept ? 'ok' : 'MISSED'}: ${what}: ${measured.toFixed(2)}× (promised: at most ${most}×)`
}

function digits(microseconds) {
  return microseconds >= 100 ? microseconds.toFixed(0) : microseconds.toPrecision(3)
}

/** A line for each aim that a figure has to stay under. */
export function listAims(promises) {
  return promises.map(tellAim)
}

/** A line for an aim with a limit below or above; `decimals` of what was measured. */
export function tellAim({ what, measured, least, most, kept, decimals = most === undefined ? 0 : 2 }) {
  const aim = most === undefined ? `at least ${least}` : `at most ${most}`
  return `- ${kept ? 'ok' : 'MISSED'}: ${what}: ${measured.toFixed(decimals)} (aim: ${aim})`
}

/** An aim with a limit above, told in whole numbers. */
export function atMost(what, measured, most) {
  return { what, measured, most, kept: measured <= most, decimals: 0 }
}
