// The registrations of the scenario are those of the emulator: what the command says that compares them.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createEmulator, defaultDirectory, type DirectoryData, type Emulator } from '@midtier/emulator'
import { emulatorDirectory } from 'midtier/registration'
import { afterEach, expect, it } from 'vitest'
import registrations, { clientIds } from '../../registrations.ts'
import { compiledFile } from '../../scenario/compiled-file.ts'

const command = join(
  dirname(createRequire(import.meta.url).resolve('midtier/package.json')),
  'dist/esm/midtier.js',
)

let emulator: Emulator | undefined
afterEach(() => emulator?.stop())

/** Starts an emulator, and compares it with the file. */
async function diff(directory: DirectoryData): Promise<{ readonly code: number; readonly stdout: string }> {
  emulator = await createEmulator({ directory })
  const MIDTIER_GRAPH_TOKEN = await emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: clientIds.webClient,
    audience: 'https://graph.microsoft.com',
    scopes: ['Application.Read.All'],
  })
  const args = [
    'registration',
    'diff',
    compiledFile('registrations.js'),
    '--graph-url',
    `${emulator.origin}/v1.0`,
  ]
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [command, ...args], {
      env: { ...process.env, MIDTIER_GRAPH_TOKEN },
    })
    return { code: 0, stdout }
  } catch (error) {
    return error as { readonly code: number; readonly stdout: string }
  }
}

it.each([
  ['as it comes', defaultDirectory],
  ['made of the file', emulatorDirectory(registrations, { base: defaultDirectory })],
])('has no difference to the emulator %s', async (_, directory) => {
  expect(await diff(directory)).toMatchObject({ code: 0, stdout: 'The tenant is as the file says.\n' })
})

it('names what somebody changed there', async () => {
  const applications = defaultDirectory.applications.map((each) =>
    each.id === clientIds.todoApi ? { ...each, displayName: 'Tasks' } : each,
  )
  expect(await diff({ ...defaultDirectory, applications })).toMatchObject({
    code: 1,
    stdout: 'todoApi  displayName\n  file    To Do API\n  tenant  Tasks\n\n1 difference\n',
  })
})
