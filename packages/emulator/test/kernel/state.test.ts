// The documents of the emulator in a directory: in the order in which they were written, and after a write that failed, too.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDirectoryState } from '../../src/kernel/state.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

it('writes one after another: the last one stands, however long the first one is', async () => {
  const state = await openDirectoryState(directory)
  const long = 'x'.repeat(20_000_000)
  await Promise.all([long, 'second', 'last'].map((text) => state.write('consents.json', text)))
  expect(await state.read('consents.json')).toBe('last')
})

it('writes again after a write that failed', async () => {
  const state = await openDirectoryState(directory)
  await rm(directory, { recursive: true })
  await expect(state.write('consents.json', 'x')).rejects.toMatchObject({ code: 'ENOENT' })
  await mkdir(directory)
  await state.write('consents.json', 'next')
  expect(await state.read('consents.json')).toBe('next')
})
