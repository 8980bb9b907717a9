// Benchmarks run seldom: that each finds what it measures is seen here, before somebody wants a figure.
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const folder = new URL('../../benchmarks/', import.meta.url)
/** These measure, or end, when they are loaded. */
const measuring = [
  'run.mjs',
  'acquire-heap-child.mjs',
  'start-child.mjs',
  'coldstart-child.mjs',
  'scaling/constants-child.mjs',
]
const load = 'for (const file of process.argv.slice(1)) await import(file); process.exit()'

it('every file of the benchmarks loads', async () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mjs') && !name.includes('node_modules') && !measuring.includes(name))
    .map((name) => new URL(name, folder).href)
  expect(files.length).toBeGreaterThan(10)
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', load, ...files])
})
