// The process around the command line: its arguments, its streams, its exit code, and a pipe that is closed early.
import { readFileSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'

const { argv, exitCode } = process

afterEach(() => {
  process.argv = argv
  process.exitCode = exitCode
  vi.restoreAllMocks()
  vi.resetModules()
})

/** Runs the command in this process; gives what it wrote, and what it does when writing fails. */
async function run(...args: readonly string[]) {
  let output = ''
  let errors = ''
  const listeners = process.stdout.listeners('error')
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((output += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((errors += String(text)), true))
  process.argv = ['node', 'midtier', ...args]
  await import('../../src/bin/midtier.ts')
  const added = process.stdout.listeners('error').filter((each) => !listeners.includes(each))
  for (const listener of added) process.stdout.off('error', listener as () => void)
  return { output, errors, code: process.exitCode, onError: added[0] as (error: Error) => void }
}

it('tells the version of its package', async () => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  expect(await run('--version')).toMatchObject({ output: `midtier ${version}\n`, errors: '', code: 0 })
})

it('says on standard error what is wrong, and by its exit code', async () => {
  const { output, errors, code } = await run('explain', '--nonsense')
  expect([output, code]).toEqual(['', 2])
  expect(errors).toContain('--nonsense is no option')
})

it('is content when its reader has seen enough, and with no other failure of writing', async () => {
  const { onError } = await run('--help')
  expect(() => {
    onError(Object.assign(new Error('closed'), { code: 'EPIPE' }))
  }).not.toThrow()
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  expect(() => {
    onError(full)
  }).toThrow(full)
})
