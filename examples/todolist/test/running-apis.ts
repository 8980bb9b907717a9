// Both APIs as processes of their own, with an emulator inside the test that mints whatever token a test wants.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, defaultDirectory, type Emulator } from '@midtier/emulator'
import { emulatorDirectory } from 'midtier/registration'
import registrations, { clientIds } from '../registrations.ts'
import { compiledFile } from '../scenario/compiled-file.ts'
import { middleTiers, type MiddleTier } from '../scenario/programs.ts'
import { startTogether, type ServerProgram, type Together } from '../scenario/start-together.ts'
import { wantedPorts } from './wanted-ports.ts'

/** The page's origin, as far as the APIs know. */
export const clientOrigin = 'http://localhost:3000'

/** What the page asks for when Alice is signed in. */
export const aliceForMiddleTier = {
  user: 'alice@contoso.onmicrosoft.com',
  client: clientIds.webClient,
  audience: clientIds.middleTier,
  scopes: ['access_as_user'],
} as const

/** Two APIs and their authority. */
export interface RunningApis {
  readonly emulator: Emulator
  readonly middleTier: string
  readonly todoApi: string
  /** What the processes wrote to standard error, and how they died. */
  readonly complaints: readonly string[]
  readonly apis: Together<'middleTier' | 'todoApi'>
  readonly stop: () => Promise<void>
}

/** Starts them. */
export async function startRunningApis({
  middleTier: framework = middleTiers[0],
}: { readonly middleTier?: MiddleTier } = {}): Promise<RunningApis> {
  const emulator = await createEmulator({
    directory: emulatorDirectory(registrations, { base: defaultDirectory }),
  })
  const dataDirectory = await mkdtemp(join(tmpdir(), 'todolist-'))
  const complaints: string[] = []
  const { todoApi, middleTier } = wantedPorts()
  const apis = await startTogether<'todoApi' | 'middleTier'>({
    wanted: { todoApi, middleTier },
    build: (ports) => {
      const describe = (entry: string, environment: Readonly<Record<string, string>>): ServerProgram => ({
        title: entry,
        healthPath: '/health',
        entry: compiledFile(entry),
        environment: { INSTANCE: `${emulator.origin}/`, CLIENT_ORIGIN: clientOrigin, ...environment },
      })
      return {
        todoApi: describe('todo-api/server.js', {
          PORT: String(ports.todoApi),
          TODO_DATA_DIR: dataDirectory,
          DATABASE_URL: '',
        }),
        middleTier: describe(`middle-tier/${framework}.js`, {
          PORT: String(ports.middleTier),
          TODO_API_URL: `http://localhost:${ports.todoApi}/api/`,
        }),
      }
    },
    events: {
      died: (_title, how) => void complaints.push(how),
      complained: (_title, line) => void complaints.push(line),
      gaveUp: ({ message }) => void complaints.push(message),
    },
    firstPauseMs: 10,
  }).catch((error: unknown) => {
    throw new Error(complaints.join('\n'), { cause: error })
  })
  return {
    emulator,
    ...apis.urls,
    complaints,
    apis,
    stop: async () => {
      await apis.stop()
      await emulator.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}
