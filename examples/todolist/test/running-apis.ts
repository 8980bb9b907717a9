// Both APIs as processes of their own, with an emulator inside the test that mints whatever token a test wants.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { clientIds } from '../registrations.ts'
import { compiledFile } from '../scenario/compiled-file.ts'
import { supervise, type Supervised } from '../scenario/supervise.ts'
import { waitUntilHealthy } from '../scenario/wait-until-healthy.ts'

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
  readonly processes: Readonly<Record<'middleTier' | 'todoApi', Supervised>>
  readonly stop: () => Promise<void>
}

/** Starts them on two ports. */
export async function startRunningApis(firstPort: number): Promise<RunningApis> {
  const emulator = await createEmulator()
  const dataDirectory = await mkdtemp(join(tmpdir(), 'todolist-'))
  const middleTier = `http://localhost:${firstPort}`
  const todoApi = `http://localhost:${firstPort + 1}`
  const complaints: string[] = []
  const failure = new AbortController()
  const start = (title: string, environment: Readonly<Record<string, string>>): Supervised => {
    const note = (line: string): void => void complaints.push(line)
    const gaveUp = ({ message }: Error): void => failure.abort(new Error([message, ...complaints].join('\n')))
    const program = {
      title,
      entry: compiledFile(`${title}/server.js`),
      environment: { INSTANCE: `${emulator.origin}/`, CLIENT_ORIGIN: clientOrigin, ...environment },
    }
    return supervise(program, { died: note, complained: note, gaveUp }, { firstPauseMs: 10 })
  }
  const processes = {
    todoApi: start('todo-api', {
      PORT: String(firstPort + 1),
      TODO_DATA_DIR: dataDirectory,
      DATABASE_URL: '',
    }),
    middleTier: start('middle-tier', { PORT: String(firstPort), TODO_API_URL: `${todoApi}/api/` }),
  }
  await Promise.all([middleTier, todoApi].map((url) => waitUntilHealthy(`${url}/health`, failure.signal)))
  return {
    emulator,
    middleTier,
    todoApi,
    complaints,
    processes,
    stop: async () => {
      await Promise.all(Object.values(processes).map(({ stop }) => stop()))
      await emulator.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}
