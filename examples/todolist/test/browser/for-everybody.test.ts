// The page for everybody: enlarged, in forced colours, without scripts; what it explains, and the stories that it remembers.
import axe from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import { addTask, drawnStories, launchBrowser, loadAgain, openPage, settled, whatIf } from './page-driver.ts'
import { visit, type Visitor } from './signed-in-visitor.ts'

const alice = 'alice@contoso.onmicrosoft.com'
const bob = 'bob@contoso.onmicrosoft.com'

let scenario: RunningScenario
let browser: Browser
let visitor: Visitor | undefined

beforeAll(async () => {
  scenario = await startRunningScenario()
  browser = await launchBrowser()
})

afterEach(async () => {
  await visitor?.leave()
  visitor = undefined
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
})

const boxOf = async (place: Locator): Promise<{ top: number; bottom: number }> => {
  const box = await place.boundingBox()
  expect(box).not.toBeNull()
  return { top: box?.y ?? 0, bottom: (box?.y ?? 0) + (box?.height ?? 0) }
}

it('remembers the last stories, for this person and this tab alone', async () => {
  visitor = await visit(browser, scenario, alice)
  const { page } = visitor
  await addTask(page, 'A story of its own')
  const choice = page.getByLabel('Look at')
  expect(await choice.locator('option').allInnerTexts()).toEqual([
    expect.stringMatching(/Add “A story of its own”$/),
    expect.stringMatching(/Load list and profile$/),
  ])
  await choice.selectOption({ index: 1 })
  await page.getByRole('heading', { name: 'What happened at' }).waitFor()
  expect((await drawnStories(page)).map(({ title }) => title)).toEqual([
    'GET /todolist 200',
    'GET /graphMeApi 200',
  ])
  expect(await page.content()).not.toContain('Reveal the raw token')
  await page.reload()
  await settled(page)
  expect(await choice.locator('option').count()).toBe(3)
  await page.getByRole('heading', { name: 'What just happened' }).waitFor()
  expect(await page.evaluate(() => sessionStorage.getItem('todolist.history'))).not.toContain('eyJ')

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  expect(await page.evaluate(() => sessionStorage.getItem('todolist.history'))).toBeNull()
})

it('explains on-behalf-of, and why token 1 goes no further', async () => {
  visitor = await visit(browser, scenario, bob)
  const { page } = visitor
  await page.getByText('why token 1 goes no further').click()
  expect(await page.getByText('To Do API and Graph refuse token 1').isVisible()).toBe(true)
})

it('calls a sign-in that was cancelled by its name, and says nothing of a consent', async () => {
  const { page } = await openPage(await browser.newContext(), scenario.urls.client)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Cancel' }).click()
  const notice = page.getByRole('alert')
  await notice.getByText('You cancelled the sign-in.').waitFor()
  expect(await notice.innerText()).not.toContain('permission')
  expect(await notice.getByRole('button', { name: 'Sign in' }).isVisible()).toBe(true)
  await page.context().close()
})

it('says without scripts that it needs them', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(scenario.urls.client)
  expect(await page.locator('noscript p').isVisible()).toBe(true)
  expect(await page.getByText('One moment').isVisible()).toBe(false)
  await context.close()
})

it('has the drawing beside the click at 200 % of a laptop, and a way to it on a telephone', async () => {
  visitor = await visit(browser, scenario, alice)
  const { page } = visitor
  await page.setViewportSize({ width: 640, height: 400 })
  const click = await boxOf(page.getByRole('button', { name: 'Load again' }))
  const drawing = await boxOf(page.locator('#trace'))
  expect(Math.abs(drawing.top - click.bottom)).toBeLessThan(400)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(640)

  await page.setViewportSize({ width: 360, height: 740 })
  await page.evaluate(() => scrollTo(0, 0))
  const jump = page.getByRole('link', { name: 'See what just happened' })
  await jump.click()
  await jump.waitFor({ state: 'hidden' })
  expect((await boxOf(page.getByRole('heading', { name: 'What just happened' }))).top).toBeLessThan(740)
})

it('looks the same nowhere where it is not: switches and arrows in forced colours', async () => {
  visitor = await visit(browser, scenario, bob)
  const { page } = visitor
  await page.emulateMedia({ forcedColors: 'active' })
  const sign = page.getByRole('switch', { name: 'the To Do API requires MFA' })
  const looks = (): Promise<string> =>
    sign.evaluate((button) => getComputedStyle(button, '::after').background)
  const off = await looks()
  await whatIf(page, 'the To Do API requires MFA')
  const on = await looks()
  expect(on).not.toBe(off)
  await whatIf(page, 'the To Do API requires MFA')
  expect(await looks()).toBe(off)

  const heads = await page.locator('.arrow').evaluateAll((arrows) =>
    arrows.map((arrow) => {
      const { clipPath, borderTopWidth, backgroundColor } = getComputedStyle(arrow, '::after')
      return { isCut: clipPath.startsWith('polygon'), borderTopWidth, backgroundColor }
    }),
  )
  expect(heads.length).toBeGreaterThan(0)
  for (const head of heads)
    expect(head).toEqual({
      isCut: true,
      borderTopWidth: '0px',
      backgroundColor: expect.stringMatching(/^rgb\(/),
    })
})

it('has nothing for axe, in light, dark and forced colours, before and after the sign-in', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true })
  const page = await context.newPage()
  await page.goto(scenario.urls.client)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await expectNothingForAxe(page)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('textbox', { name: 'User name' }).fill(alice)
  await page.getByRole('textbox', { name: 'Password' }).fill('Passw0rd!')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await settled(page)
  await loadAgain(page)
  await page.getByText('why token 1 goes no further').click()
  await expectNothingForAxe(page)
  await page.setViewportSize({ width: 320, height: 740 })
  await expectNothingForAxe(page)
  await context.close()
})

async function expectNothingForAxe(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  for (const look of [
    { colorScheme: 'light' },
    { colorScheme: 'dark' },
    { colorScheme: 'light', forcedColors: 'active' },
  ] as const) {
    await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce', ...look })
    const { violations } = await page.evaluate<{
      readonly violations: readonly {
        readonly id: string
        readonly nodes: readonly { readonly html: string }[]
      }[]
    }>('axe.run()')
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  }
}
