// For tests: an emulator that starts before them, is as new after each of them, and stops after the last.
import { createEmulator, type Emulator } from '../emulator/emulator.ts'
import type { EmulatorOptions } from '../emulator/options.ts'

/** The hooks of a test runner, as vitest and jest call them; node:test calls them `before`, `afterEach` and `after`. */
export interface TestHooks {
  beforeAll(run: () => Promise<void>): unknown
  afterEach(run: () => Promise<void>): unknown
  afterAll(run: () => Promise<void>): unknown
}

/**
 * Starts an emulator for the tests of a file, and resets it after each. Gives a function that gives the emulator, once the tests run.
 * @throws {Error} from that function, when it is called before the tests run
 * @example
 * ```ts
 * import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
 *
 * const emulator = useEmulator({ beforeAll, afterEach, afterAll })
 * it('has a clock', () => {
 *   expect(emulator().clock.now()).toBeGreaterThan(0)
 * })
 * ```
 */
export function useEmulator(hooks: TestHooks, options: EmulatorOptions = {}): () => Emulator {
  let running: Emulator | undefined
  hooks.beforeAll(async () => {
    running = await createEmulator(options)
  })
  hooks.afterEach(async () => {
    await running?.reset()
  })
  hooks.afterAll(async () => {
    await running?.stop()
  })
  return () => {
    if (running !== undefined) return running
    throw new Error('the emulator has not started: ask for it inside a test or a hook')
  }
}
