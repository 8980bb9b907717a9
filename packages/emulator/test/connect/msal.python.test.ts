// The settings of MSAL Python, run by Debian's python3-msal.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { claimsOf, daemon, todoApi } from '../scenario.ts'
import { printed, run } from './run-printed.ts'

const python = process.env['MSAL_PYTHON'] ?? '/usr/bin/python3'

let emulator: Emulator
let stateDirectory: string
beforeAll(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
  emulator = await createEmulator({ httpsPort: 0, stateDirectory })
})
afterAll(async () => {
  await emulator.stop()
  await rm(stateDirectory, { recursive: true })
})

it('gets MSAL Python a token of an application', async () => {
  const token = await run(python, 'settings.py', await printed(emulator, 'msal-python', daemon))
  expect(claimsOf(token)).toMatchObject({ azp: daemon, aud: todoApi })
})
