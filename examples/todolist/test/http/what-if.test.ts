// The switches of the page: its own page may use them, and no other page on this machine.
import { createEmulator, type Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyIds } from '../../registrations.ts'
import { compiledFile } from '../../scenario/compiled-file.ts'
import { startTogether, type Together } from '../../scenario/start-together.ts'
import { wantedPorts } from '../wanted-ports.ts'

let emulator: Emulator
let page: Together<'client'>
let origin: string
beforeAll(async () => {
  emulator = await createEmulator()
  page = await startTogether({
    wanted: { client: wantedPorts().client },
    build: ({ client }) => ({
      client: {
        title: 'Web page',
        healthPath: '/health',
        entry: compiledFile('client/server.js'),
        environment: { PORT: String(client), INSTANCE: `${emulator.origin}/` },
      },
    }),
  })
  origin = page.urls.client
})
afterAll(async () => {
  await page.stop()
  await emulator.stop()
})

async function wish(body: unknown, headers: Readonly<Record<string, string>> = { origin }): Promise<number> {
  const response = await fetch(`${origin}/what-if`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return response.status
}

const isOn = (): boolean | undefined => emulator.policies.find(policyIds.mfa)?.enabled

describe('POST /what-if', () => {
  it('switches a policy for its own page', async () => {
    expect(await wish({ what: 'mfa', on: true })).toBe(204)
    expect(isOn()).toBe(true)
    expect(await wish({ what: 'mfa', on: false })).toBe(204)
    expect(isOn()).toBe(false)
  })

  it.each([
    ['a page of another origin', { origin: 'http://evil.test' }],
    ['a page of another port', { origin: 'http://localhost:1' }],
    ['a request that does not say where it is from', {}],
  ])('refuses %s', async (_who, headers) => {
    expect(await wish({ what: 'mfa', on: true }, headers)).toBe(403)
    expect(isOn()).toBe(false)
  })

  it.each([
    ['an unknown wish', { what: 'everything' }],
    ['a switch without a position', { what: 'mfa' }],
    ['a tenant that it does not know', { what: 'take-back-consent', tenantId: '../policies' }],
    ['no object', 'mfa'],
  ])('refuses %s', async (_what, body) => {
    expect(await wish(body)).toBe(400)
  })

  it('says so when the emulator refuses', async () => {
    expect(await wish({ what: 'revoke-sessions', username: '../policies' })).toBe(502)
    expect(emulator.policies.list().length).toBeGreaterThan(0)
  })
})
