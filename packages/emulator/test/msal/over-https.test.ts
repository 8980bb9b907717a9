// Unmodified @azure/msal-node over https, trusting the emulator's CA.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { alice, claimsOf, contoso, middleTier, middleTierSecret, todoApi, webClient } from '../scenario.ts'

const script = fileURLToPath(new URL('over-https-client.mjs', import.meta.url))

let emulator: Emulator
let directory: string
beforeAll(async () => {
  emulator = await createEmulator({ httpsPort: 0 })
  directory = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
  await writeFile(join(directory, 'ca.pem'), emulator.caCertificate!)
})
afterAll(async () => {
  await emulator.stop()
  await rm(directory, { recursive: true })
})

async function run(env: NodeJS.ProcessEnv): Promise<string> {
  const assertion = await emulator.mint({
    user: alice,
    client: webClient,
    audience: middleTier,
    scopes: ['access_as_user'],
  })
  const scope = `api://${todoApi}/Tasks.ReadWrite`
  const input = {
    origin: emulator.httpsOrigin,
    tenant: contoso,
    clientId: middleTier,
    clientSecret: middleTierSecret,
    assertion,
    scope,
  }
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(input)], {
    env: { ...process.env, ...env },
  })
  return stdout
}

it('discovers, exchanges and caches over https', async () => {
  const result = JSON.parse(await run({ NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') })) as Record<
    string,
    string
  >
  expect(claimsOf(result['forUser']!)).toMatchObject({
    aud: todoApi,
    scp: 'Tasks.ReadWrite',
    iss: `${emulator.httpsOrigin!}/${contoso}/v2.0`,
  })
  expect(claimsOf(result['appOnly']!)['azp']).toBe(middleTier)
  expect(result['fromCache']).toBe(true)
})

it('is refused by a client that does not trust the CA', async () => {
  await expect(run({ NODE_EXTRA_CA_CERTS: '' })).rejects.toThrow(/endpoints_resolution_error/)
})
