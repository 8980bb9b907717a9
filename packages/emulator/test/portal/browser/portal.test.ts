// The portal in a real browser: an application is registered by keyboard and mouse and signs somebody in, and every page can be used by everybody.
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type DirectoryData, type Emulator } from '../../../src/index.ts'
import { portalRoutes } from '../../../src/portal/routes.ts'
import { authorizeUrl, claimsOf, contoso } from '../../scenario.ts'
import { expectGoodPage, launchChromium, violationsOf } from './real-browser.ts'

let emulator: Emulator
let browser: Browser
let context: BrowserContext
let page: Page
beforeAll(async () => {
  emulator = await createEmulator()
  browser = await launchChromium()
  context = await browser.newContext({ viewport: { width: 1280, height: 860 } })
  page = await context.newPage()
})
afterAll(async () => {
  await browser.close()
  await emulator.stop()
})

const field = (name: string) => page.getByRole('textbox', { name, exact: true })
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

describe('an application', () => {
  const redirectUri = 'http://localhost:3999/signed-in'

  it('is registered with a redirect URI, a scope and a secret, and signs somebody in', async () => {
    await page.goto(emulator.origin)
    await page.getByRole('link', { name: 'App registrations' }).click()
    await page.getByText('Add an app registration').click()
    await field('Name').fill('Night shift')
    await press('Add')
    await page.getByRole('heading', { name: 'Night shift' }).waitFor()
    const clientId = new URL(page.url()).pathname.split('/').at(-1) ?? ''

    await page.getByRole('link', { name: 'Authentication' }).click()
    await field('Redirect URIs: Web').fill(redirectUri)
    await press('Save')
    await page.getByRole('link', { name: 'Expose an API' }).click()
    await field('Application ID URIs').fill(`api://${clientId}`)
    await press('Save')
    await field('Name of the scope').fill('shifts.read')
    await press('Add a scope')
    await page.getByRole('link', { name: 'Secrets and certificates' }).click()
    await press('Add a secret')
    const secret = await page.locator('.value code').innerText()

    // Everything else that a client needs is what the portal says of it.
    await page.getByRole('link', { name: 'Client settings' }).click()
    await page.getByRole('link', { name: 'Night shift' }).click()
    await page.getByRole('list', { name: 'Libraries' }).getByRole('link', { name: 'openid-client' }).click()
    const settings = await page.locator('.snippet code').innerText()
    expect(settings).toContain(clientId)
    const issuer = /new URL\('([^']+)'\)/.exec(settings)?.[1] ?? ''
    const configuration = await fetch(`${issuer}/.well-known/openid-configuration`)
    const endpoints = (await configuration.json()) as Record<
      'authorization_endpoint' | 'token_endpoint',
      string
    >

    const verifier = randomBytes(32).toString('base64url')
    const parameters = {
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: `${clientId}/shifts.read openid`,
    }
    const code = await signInAt(endpoints.authorization_endpoint, {
      ...parameters,
      response_type: 'code',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    const redeemed = await fetch(endpoints.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        ...parameters,
        ...{ grant_type: 'authorization_code', client_secret: secret, code, code_verifier: verifier },
      }),
    })
    const body = (await redeemed.json()) as { readonly access_token: string }
    expect(claimsOf(body.access_token)).toMatchObject({ scp: 'shifts.read' })
  })

  it('is followed from the sign-in to the token in the log', async () => {
    await page.goto(`${emulator.origin}/_emulator/log`)
    await page.getByRole('link', { name: /^Code redeemed → Night shift/ }).click()
    await page.locator('.tabs').getByRole('link', { name: 'Chain' }).click()
    await page.locator('.story-title').nth(3).waitFor()
    expect(await page.locator('.lane-name').allInnerTexts()).toEqual(['Browser', 'Night shift', 'Authority'])
    expect(await page.locator('.story-title').allInnerTexts()).toEqual([
      expect.stringContaining('Authorize'),
      expect.stringContaining('Name and password'),
      expect.stringContaining('Consent'),
      expect.stringContaining('Code redeemed → Night shift'),
    ])
    expect(await page.locator('.hop .ticket').allInnerTexts()).toEqual([expect.stringMatching(/1$/)])
  })

  async function signInAt(endpoint: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    await context.route(`${redirectUri}**`, (route) => route.fulfill({ body: 'signed in' }))
    await page.goto(`${endpoint}?${new URLSearchParams(parameters).toString()}`)
    await page.getByRole('button', { name: 'Alice Adams' }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.waitForURL(`${redirectUri}**`)
    return new URL(page.url()).searchParams.get('code') ?? ''
  }
})

