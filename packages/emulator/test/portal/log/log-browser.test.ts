// The sign-in log in a browser: kept up to date, moved through by keys, cured from, and readable by everybody.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { contoso, onBehalfOf, postToken, signInToWebClient } from '../../scenario.ts'
import { excessWidth, findViolations, startChromium } from '../chromium.ts'

let emulator: Emulator
let accessToken: string
let browser: Browser
let page: Page
const problems: string[] = []
beforeAll(async () => {
  emulator = await createEmulator()
  browser = await startChromium()
})
afterAll(async () => {
  await browser.close()
  await emulator.stop()
})
beforeEach(async () => {
  emulator.requests.clear()
  emulator.policies.clear()
  accessToken = (await signInToWebClient(emulator)).body['access_token'] as string
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
})
afterEach(async () => {
  await page.context().close()
  expect(problems.splice(0)).toEqual([])
})

const open = async (path = ''): Promise<void> => {
  await page.goto(`${emulator.origin}/_emulator/log${path}`)
  await page.getByText('Live', { exact: true }).waitFor()
}
const refuse = async (): Promise<string> => {
  emulator.policies.add({ name: 'MFA', kind: 'require_mfa', resource: 'To Do API' })
  await postToken(emulator, onBehalfOf(accessToken))
  return emulator.requests.list().at(-1)!.id
}
const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '')

describe('the list', () => {
  it('is kept up to date without losing the focus', async () => {
    await open()
    await page.keyboard.press('ArrowDown')
    const before = await focused()
    expect(before).toContain('Authorize')
    await postToken(emulator, onBehalfOf(accessToken, { scope: 'User.Read' }))
    await page.getByRole('link', { name: 'On-behalf-of → Microsoft Graph' }).waitFor()
    expect(await focused()).toBe(before)
    expect(await page.locator('.group').count()).toBe(1)
  })

  it('fills itself when there was nothing, with what the query asks for alone', async () => {
    emulator.requests.clear()
    await open('?q=flow:app-only')
    await page.getByText('Nothing fits').waitFor()
    await postToken(emulator, onBehalfOf(accessToken))
    await postToken(emulator, { grant_type: 'client_credentials', client_id: 'x' }, { tenant: contoso })
    await page.getByRole('link', { name: 'Client credentials' }).waitFor()
    expect(await page.locator('.group').count()).toBe(1)
    expect(await page.getByText('Nothing fits').count()).toBe(0)
  })

  it('goes on by itself when the emulator could not be reached for a while', async () => {
    await open()
    await page.context().setOffline(true)
    await postToken(emulator, onBehalfOf(accessToken, { scope: 'User.Read' }))
    await page.context().setOffline(false)
    await page.reload()
    await page.getByRole('link', { name: 'On-behalf-of → Microsoft Graph' }).waitFor()
  })

  it('is all by keys: the query, the requests, and back', async () => {
    await refuse()
    await open()
    await page.keyboard.press('/')
    await page.keyboard.type('result:refused')
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=result%3Arefused/)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.keyboard.press('/')
    expect(await page.locator('#log-q').inputValue()).toBe('result:refused')
    await page.keyboard.press('Escape')
    await page.keyboard.press('End')
    expect(await focused()).toContain('50076')
    await page.keyboard.press('ArrowUp')
    expect(await focused()).toContain('Code redeemed')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'On-behalf-of → To Do API' }).waitFor()
    expect(page.url()).toContain('q=result%3Arefused')
    await page.goBack()
    await page.getByRole('heading', { name: 'Sign-in log', level: 1 }).waitFor()
  })
})

