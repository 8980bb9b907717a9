// @midtier/emulator/testing: for vitest, jest and node:test a function, for Playwright fixtures.
export { useEmulator, type TestHooks } from './use-emulator.ts'
export {
  emulatorFixtures,
  type EmulatorFixtures,
  type EmulatorTestFixtures,
  type EmulatorWorkerFixtures,
} from './emulator-fixtures.ts'
