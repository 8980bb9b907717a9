// Brings up the whole scenario as four processes on this machine, and keeps it up until it is told to stop.
import { mkdir, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defaultDirectory } from '@midtier/emulator'
import { emulatorDirectory } from 'midtier/registration'
import registrations from '../registrations.ts'
import { buildPrograms, directoryFile, middleTiers, type MiddleTier } from './programs.ts'
import { defaultPorts, type Ports, type ProcessName } from './ports.ts'
import { startTogether } from './start-together.ts'

/** Options of {@link startScenario}. */
export interface ScenarioOptions {
  /** Where the emulator's keys and its directory, which is made of the registrations, and PGlite's files are kept. Made when missing. */
  readonly stateDirectory: string
  /** Wanted ports; the next free one is used when one is taken. Default: client 3000, middle tier 5001, To Do API 5002, emulator 8484. */
  readonly ports?: Partial<Ports>
  /** A PostgreSQL server for the tasks. Default: PGlite, inside the To Do API's process. */
  readonly databaseUrl?: string
  /** What the middle tier is written on. Default: Express. */
  readonly middleTier?: MiddleTier
  /** Where a collector takes traces, by OTLP over HTTP: `http://localhost:4318`. Default: none are recorded. */
  readonly tracesUrl?: string
  /** Told of each step, in one line. */
  readonly onProgress?: (line: string) => void
  /** Told when a process keeps dying: the scenario is then incomplete and should be stopped. */
  readonly onFailure?: (error: Error) => void
  /** Gives up starting; a scenario that is up is stopped with `stop`. */
  readonly signal?: AbortSignal
}

/** Someone to sign in as. */
export interface ScenarioAccount {
  readonly displayName: string
  readonly username: string
  readonly password: string
}

/** A running scenario. */
export interface Scenario {
  /** Where each process is reached. */
  readonly urls: Readonly<Record<ProcessName, string>>
  readonly accounts: readonly ScenarioAccount[]
  /** The process id of a process; `undefined` while it is being started again. */
  readonly pid: (name: ProcessName) => number | undefined
  /** Waits until a process answers. @throws Error when it does not. */
  readonly untilHealthy: (name: ProcessName) => Promise<void>
  /** Ends every process. */
  readonly stop: () => Promise<void>
}

/** Starts the scenario. @throws Error naming the process that could not be started; nothing is left running then. */
export async function startScenario(options: ScenarioOptions): Promise<Scenario> {
  const progress = options.onProgress ?? ((): void => undefined)
  const stateDirectory = resolve(options.stateDirectory)
  const { databaseUrl, middleTier = middleTiers[0], tracesUrl } = options
  await mkdir(stateDirectory, { recursive: true })
  const directory = emulatorDirectory(registrations, { base: defaultDirectory })
  await writeFile(directoryFile(stateDirectory), JSON.stringify(directory, null, 2))
  const scenario = await startTogether<ProcessName>({
    wanted: { ...defaultPorts, ...options.ports },
    build: (ports) => buildPrograms({ ports, stateDirectory, databaseUrl, middleTier, tracesUrl }),
    signal: options.signal,
    events: {
      taken: (port, instead) =>
        progress(`Port ${port} is taken by another program; using ${instead} instead`),
      starting: (title) => progress(`Starting ${title} …`),
      ready: (title, url) => progress(`${title} is ready at ${url}`),
      complained: (title, line) => progress(`  ${title}: ${line}`),
      died: (title, how) => progress(`${title} ${how}; starting it again`),
      back: (title, answers) => progress(`${title} ${answers ? 'is back' : 'does not come back'}`),
      gaveUp: (error) => options.onFailure?.(error),
    },
  })
  return {
    ...scenario,
    // An agent's user account has no password: nobody signs in as it.
    accounts: defaultDirectory.users.flatMap(({ displayName, username, password }) =>
      password === undefined ? [] : [{ displayName, username, password }],
    ),
  }
}
