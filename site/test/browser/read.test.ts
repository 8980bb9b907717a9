// The site as it is read: in light, in dark and in forced colours, on narrow screens, without scripts, and by search.
import type { Server } from 'node:http'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  excessWidth,
  findViolations,
  startChromium,
} from '../../../packages/emulator/test/portal/chromium.ts'
import { builtPages, serveSite } from '../built-site.ts'

let browser: Browser
let site: { readonly address: string; readonly server: Server }
let page: Page | undefined
const requested: string[] = []

beforeAll(async () => {
  site = await serveSite()
  browser = await startChromium()
})

afterEach(async () => {
  await page?.context().close()
  page = undefined
  // Whatever a test did, nothing was asked of anybody else.
  expect(requested.filter((url) => !url.startsWith(site.address) && !url.startsWith('data:'))).toEqual([])
})

afterAll(async () => {
  await browser.close()
  site.server.close()
})

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  page = await context.newPage()
  page.on('request', (request) => requested.push(request.url()))
  await page.goto(`${site.address}${path}`)
  // What is clicked before the scripts have taken over is lost on them.
  if (options.javaScriptEnabled !== false)
    await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}))
  return page
}

const narrow = { viewport: { width: 360, height: 740 } }
const representative = [
  'index.html',
  'quick-start.html',
  'emulator.html',
  'errors.html',
  'clients.html',
  '404.html',
  'api/midtier/interfaces/WebApiOptions.html',
  'api/@midtier/emulator/interfaces/EmulatorOptions.html',
]

describe.each(representative)('%s', (path) => {
  it.each(['light', 'dark'] as const)('has nothing for axe in %s', async (colorScheme) => {
    const page = await open(path, { colorScheme })
    expect(await findViolations(page)).toEqual([])
  })
})

describe('in dark', () => {
  it.each([true, false])('is dark, with scripts: %s', async (javaScriptEnabled) => {
    const page = await open('errors.html', { colorScheme: 'dark', javaScriptEnabled })
    expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
      'rgb(20, 29, 26)',
    )
  })
})

describe('in forced colours', () => {
  it('shows which page this is, and where code begins and ends', async () => {
    const page = await open('errors.html', { forcedColors: 'active' })
    const here = page.locator('.VPSidebar').getByText('Errors', { exact: true })
    const other = page.locator('.VPSidebar').getByText('Events', { exact: true })
    const lineOf = (element: Element): string => getComputedStyle(element).textDecorationLine
    expect(await here.evaluate(lineOf)).toBe('underline')
    expect(await other.evaluate(lineOf)).toBe('none')
    const block = page.locator('.vp-doc div[class*=language-]').first()
    expect(await block.evaluate((element) => getComputedStyle(element).borderTopStyle)).toBe('solid')
  })
})

describe('on a narrow screen', () => {
  const paths = builtPages()
    .map(({ path }) => path)
    .filter((path) => !path.startsWith('api/') || representative.includes(path))

  it('no page scrolls sideways, or has anything for axe, at 320 px', async () => {
    const page = await open('index.html', { viewport: { width: 320, height: 640 } })
    const faults: Record<string, readonly string[]> = {}
    for (const path of paths) {
      await page.goto(`${site.address}${path}`)
      const excess = await excessWidth(page)
      const found = await findViolations(page)
      if (excess > 0 || found.length > 0) faults[path] = [`${excess} px too wide`, ...found]
    }
    expect(faults).toEqual({})
  })

  it('a wide table scrolls inside of itself, and by the keyboard', async () => {
    const page = await open('errors.html', narrow)
    const table = page.locator('.vp-doc table').first()
    expect(await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toBe(true)
    await table.focus()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => (document.querySelector('.vp-doc table')?.scrollLeft ?? 0) > 0)
  })

  it('the menu has all pages', async () => {
    const page = await open('errors.html', narrow)
    await page.getByRole('button', { name: 'Menu', exact: true }).click()
    await page.locator('.VPSidebar').getByRole('link', { name: 'Express', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Express' }).waitFor()
  })
})

describe('without scripts', () => {
  it('is read, and leads on', async () => {
    const page = await open('index.html', { javaScriptEnabled: false })
    await page.getByRole('link', { name: 'Quick start', exact: true }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Quick start' }).waitFor()
    await page.locator('.VPSidebar').getByRole('link', { name: 'Errors', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Errors' }).waitFor()
    expect(await page.getByRole('button', { name: 'Search' }).count()).toBe(0)
  })

  it('leads on from a narrow screen, too', async () => {
    const page = await open('errors.html', { ...narrow, javaScriptEnabled: false })
    await page.getByRole('link', { name: 'All pages' }).click()
    const express = page.locator('.VPSidebar').getByRole('link', { name: 'Express', exact: true })
    expect(await express.isVisible()).toBe(true)
    await express.click()
    await page.getByRole('heading', { level: 1, name: 'Express' }).waitFor()
  })
})

describe('search', () => {
  async function search(page: Page, words: string): Promise<Locator> {
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill(words)
    const results = page.getByRole('dialog').getByRole('listitem').getByRole('link')
    await results.first().waitFor()
    return results
  }

  it.each(['light', 'dark'] as const)('has nothing for axe in %s, with results', async (colorScheme) => {
    const page = await open('index.html', { colorScheme, ...narrow })
    await search(page, 'consent')
    expect(await findViolations(page)).toEqual([])
    expect(await excessWidth(page)).toBe(0)
  })

  it.each([
    ['AADSTS50076', /AADSTS50076/],
    ['401', /\b401\b/],
    ['acquireTokenOnBehalfOf', /acquireTokenOnBehalfOf/],
  ])('finds %s, and leads to it', async (words, expected) => {
    const page = await open('index.html')
    const results = await search(page, words)
    await results.first().click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.locator('.vp-doc').getByText(expected).first().waitFor()
  })

  it('takes no other number for a misspelling', async () => {
    const page = await open('index.html')
    const results = await search(page, '401')
    expect((await results.allInnerTexts()).filter((text) => /\b403\b/.test(text))).toEqual([])
  })

  it('is used by the keyboard alone', async () => {
    const page = await open('index.html')
    await page.keyboard.press('Control+k')
    await page.getByRole('searchbox').fill('Why 401?')
    const results = page.getByRole('dialog').getByRole('listitem').getByRole('link')
    await results.nth(1).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await results.nth(1).evaluate((link) => link === document.activeElement)).toBe(true)
    await page.getByRole('searchbox').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(`${site.address}validating-tokens.html#why-401`)
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})