describe('a fault that was left on', () => {
  it('is marked on the pages of the sign-in, named, and ended from there', async () => {
    await page.goto(`${emulator.origin}/portal/faults`)
    await field('Only the next').fill('3')
    await press('Add')
    await page.goto(authorizeUrl(emulator, { prompt: 'login' }))
    const mark = page.getByRole('complementary', { name: 'Not normal' })
    expect(await mark.innerText()).toContain('Token requests are answered 503, only the next 3')
    await press('Reset to normal')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await mark.count()).toBe(0)
    expect(emulator.faults.list()).toEqual([])
  })
})

describe('the export', () => {
  it('starts another emulator with the same directory', async () => {
    await page.goto(`${emulator.origin}/portal/export`)
    const started = page.waitForEvent('download')
    await press('Save as JSON')
    const download = await started
    expect(download.suggestedFilename()).toBe('directory.json')
    const directory = JSON.parse(await readFile(await download.path(), 'utf8')) as DirectoryData
    const again = await createEmulator({ directory })
    const names = ({ directory: { applications } }: Emulator) =>
      applications.map(({ displayName }) => displayName)
    expect(names(again).sort()).toEqual([...names(emulator)].sort())
    expect(names(again)).toContain('Night shift')
    await again.stop()
  })
})

describe('the rail', () => {
  it('is opened, walked through and closed by keyboard on a telephone', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(`${emulator.origin}/portal/clock`)
    const link = page.getByRole('link', { name: 'Users' })
    expect(await link.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Menu' }).focus()
    await page.keyboard.press('Enter')
    expect(await link.isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await link.isVisible()).toBe(false)
    await page.keyboard.press('Enter')
    await link.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Users' }).waitFor()
    await page.setViewportSize({ width: 1280, height: 860 })
  })
})

describe('every page', () => {
  // One page a test: on a busy machine all of them take minutes.
  let checked: BrowserContext
  let watched: Page
  beforeAll(async () => {
    emulator.clock.advance(3600)
    emulator.faults.add({ when: { user: 'somebody@contoso.onmicrosoft.com' }, then: { status: 503 } })
    checked = await browser.newContext({ viewport: { width: 1280, height: 860 }, bypassCSP: true })
    watched = await checked.newPage()
  })
  afterAll(async () => {
    await checked.close()
    emulator.faults.clear()
    emulator.clock.reset()
  })

  const pathOf = (pattern: string): string => {
    const id = pattern.includes('tenants')
      ? contoso
      : pattern.includes('users')
        ? (emulator.directory.users[0]?.id ?? '')
        : pattern.includes('agents')
          ? (emulator.directory.agentIdentities[0]?.id ?? '')
          : 'a0000000-0000-4000-8000-000000000002'
    return pattern.replace(':id', id)
  }
  const own = portalRoutes.flatMap(([methods, path]) => (methods === 'GET' ? [path] : []))

  it.each<[name: string, url: () => string]>([
    ...own.map((path): [string, () => string] => [path, () => emulator.origin + pathOf(path)]),
    [
      'the error of an unknown redirect URI',
      () => authorizeUrl(emulator, { redirect_uri: 'http://localhost:3000/callback' }),
    ],
    ['the error of an unknown tenant', () => authorizeUrl(emulator, {}, 'nowhere.example')],
    ['the help for an error', () => `${emulator.origin}/error?code=50011`],
  ])('has nothing for axe in light and dark, at 320 px and zoomed in, on a bad day: %s', async (_, url) => {
    await watched.goto(url())
    await expectGoodPage(watched)
  })

  it('has nothing for axe in forced colours', async () => {
    await watched.emulateMedia({ forcedColors: 'active' })
    await watched.goto(`${emulator.origin}/portal/policies`)
    expect(await violationsOf(watched)).toEqual([])
  })
})
