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

const madeOfTheFile = emulatorDirectory(registrations, { base: defaultDirectory })

it('has no difference to the emulator that npm start makes of the file', async () => {
  expect(await diff(madeOfTheFile)).toMatchObject({ code: 0, stdout: 'The tenant is as the file says.\n' })
})

it('is what the ready-made directory has, but for the ids of permissions, which follow from other names', async () => {
  const { stdout } = await diff(defaultDirectory)
  const differing = stdout.split('\n').filter((line) => /^\w+ {2}/.test(line))
  expect(differing).not.toEqual([])
  for (const line of differing) expect(line).toMatch(/\.id$/)
})

it('names what somebody changed there', async () => {
  const applications = madeOfTheFile.applications.map((each) =>
    each.id === clientIds.todoApi ? { ...each, displayName: 'Tasks' } : each,
  )
  expect(await diff({ ...madeOfTheFile, applications })).toMatchObject({
    code: 1,
    stdout: 'todolist  displayName\n  file    To Do API\n  tenant  Tasks\n\n1 difference\n',
  })
})
