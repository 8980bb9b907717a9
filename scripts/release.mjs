// What a tag publishes: the packages as archives, what comes with them (CycloneDX), and the notes out of CHANGELOG.md.
// node scripts/release.mjs v0.1.0 [--out release]: after `npm ci` and `npm run build`; publishes nothing itself.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, root } from './set-up.mjs'

const { values, positionals } = parseArgs({
  options: { out: { type: 'string', default: 'release' } },
  allowPositionals: true,
})
const [tag = ''] = positionals
const folders = ['packages/emulator', 'packages/midtier', 'packages/sidecar']
const packages = folders.map((folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')))

for (const { name, version } of packages)
  if (tag !== `v${version}`)
    fail(`${name} is ${version}, and the tag is ${tag || 'missing'}: they have to be the same.`)
const notes = notesOf(tag.slice(1))
if (notes === undefined) fail(`CHANGELOG.md has nothing about ${tag}: write "## [${tag.slice(1)}] - <date>".`)

const out = resolve(values.out)
mkdirSync(out, { recursive: true })
const archives = packages.map(({ name }) => {
  const packed = npm(
    root,
    'pack',
    '--ignore-scripts',
    '--silent',
    '--workspace',
    name,
    '--pack-destination',
    out,
  )
  process.stdout.write(packed)
  return [name, `file:${join(out, packed.trim())}`]
})
writeFileSync(join(out, 'contents.cdx.json'), listContents(Object.fromEntries(archives)))
writeFileSync(join(out, 'notes.md'), notes)

/** What comes with the archives where they are installed: that of the workspace would leave out what others have for their tests, too. */
function listContents(dependencies) {
  const folder = mkdtempSync(join(tmpdir(), 'midtier-release-'))
  const manifest = { name: 'midtier-release', version: tag.slice(1), private: true, dependencies }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  try {
    npm(folder, 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund')
    return npm(folder, 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function npm(cwd, ...args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
}

/** The section of a version, without its heading. */
function notesOf(version) {
  const sections = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m)
  const section = sections.find((each) => each.startsWith(`[${version}] - `))
  return section?.slice(section.indexOf('\n')).trim()
}
