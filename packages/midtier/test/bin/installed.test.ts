// Which version of a package is there: where Node.js would look, from a folder up.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findVersion } from '../../src/bin/installed.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'midtier-installed-'))
  const install = async (at: string, manifest: string): Promise<void> => {
    await mkdir(join(folder, at), { recursive: true })
    await writeFile(join(folder, at, 'package.json'), manifest)
  }
  await install('node_modules/there', '{ "version": "1.2.3" }')
  await install('app/node_modules/there', '{ "version": "2.0.0" }')
  await install('app/node_modules/odd', '{ "version": 3 }')
  await install('node_modules/odd', '{ "version": "1.0.0" }')
  await install('node_modules/broken', 'not JSON')
  await mkdir(join(folder, 'app', 'src'))
})
afterAll(() => rm(folder, { recursive: true }))

it.each([
  ['there', '.', '1.2.3'],
  ['there', 'app', '2.0.0'],
  ['there', 'app/src', '2.0.0'],
  ['odd', 'app/src', undefined],
  ['odd', '.', '1.0.0'],
  ['broken', 'app', undefined],
  ['that-nobody-has', 'app/src', undefined],
])('%s, seen from %s: %s', (name, from, version) => {
  expect(findVersion(name, join(folder, from))).toBe(version)
})

it('is looked for from the working directory', () => {
  expect(findVersion('vitest')).toMatch(/^\d+\.\d+\.\d+/)
})
