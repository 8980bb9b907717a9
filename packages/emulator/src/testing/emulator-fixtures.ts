// For Playwright: one emulator for each worker, as new for each test.
import { createEmulator, type Emulator } from '../emulator/emulator.ts'
import type { EmulatorOptions } from '../emulator/options.ts'

/** What each test is given. */
export interface EmulatorTestFixtures {
  /** The emulator of the worker, reset after the test. */
  emulator: Emulator
}

/** What each worker has. */
export interface EmulatorWorkerFixtures {
  /** Options of the emulator: `use: { emulatorOptions: … }` in the configuration, or `test.use` at the top of a file. */
  emulatorOptions: EmulatorOptions
  workerEmulator: Emulator
}

/** Fixtures as `test.extend` of Playwright takes them. */
export interface EmulatorFixtures {
  emulatorOptions: [EmulatorOptions, { option: true; scope: 'worker' }]
  workerEmulator: [
    (
      given: Pick<EmulatorWorkerFixtures, 'emulatorOptions'>,
      use: (emulator: Emulator) => Promise<void>,
    ) => Promise<void>,
    { scope: 'worker' },
  ]
  emulator: (
    given: Pick<EmulatorWorkerFixtures, 'workerEmulator'>,
    use: (emulator: Emulator) => Promise<void>,
  ) => Promise<void>
}

/**
 * An emulator for each of Playwright's workers: `base.extend<EmulatorTestFixtures, EmulatorWorkerFixtures>(emulatorFixtures)`.
 * @example
 * ```ts
 * const { workerEmulator } = emulatorFixtures
 * ```
 */
export const emulatorFixtures: EmulatorFixtures = {
  emulatorOptions: [{}, { option: true, scope: 'worker' }],
  // Playwright reads from the parameter which fixtures are needed: they are named there.
  workerEmulator: [
    async ({ emulatorOptions }, use) => {
      const emulator = await createEmulator(emulatorOptions)
      await use(emulator)
      await emulator.stop()
    },
    { scope: 'worker' },
  ],
  emulator: async ({ workerEmulator }, use) => {
    await use(workerEmulator)
    await workerEmulator.reset()
  },
}
