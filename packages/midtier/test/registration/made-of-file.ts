// The emulator that was made of the solution's file, and what differs from the file in it.
import { createEmulator, defaultDirectory, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { compareRegistrations, type Difference } from '../../src/registration/compare-registrations.ts'
import type { GraphAccess } from '../../src/registration/read-graph.ts'
import { emulatorDirectory } from '../../src/registration/registration.ts'
import { graphToken } from '../doctor/sound-set-up.ts'
import { solution } from './solution.ts'

export const secrets = { api: 'api-secret-for-local-use-only', nightly: 'nightly-secret-for-local-use-only' }

export type Json = Record<string, unknown>
export type Send = GraphAccess['fetch']
export type Expected = readonly [
  application: string,
  what: string,
  file: string | undefined,
  tenant: string | undefined,
]

export interface MadeOfFile {
  readonly emulator: Emulator
  diff(send?: Send): Promise<readonly Difference[]>
  rows(send?: Send): Promise<readonly Expected[]>
}

/** Starts it for the tests of a file; each test has it as the file says. */
export function startMadeOfFile(): MadeOfFile {
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await createEmulator({
      directory: emulatorDirectory(solution, { base: defaultDirectory, secrets }),
    })
  })
  afterAll(() => emulator.stop())
  beforeEach(() => emulator.reset())
  const diff = async (send: Send = fetch): Promise<readonly Difference[]> =>
    compareRegistrations(solution, {
      url: `${emulator.origin}/v1.0/`,
      token: await graphToken(emulator),
      fetch: send,
    })
  return {
    get emulator() {
      return emulator
    },
    diff,
    rows: async (send) =>
      (await diff(send)).map(({ application, what, file, tenant }) => [application, what, file, tenant]),
  }
}
