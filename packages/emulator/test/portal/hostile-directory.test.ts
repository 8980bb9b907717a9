// A directory as somebody hostile, or a generator, has made it: ten thousand applications, endless names, markup, and text that runs backwards.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { portalRoutes } from '../../src/portal/routes.ts'
import { contoso, postToken } from '../scenario.ts'
import { excessWidth, findViolations, startChromium } from './chromium.ts'
import { openPortal, type Portal } from './portal-browser.ts'

const backwards = '\u202egnihtyreve'
const markup = '"><img src=x onerror=alert(1)>'
const endless = (length: number): string => `${markup} ${backwards} ${'Wide'.repeat(1024)}`.slice(0, length)
const name = endless(256)
const id = (kind: string, index: number): string =>
  `${kind.repeat(8)}-0000-4000-8000-${String(index).padStart(12, '0')}`
const many = 10_000

let emulator: Emulator
let portal: Portal
let browser: Browser
beforeAll(async () => {
  const applications = Array.from({ length: many }, (_, index) => ({
    id: id('e', index),
    displayName: index < 60 ? name : `Application ${String(index)}`,
    tenantId: contoso,
    redirectUris: { web: [`http://localhost/${String(index)}`] },
    scopes: [{ value: 'read', description: endless(4096) }],
  }))
  const users = Array.from({ length: 60 }, (_, index) => ({
    id: id('d', index),
    tenantId: contoso,
    username: `user${String(index)}@contoso.onmicrosoft.com`,
    displayName: name,
    jobTitle: endless(4096),
    password: 'x',
  }))
  emulator = await createEmulator({
    directory: {
      ...defaultDirectory,
      tenants: [...defaultDirectory.tenants, { id: id('f', 1), displayName: name, domains: [endless(253)] }],
      users: [...users, ...defaultDirectory.users],
      applications: [...applications, ...defaultDirectory.applications],
      consents: applications.slice(0, 60).map((application) => ({
        tenantId: contoso,
        clientId: application.id,
        resourceId: applications[0]!.id,
        scopes: [endless(120)],
      })),
    },
  })
  for (let count = 0; count < 30; count += 1)
    emulator.policies.add({
      kind: 'block',
      name: `${endless(190)} ${String(count)}`,
      resource: id('e', count),
    })
  emulator.policies.add({ kind: 'block', name: 'last', resource: id('e', 1), enabled: true })
  for (let count = 0; count < 100; count += 1)
    emulator.faults.add({ when: { user: name, clientId: id('e', 0) }, then: { status: 500 } })
  await postToken(emulator, { grant_type: 'client_credentials', client_id: id('e', 0) })
  portal = openPortal(emulator)
  browser = await startChromium()
})
afterAll(async () => {
  await browser.close()
  await emulator.stop()
})

const addressOf = (pattern: string): string => {
  const kind = pattern.startsWith('/portal/tenants')
    ? id('f', 1)
    : pattern.startsWith('/portal/users')
      ? id('d', 0)
      : id('e', 0)
  return pattern.replace(
    ':id',
    pattern.startsWith('/portal/agents') ? (emulator.directory.agentIdentities[0]?.id ?? '') : kind,
  )
}
const paths = [
  ...portalRoutes.filter(([methods]) => methods === 'GET').map(([, path]) => path),
  '/_emulator/log',
]

describe.each(paths)('GET %s', (path) => {
  it('is a page of at most 100 KB', async () => {
    const { status, html } = await portal.open(addressOf(path))
    expect(status).toBe(200)
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000)
  })

  it('runs nothing of it', async () => {
    expect((await portal.open(addressOf(path))).html).not.toContain('<img')
  })
})

it('makes no page wider than the window, and leaves nothing for axe', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: true })
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 })
    for (const path of paths) {
      await page.goto(emulator.origin + addressOf(path))
      expect(await excessWidth(page), `${path} at ${String(width)}`).toBe(0)
    }
  }
  for (const path of ['/', '/portal/applications', '/portal/policies', '/_emulator/log']) {
    await page.goto(emulator.origin + path)
    expect(await findViolations(page), path).toEqual([])
  }
  await page.close()
})
