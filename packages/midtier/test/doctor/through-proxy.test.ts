// Whom the doctor asks on its own account it asks the way that the API would: through the proxy that the options name.
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signIn } from '../../src/bin/sign-in.ts'
import { examine } from '../../src/doctor/examine.ts'
import { startConnectProxy, type ConnectProxy } from '../behaviour/connect-proxy.ts'
import { ids } from '../behaviour/scenario.ts'
import { graphToken, runtime, soundOptions } from './sound-set-up.ts'

let emulator: Emulator
let proxy: ConnectProxy

beforeAll(async () => {
  emulator = await createEmulator()
  proxy = await startConnectProxy()
})
afterAll(() => Promise.all([emulator.stop(), proxy.stop()]))

const options = () => ({ ...soundOptions(emulator), proxy: `http://127.0.0.1:${proxy.port}` })
const wasAsked = (path: string): boolean => proxy.asked.some((each) => each.includes(path))

it('Microsoft Graph', async () => {
  const findings = await examine(options(), { runtime, graphToken: await graphToken(emulator) })
  expect(findings.find(({ check }) => check === 'app_id_uri')?.verdict).toBe('passed')
  expect(wasAsked('/v1.0/applications')).toBe(true)
})

it('the authority, for a sign-in', async () => {
  const signing = signIn(options(), ids.webClient, [], () => undefined)
  await expect(signing).rejects.toThrow('the sign-in was refused') // it is no public client
  expect(wasAsked('/oauth2/v2.0/devicecode')).toBe(true)
})
