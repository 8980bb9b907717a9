import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, PortInUseError, type Emulator } from '../src/index.ts'
import { createBrowser } from './browser.ts'
import { createEmulatorOnKeptPort } from './kept-port.ts'
import {
  accessAsUser,
  authorizeUrl,
  bob,
  contoso,
  onBehalfOf,
  postToken,
  redeem,
  signIn,
  webClient,
} from './scenario.ts'

let stateDirectory: string
let emulator: Emulator
beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
  emulator = await createEmulatorOnKeptPort({ stateDirectory })
})
afterEach(async () => {
  await emulator.stop()
  await rm(stateDirectory, { recursive: true })
})

async function restart(): Promise<void> {
  const { origin } = emulator
  await emulator.stop()
  emulator = await createEmulator({ stateDirectory, port: Number(new URL(origin).port) })
}

describe('a restart with the same state directory', () => {
  it('keeps tokens, refresh tokens, codes, sessions and consents', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await signIn(browser, authorizeUrl(emulator), { username: bob })
    const { body } = await redeem(emulator, page.location!.searchParams.get('code')!)
    const again = await browser.open(authorizeUrl(emulator))
    await restart()
    expect((await postToken(emulator, onBehalfOf(body['access_token'] as string))).status).toBe(200)
    const refresh = {
      grant_type: 'refresh_token',
      client_id: webClient,
      refresh_token: body['refresh_token'] as string,
      scope: accessAsUser,
    }
    expect(
      (await postToken(emulator, refresh, { headers: { origin: 'http://localhost:3000' } })).status,
    ).toBe(200)
    expect((await redeem(emulator, again.location!.searchParams.get('code')!)).status).toBe(200)
    const silent = await browser.open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(silent.location?.searchParams.get('code')).toBeTruthy()
  })

  it('lets a sign-in that was under way be finished', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.open(authorizeUrl(emulator))
    await restart()
    const next = await browser.submit(page, { username: bob, password: 'Passw0rd!' })
    expect(next.html).toContain('access_as_user')
  })

  it('keeps a revoked consent revoked and a rotated key published', async () => {
    const clientId = 'a0000000-0000-4000-8000-000000000002'
    expect(await emulator.directory.consents.revoke({ tenantId: contoso, clientId })).toBe(2)
    const kid = await emulator.keys.rotate()
    await restart()
    expect(emulator.directory.consents.knows(contoso, clientId)).toBe(false)
    expect(emulator.keys.current.kid).toBe(kid)
    expect(emulator.keys.list()).toHaveLength(3)
  })

  it('leaves files that only their owner can read', async () => {
    const { mode } = await stat(join(stateDirectory, 'signing-keys.json'))
    expect(mode & 0o077).toBe(0)
    expect(await readFile(join(stateDirectory, 'sealing-key.json'), 'utf8')).toMatch(/^[\w-]{43}$/)
  })
})

describe('a state directory that others could read', () => {
  it('is closed to them, and so is every document in it', async () => {
    await emulator.stop()
    await chmod(stateDirectory, 0o755)
    const names = await readdir(stateDirectory)
    expect(names).toContain('sealing-key.json')
    for (const name of names) await chmod(join(stateDirectory, name), 0o644)
    emulator = await createEmulator({ stateDirectory })
    expect((await stat(stateDirectory)).mode & 0o777).toBe(0o700)
    for (const name of names) expect((await stat(join(stateDirectory, name))).mode & 0o077).toBe(0)
  })

  it('is not used when everybody shares it', async () => {
    const shared = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
    await chmod(shared, 0o1777)
    await expect(createEmulator({ stateDirectory: shared })).rejects.toThrow('name a directory of its own')
    expect((await stat(shared)).mode & 0o1777).toBe(0o1777)
    await rm(shared, { recursive: true })
  })
})

describe('without the state', () => {
  it('nothing that another emulator sealed is accepted', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await signIn(browser, authorizeUrl(emulator), { username: bob })
    const stranger = await createEmulator()
    const { body } = await redeem(stranger, page.location!.searchParams.get('code')!)
    const silent = await createBrowser(stranger.origin, browser.cookies).open(
      authorizeUrl(stranger, { prompt: 'none' }),
    )
    await stranger.stop()
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [9002313] })
    expect(silent.location?.searchParams.get('error')).toBe('login_required')
  })
})

it('says so when its port is taken', async () => {
  const port = Number(new URL(emulator.origin).port)
  await expect(createEmulator({ port })).rejects.toBeInstanceOf(PortInUseError)
  await expect(createEmulator({ port })).rejects.toThrow(`port: port ${String(port)} of 127.0.0.1 is in use`)
})
