// When the commands install: not after an `npm ci` by hand, and always when node_modules is not what the lockfile asks for.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'

const script = new URL('../installed.mjs', import.meta.url)
const root = fileURLToPath(new URL('../..', import.meta.url))

interface Entry {
  readonly version?: string
  readonly integrity?: string
  readonly optional?: boolean
  readonly link?: boolean
}

const one = { version: '1.0.0', integrity: 'sha512-one' }
const two = { version: '2.0.0', integrity: 'sha512-two' }
const own = { version: '0.1.0' }
const linked = { link: true }
const forAnotherPlatform = { ...two, optional: true }
const installed: Readonly<Record<string, Entry>> = {
  '': {},
  'packages/own': own,
  'node_modules/own': linked,
  'node_modules/one': one,
  'packages/own/node_modules/two': two,
}
const wanted = { ...installed, 'node_modules/other-platform': forAnotherPlatform }

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'midtier-installed-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const lockfile = (packages: Readonly<Record<string, Entry>>): string => JSON.stringify({ packages })

/** What npm leaves behind. */
async function install(packages: Readonly<Record<string, Entry>>): Promise<void> {
  for (const path of Object.keys(packages)) await mkdir(join(directory, path), { recursive: true })
  await writeFile(join(directory, 'node_modules/.package-lock.json'), lockfile(packages))
}

async function isInstalled(where = directory): Promise<boolean> {
  const code = `import { isInstalled } from ${JSON.stringify(script.href)}; console.log(isInstalled(process.argv[1]))`
  const args = ['--input-type=module', '--eval', code, where]
  return (await promisify(execFile)(process.execPath, args)).stdout.trim() === 'true'
}

it('is not installed before npm has run', async () => {
  await writeFile(join(directory, 'package-lock.json'), lockfile(wanted))
  expect(await isInstalled()).toBe(false)
})

it('is installed after npm has, whoever called it, and whatever is for other platforms', async () => {
  await writeFile(join(directory, 'package-lock.json'), lockfile(wanted))
  await install(installed)
  expect(await isInstalled()).toBe(true)
  expect(await isInstalled(root)).toBe(true) // this very repository, or no test would run
})

it.each<[string, Readonly<Record<string, Entry>>]>([
  ['has another version', { ...wanted, 'node_modules/one': two }],
  ['has other content', { ...wanted, 'node_modules/one': { ...one, integrity: 'sha512-other' } }],
  ['has one more', { ...wanted, 'node_modules/more': one }],
  ['has one less', { '': {}, 'packages/own': own, 'node_modules/own': linked, 'node_modules/one': one }],
])('is not installed when the lockfile %s since', async (_what, packages) => {
  await writeFile(join(directory, 'package-lock.json'), lockfile(packages))
  await install(installed)
  expect(await isInstalled()).toBe(false)
})

it('is not installed when a package was deleted by hand', async () => {
  await writeFile(join(directory, 'package-lock.json'), lockfile(wanted))
  await install(installed)
  await rm(join(directory, 'node_modules/one'), { recursive: true })
  expect(await isInstalled()).toBe(false)
})
