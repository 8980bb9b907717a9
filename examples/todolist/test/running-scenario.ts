// Starts the compiled scenario in a directory of its own, and takes both away again.
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiledFile } from '../scenario/compiled-file.ts'
import type { ProcessName } from '../scenario/ports.ts'
import { startScenario, type Scenario, type ScenarioOptions } from '../scenario/scenario.ts'
import { wantedPorts } from './wanted-ports.ts'

/** A scenario with what it said. */
export interface RunningScenario extends Scenario {
  /** Every line of progress so far. */
  readonly lines: readonly string[]
  /** Ends a process as a crash would, and waits until it has come back. */
  readonly crash: (name: ProcessName) => Promise<void>
}

/** Starts it. */
export async function startRunningScenario(
  options: Pick<ScenarioOptions, 'middleTier' | 'tracesUrl'> = {},
): Promise<RunningScenario> {
  if (!existsSync(compiledFile('start.js')))
    throw new Error('The example is not compiled: run `npm run build` first')
  const stateDirectory = await mkdtemp(join(tmpdir(), 'todolist-'))
  const lines: string[] = []
  const scenario = await startScenario({
    ...options,
    stateDirectory,
    ports: wantedPorts(),
    onProgress: (line) => lines.push(line),
  }).catch((error: unknown) => {
    throw new Error(lines.join('\n'), { cause: error })
  })
  return {
    ...scenario,
    lines,
    crash: async (name) => {
      const pid = scenario.pid(name)
      if (pid === undefined) throw new Error(`${name} is not running`)
      process.kill(pid, 'SIGKILL')
      await until(() => ![pid, undefined].includes(scenario.pid(name)))
      await scenario.untilHealthy(name)
    },
    stop: async () => {
      await scenario.stop()
      await rm(stateDirectory, { recursive: true, force: true })
    },
  }
}

/** Waits for a condition; the test's own time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}
