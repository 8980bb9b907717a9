// A secret or certificate is replaced while callers come: added at the authority, handed to the process, the old one removed. None of them fails.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Application, Emulator } from '@midtier/emulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientCertificateFile, clientSecret, firstOf, type ClientCredential } from '../../src/index.ts'
import { readTextFile } from '../../src/client-auth/read-text-file.node.ts'
import { createCertificate } from '../client-auth/certificates.ts'
import { ids, startScenario, type Scenario } from './scenario.ts'

const old = 'the-secret-of-the-spring-of-2026'
const next = 'the-secret-of-the-autumn-of-2026'
const [oldCertificate, nextCertificate] = [createCertificate('old'), createCertificate('next')]

let folder: string
let scenario: Scenario

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'midtier-rotation-'))
})
afterEach(async () => {
  await scenario.stop()
  rmSync(folder, { recursive: true })
})

/** In one step, as a vault or Kubernetes does it: nobody reads half a file. */
function put(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
  return path
}

/** What the portal does: these credentials, and no others. */
function register(emulator: Emulator, credentials: Pick<Application, 'secrets' | 'certificates'>): void {
  const data = emulator.directory.toData()
  const applications = data.applications.map((application) => {
    const { secrets = [], certificates = [] } = credentials
    return application.id === ids.middleTier ? { ...application, secrets, certificates } : application
  })
  emulator.directory.replace({ ...data, applications })
}

async function start(
  clientCredential: ClientCredential,
  credentials: Pick<Application, 'secrets' | 'certificates'>,
): Promise<void> {
  scenario = await startScenario({ clientCredential })
  register(scenario.emulator, credentials)
}

/** Callers that nobody knows yet, all at once: each takes an exchange. */
async function callers(): Promise<readonly number[]> {
  const answers = await Promise.all(
    [1, 2, 3, 4].map(async () => (await scenario.get('/whoami', await scenario.token())).status),
  )
  return answers
}

const allServed = [200, 200, 200, 200]

/** How often the token endpoint refused the credential. */
const refusals = (): number =>
  scenario.events.filter((event) => event.type === 'token_requested' && event.error === 'invalid_client')
    .length

describe('secrets', () => {
  it('of which the process has both: the second has its turn when the first is removed', async () => {
    await start(firstOf([clientSecret(old), clientSecret(next)]), { secrets: [{ value: old }] })
    expect(await callers()).toEqual(allServed)
    register(scenario.emulator, { secrets: [{ value: old }, { value: next }] })
    expect(await callers()).toEqual(allServed)
    expect(refusals()).toBe(0)
    register(scenario.emulator, { secrets: [{ value: next }] })
    expect(await callers()).toEqual(allServed)
    const until = refusals()
    expect(until).toBeGreaterThan(0)
    expect(await callers()).toEqual(allServed)
    expect(refusals()).toBe(until)
  })

  it('in a file: the new one is read when the old one is refused', async () => {
    const path = put('client-secret', `${old}\n`)
    const secretFile = firstOf([async () => clientSecret((await readTextFile(path)).trim())])
    await start(secretFile, { secrets: [{ value: old }] })
    expect(await callers()).toEqual(allServed)
    register(scenario.emulator, { secrets: [{ value: old }, { value: next }] })
    expect(await callers()).toEqual(allServed)
    put('client-secret', `${next}\n`)
    expect(await callers()).toEqual(allServed)
    expect(refusals()).toBe(0)
    register(scenario.emulator, { secrets: [{ value: next }] })
    expect(await callers()).toEqual(allServed)
    const until = refusals()
    expect(until).toBeGreaterThan(0)
    expect(await callers()).toEqual(allServed)
    expect(refusals()).toBe(until)
  })

  it('that were removed before the process had the new one: its callers fail, and the first after the file do not', async () => {
    const path = put('client-secret', old)
    await start(firstOf([async () => clientSecret((await readTextFile(path)).trim())]), {
      secrets: [{ value: old }],
    })
    register(scenario.emulator, { secrets: [{ value: next }] })
    expect(await callers()).toEqual([500, 500, 500, 500])
    put('client-secret', next)
    expect(await callers()).toEqual(allServed)
  })
})

describe('certificates', () => {
  it('in a file: the new one signs when the old one is refused', async () => {
    const path = put('certificate.pem', oldCertificate.pem + oldCertificate.keyPem)
    await start(clientCertificateFile({ path, readFile: readTextFile }), {
      certificates: [oldCertificate.pem],
    })
    expect(await callers()).toEqual(allServed)
    register(scenario.emulator, { certificates: [oldCertificate.pem, nextCertificate.pem] })
    put('certificate.pem', nextCertificate.pem + nextCertificate.keyPem)
    expect(await callers()).toEqual(allServed)
    expect(refusals()).toBe(0)
    register(scenario.emulator, { certificates: [nextCertificate.pem] })
    expect(await callers()).toEqual(allServed)
    const until = refusals()
    expect(until).toBeGreaterThan(0)
    expect(await callers()).toEqual(allServed)
    expect(refusals()).toBe(until)
  })

  it('in a file: the new one is taken up within five minutes, without a refusal', async () => {
    const path = put('certificate.pem', oldCertificate.pem + oldCertificate.keyPem)
    await start(clientCertificateFile({ path, readFile: readTextFile }), {
      certificates: [oldCertificate.pem, nextCertificate.pem],
    })
    expect(await callers()).toEqual(allServed)
    put('certificate.pem', nextCertificate.pem + nextCertificate.keyPem)
    scenario.emulator.clock.advance(300)
    expect(await callers()).toEqual(allServed)
    register(scenario.emulator, { certificates: [nextCertificate.pem] })
    expect(await callers()).toEqual(allServed)
    expect(refusals()).toBe(0)
  })
})
