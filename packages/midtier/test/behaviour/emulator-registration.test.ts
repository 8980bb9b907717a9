// What the emulator says of an application, taken by createWebApi as it is: checked by the compiler, and by use.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEmulator, type Emulator } from '@midtier/emulator'
import { createWebApi, type Caller, type WebApi, type WebApiOptions } from 'midtier'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const middleTier = 'a0000000-0000-4000-8000-000000000002'
const todoScope = 'api://a0000000-0000-4000-8000-000000000003/.default'
const secret = 'middle-tier-secret-for-local-use-only'
const artifacts = fileURLToPath(new URL('../../../../artifacts/', import.meta.url))

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

async function authenticate(api: WebApi): Promise<Caller> {
  const token = await emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: middleTier,
    scopes: ['access_as_user'],
  })
  const header = (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined
  return api.authenticate({ header, method: 'GET', url: '/' })
}

function audienceOf(token: string): unknown {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    aud: unknown
  }
  return claims.aud
}

async function exchange(api: WebApi): Promise<unknown> {
  return audienceOf((await (await authenticate(api)).acquireToken({ scopes: [todoScope] })).accessToken)
}

describe('a registration of the emulator', () => {
  it('is all that createWebApi needs', async () => {
    const options: WebApiOptions = emulator.registration(middleTier)
    const api = createWebApi(options)
    expect(await exchange(api)).toBe('a0000000-0000-4000-8000-000000000003')
    await api.close()
  })

  it('has a clock that goes with that of the emulator', async () => {
    const api = createWebApi({ ...emulator.registration(middleTier) })
    emulator.clock.advance(24 * 3600)
    const token = await exchange(api) // issued a day from now: any other clock refuses it
    emulator.clock.advance(-24 * 3600)
    await api.close()
    expect(token).toBe('a0000000-0000-4000-8000-000000000003')
  })

  it('has no credential where the application holds none, and shows none where it does', () => {
    expect(emulator.registration('To Do list web client')).not.toHaveProperty('clientCredential')
    expect(JSON.stringify(emulator.registration(middleTier))).not.toContain(secret)
  })

  it('is refused for an application that is not there', () => {
    expect(() => emulator.registration('nobody')).toThrow('application: "nobody" is none; there are')
  })
})

it('the settings that are printed for midtier are a web API that validates and exchanges', async () => {
  const answer = await fetch(`${emulator.origin}/_emulator/settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client: 'midtier', application: middleTier }),
  })
  const { settings } = (await answer.json()) as { settings: string }
  await mkdir(artifacts, { recursive: true })
  const folder = await mkdtemp(join(artifacts, 'settings-'))
  await writeFile(join(folder, 'api.ts'), settings)
  const { api } = (await import(join(folder, 'api.ts'))) as { readonly api: WebApi }
  await rm(folder, { recursive: true })
  expect(await exchange(api)).toBe('a0000000-0000-4000-8000-000000000003')
  await api.close()
})