describe('a refused request', () => {
  it('is explained, cured and asked again from its page', async () => {
    const id = await refuse()
    await open(`/${id}`)
    await page.getByText('Refused by the policy “MFA”').waitFor()
    await page.getByRole('button', { name: 'Turn off “MFA”' }).click()
    await page.getByText('Turned off “MFA”').or(page.getByText('Turn off “MFA”')).first().waitFor()
    expect(emulator.policies.find('MFA')?.enabled).toBe(false)
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('Issued: a token for To Do API').waitFor()
    await page
      .getByRole('link', { name: /^Policies/ })
      .and(page.locator('.tabs a'))
      .click()
    await page.getByRole('button', { name: 'Turn on MFA' }).waitFor()
  })

  it('is copied as a command', async () => {
    const id = await refuse()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await open(`/${id}`)
    await page.getByText('Copy as curl').first().click()
    await page.getByRole('button', { name: 'Copy as curl: to the clipboard' }).click()
    await page.getByText('Copied', { exact: true }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('/_emulator/mint')
  })

  it('is read without script', async () => {
    const id = await refuse()
    const context = await browser.newContext({ javaScriptEnabled: false })
    const plain = await context.newPage()
    await plain.goto(`${emulator.origin}/_emulator/log/${id}`)
    await plain.locator('.tabs').getByRole('link', { name: 'Raw' }).click()
    await plain.getByText('"verdict": "failed"').waitFor()
    await context.close()
  })
})

/** How each element is drawn, and what each is. */
const drawn = (of: Page): Promise<readonly string[]> =>
  of.evaluate(() =>
    [...document.body.querySelectorAll('*')].map((element) => {
      const style = getComputedStyle(element)
      const values = [...style]
        .filter((name) => !name.startsWith('--'))
        .map((name) => `${name}: ${style.getPropertyValue(name)}`)
      return `${element.tagName} ${element.getAttribute('class') ?? ''} { ${values.join('; ')} }`
    }),
  )

it.each([
  [1440, ''],
  [360, ''],
  [1440, '?q=result:none'],
])(
  'has all of its style within it, as if it had that of all pages: at %i pixels, %s',
  async (width, path) => {
    await refuse()
    const wholeContext = await browser.newContext({ bypassCSP: true, colorScheme: 'light' })
    const whole = await wholeContext.newPage()
    for (const each of [page, whole]) {
      await each.setViewportSize({ width, height: 900 })
      await each.goto(`${emulator.origin}/_emulator/log${path}`)
      expect(await each.locator('link[rel=stylesheet]').count()).toBe(0)
    }
    await whole.addStyleTag({ url: '/_emulator/assets/style.css' })
    await whole.evaluate(() => document.querySelector('style')?.remove())
    const all = await drawn(whole)
    expect((await drawn(page)).filter((element, index) => element !== all[index])).toEqual([])
    expect(all.length).toBeGreaterThan(50)
    await wholeContext.close()
  },
)

const looks = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['forced-colours', { forcedColors: 'active' }],
] as const

describe('everybody', () => {
  // What axe does to a page to look at it, the policy of the page forbids.
  beforeEach(async () => {
    await page.context().close()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, bypassCSP: true })
  })

  it.each(looks)('can read it: %s', async (name, media) => {
    const artifacts = fileURLToPath(new URL('../../../../../artifacts/', import.meta.url))
    await mkdir(artifacts, { recursive: true })
    const id = await refuse()
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' })
    const tabs = ['decision', 'request', 'response', 'tokens', 'policies', 'raw']
    for (const path of ['', ...tabs.map((tab) => `/${id}?tab=${tab}`)]) {
      await open(path)
      expect(await findViolations(page), path).toEqual([])
      const shown = path === '' ? 'list' : path.slice(path.indexOf('=') + 1)
      await page.screenshot({ path: `${artifacts}log-${shown}-${name}.png`, fullPage: true })
    }
  })

  it.each([320, 360, 720])('needs no scrolling sideways at %i pixels', async (width) => {
    const id = await refuse()
    await page.setViewportSize({ width, height: 740 })
    for (const path of ['/_emulator/log', `/_emulator/log/${id}`, `/_emulator/log/${id}?tab=tokens`]) {
      await page.goto(emulator.origin + path)
      expect(await excessWidth(page)).toBe(0)
      expect(await findViolations(page), path).toEqual([])
    }
  })
})
