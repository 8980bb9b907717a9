// What needs a browser that is one: frames that tell applications of the end of a session, and the pages of the device code.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../../src/index.ts'
import { begin, poll } from '../../device.ts'
import { expectGoodPage, launchChromium } from '../../portal/browser/real-browser.ts'
import { authorizeUrl, claimsOf, contoso } from '../../scenario.ts'

const portal = 'a0000000-0000-4000-8000-0000000000e1'

let emulator: Emulator
let browser: Browser
let site: Server
let origin: string
const asked: URL[] = []

beforeAll(async () => {
  site = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', origin))
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Portal</title>')
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  origin = `http://localhost:${String((site.address() as AddressInfo).port)}`
  const application = {
    ...{ id: portal, displayName: 'Portal', tenantId: contoso },
    redirectUris: { web: [`${origin}/callback`] },
    frontChannelLogoutUrl: `${origin}/signed-out`,
  }
  const applications = [...defaultDirectory.applications, application]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
  browser = await launchChromium()
})
afterAll(async () => {
  site.close()
  await Promise.all([browser.close(), emulator.stop()])
})

let page: Page
beforeEach(async () => {
  asked.length = 0
  page = await browser.newPage()
})
afterEach(() => page.close())

/** Signs in to the portal; gives the session's name. Consent is asked for once. */
async function signIn({ mayAsk = false } = {}): Promise<string> {
  const request = { client_id: portal, redirect_uri: `${origin}/callback`, scope: 'openid profile' }
  await page.goto(authorizeUrl(emulator, request))
  await page.getByRole('button', { name: 'Alice Adams' }).click()
  if (mayAsk) await page.getByRole('button', { name: 'Accept' }).click()
  await page.waitForURL(`${origin}/callback**`)
  return new URL(page.url()).searchParams.get('session_state') ?? ''
}

/** Waits for the focus: a page that has loaded gives it with its first frame, and keys before that go nowhere. */
const focusOn = (part: Locator): Promise<void> => part.and(page.locator(':focus')).waitFor()

const logoutUrl = (parameters: Record<string, string> = {}): string =>
  `${emulator.origin}/${contoso}/oauth2/v2.0/logout?${new URLSearchParams(parameters).toString()}`

const told = (): readonly URL[] => asked.filter(({ pathname }) => pathname === '/signed-out')

describe('the end of a session', () => {
  it('reaches the application in its frame before the browser is led back', async () => {
    const sid = await signIn({ mayAsk: true })
    expect(sid).not.toBe('')
    asked.length = 0
    await page.goto(logoutUrl({ post_logout_redirect_uri: `${origin}/callback`, state: 'the-state' }))
    await page.waitForURL(`${origin}/callback?state=the-state`)
    const paths = asked.map(({ pathname }) => pathname).filter((path) => path !== '/favicon.ico')
    expect(paths).toEqual(['/signed-out', '/callback'])
    expect(Object.fromEntries(told()[0]?.searchParams ?? [])).toEqual({
      sid,
      iss: `${emulator.origin}/${contoso}/v2.0`,
    })
  })

  it('reaches it once, and says so on a page that shows no frame', async () => {
    await signIn()
    await page.goto(logoutUrl())
    await page.getByRole('heading', { name: 'You’re signed out' }).waitFor()
    expect(told()).toHaveLength(1)
    expect(await page.locator('iframe').isVisible()).toBe(false)
    await page.reload()
    await page.getByRole('heading', { name: 'You’re signed out' }).waitFor()
    expect(told()).toHaveLength(1)
  })
})

describe('the device code', () => {
  it('is typed as people type, confirmed, and gives the device its tokens', async () => {
    const { body } = await begin(emulator)
    const userCode = String(body['user_code'])
    await page.goto(`${emulator.origin}/devicelogin`)
    await focusOn(page.getByLabel('Code', { exact: true }))
    await page.keyboard.type(`${userCode.slice(0, 4)}-${userCode.slice(4)}`.toLowerCase())
    await page.keyboard.press('Enter')
    const question = page.getByRole('heading', {
      name: 'Are you trying to sign in to To Do list command line?',
    })
    await focusOn(question) // A stray Enter signs nobody in.
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Alice Adams' }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByText('You can close this window').waitFor()
    const tokens = await poll(emulator, String(body['device_code']))
    expect(claimsOf(String(tokens.body['access_token']))).toMatchObject({ scp: 'access_as_user' })
  })

  it('that is none is told on the page, which keeps what was typed', async () => {
    await page.goto(`${emulator.origin}/devicelogin`)
    await page.getByLabel('Code', { exact: true }).fill('NOSUCHONE')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Code', { exact: true }).inputValue()).toBe('NOSUCHONE')
  })

  it('has pages that axe finds nothing on and that fit a narrow window', async () => {
    const context = await browser.newContext({ bypassCSP: true })
    const good = await context.newPage()
    const { body } = await begin(emulator)
    await good.goto(`${emulator.origin}/devicelogin?otc=${String(body['user_code'])}`)
    await expectGoodPage(good)
    await good.getByRole('button', { name: 'Next' }).click()
    await good.getByRole('heading', { name: /Are you trying/ }).waitFor()
    await expectGoodPage(good)
    await context.close()
  })
})
