// Brings up the whole scenario as four processes on this machine, and keeps it up until it is told to stop.
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defaultDirectory } from '@midtier/emulator'
import { buildPrograms } from './programs.ts'
import { defaultPorts, findPorts, processNames, type Ports, type ProcessName } from './ports.ts'
import { supervise, type Supervised, type SupervisorEvents } from './supervise.ts'
import { waitUntilHealthy } from './wait-until-healthy.ts'

/** Options of {@link startScenario}. */
export interface ScenarioOptions {
  /** Where the emulator's keys and PGlite's files are kept. Made when missing. */
  readonly stateDirectory: string
  /** Wanted ports; the next free one is used when one is taken. Default: client 3000, middle tier 5001, To Do API 5002, emulator 8484. */
  readonly ports?: Partial<Ports>
  /** A PostgreSQL server for the tasks. Default: PGlite, inside the To Do API's process. */
  readonly databaseUrl?: string
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
  /** Waits until a process answers. @throws Error after a minute. */
  readonly untilHealthy: (name: ProcessName) => Promise<void>
  /** Ends every process. */
  readonly stop: () => Promise<void>
}

/** Starts the scenario. @throws Error naming the process that could not be started; nothing is left running then. */
export async function startScenario(options: ScenarioOptions): Promise<Scenario> {
  const progress = options.onProgress ?? ((): void => undefined)
  const stateDirectory = resolve(options.stateDirectory)
  await mkdir(stateDirectory, { recursive: true })
  const ports = await findPorts({ ...defaultPorts, ...options.ports }, (port, instead) =>
    progress(`Port ${port} is taken by another program; using ${instead} instead`),
  )
  const programs = buildPrograms({ ports, stateDirectory, databaseUrl: options.databaseUrl })
  const urls = Object.fromEntries(
    processNames.map((name) => [name, `http://localhost:${ports[name]}`]),
  ) as Scenario['urls']
  const running = new Map<ProcessName, Supervised>()
  const stop = async (): Promise<void> => {
    // The page first, the authority last: nobody is left asking somebody who has gone.
    for (const name of [...processNames].reverse()) await running.get(name)?.stop()
  }

  const untilHealthy = (name: ProcessName, signal?: AbortSignal): Promise<void> =>
    waitUntilHealthy(urls[name] + healthPaths[name], signal)

  const start = async (name: ProcessName): Promise<void> => {
    const failure = new AbortController()
    const { title } = programs[name]
    const events: SupervisorEvents = {
      died: (how) => {
        progress(`${title} ${how}; starting it again`)
        untilHealthy(name, failure.signal).then(
          () => progress(`${title} is back`),
          () => progress(`${title} does not come back`),
        )
      },
      complained: (line) => progress(`  ${title}: ${line}`),
      gaveUp: (error) => {
        failure.abort(error)
        options.onFailure?.(error)
      },
    }
    progress(`Starting ${title} …`)
    running.set(name, supervise(programs[name], events))
    await untilHealthy(
      name,
      AbortSignal.any([failure.signal, ...(options.signal === undefined ? [] : [options.signal])]),
    )
    progress(`${title} is ready at ${urls[name]}`)
  }

  try {
    await Promise.all(processNames.map(start))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    urls,
    accounts: defaultDirectory.users.map(({ displayName, username, password }) => ({
      displayName,
      username,
      password,
    })),
    pid: (name) => running.get(name)?.pid(),
    untilHealthy: (name) => untilHealthy(name),
    stop,
  }
}

const healthPaths: Readonly<Record<ProcessName, string>> = {
  emulator: '/_emulator/health',
  todoApi: '/health',
  middleTier: '/health',
  client: '/health',
}
