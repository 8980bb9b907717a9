// The whole scenario in a real browser: one person's way through it, then another's.
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientIds, tenants } from '../../registrations.ts'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import { lookAt } from './look-at.ts'
import {
  addTask,
  consent,
  launchBrowser,
  loadAgain,
  openPage,
  settled,
  shownClaims,
  signIn,
  taskTitles,
  tokenCounts,
  type WatchedPage,
} from './page-driver.ts'

const alice = 'alice@contoso.onmicrosoft.com'
const bob = 'bob@contoso.onmicrosoft.com'
const carol = 'carol@fabrikam.onmicrosoft.com'
const aliceObjectId = 'c0000000-0000-4000-8000-0000000000a1'

let scenario: RunningScenario
let browser: Browser
let context: BrowserContext
let watched: WatchedPage

beforeAll(async () => {
  scenario = await startRunningScenario()
  browser = await launchBrowser()
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
  watched = await openPage(context, scenario.urls.client)
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
})

it('the emulator’s home page is read in light and dark, and on a telephone', async () => {
  const page = await context.newPage()
  await page.goto(scenario.urls.emulator)
  await lookAt(page, 'emulator')
  await page.close()
})

describe('a person on the page', () => {
  it('signs in, consents, and sees her profile from Graph', async () => {
    const { page } = watched
    await settled(page)
    await lookAt(page, 'welcome')
    await signIn(page, alice)
    await consent(page)

    expect(await page.getByRole('heading', { name: 'Alice Adams' }).isVisible()).toBe(true)
    expect(await page.locator('.profile').innerText()).toContain('Product Manager')
  })

  it('sees two exchanges on the first call, with the claims of every token', async () => {
    const { page } = watched
    expect(await tokenCounts(page)).toEqual({ exchanges: 2, cacheHits: 0 })
    expect(await page.locator('.hop-text', { hasText: 'on behalf of' }).count()).toBe(2)

    const [own, todo, graph] = await Promise.all(
      ['middleTier', 'todoApi', 'graph'].map((audience) => shownClaims(page, audience)),
    )
    expect(own).toMatchObject({ aud: clientIds.middleTier, azp: clientIds.webClient, scp: 'access_as_user' })
    expect(todo).toMatchObject({ aud: clientIds.todoApi, azp: clientIds.middleTier, scp: 'Tasks.ReadWrite' })
    expect(graph).toMatchObject({ aud: 'https://graph.microsoft.com', appid: clientIds.middleTier })
    for (const claims of [own, todo, graph])
      expect(claims).toMatchObject({
        oid: aliceObjectId,
        tid: tenants.contoso,
        exp: expect.stringMatching(/^\d{10}$/),
      })
  })

  it('sees cache hits on the second call', async () => {
    const { page } = watched
    await loadAgain(page)

    expect(await tokenCounts(page)).toEqual({ exchanges: 0, cacheHits: 2 })
    expect(await page.locator('.hop', { hasText: 'from memory' }).count()).toBe(2)
    expect(await page.locator('.token-card[data-audience="todoApi"]').getAttribute('data-origin')).toBe(
      'memory',
    )
  })

  it('finds an added task again after a reload, and what is done is still done', async () => {
    const { page } = watched
    await addTask(page, 'Water the plants')
    await addTask(page, 'Book train tickets')
    await page.getByRole('checkbox', { name: 'Water the plants' }).check()
    await settled(page)
    await page.reload()
    await settled(page)

    expect(await taskTitles(page)).toEqual(['Water the plants', 'Book train tickets'])
    expect(await page.getByRole('checkbox', { name: 'Water the plants' }).isChecked()).toBe(true)
    expect(await page.getByRole('checkbox', { name: 'Book train tickets' }).isChecked()).toBe(false)
  })

  it('sees markup in a title as the text that she typed', async () => {
    const { page } = watched
    const title = '<b>Bold</b> & "quoted" <img src=x onerror=alert(1)>'
    await addTask(page, title)
    expect(await taskTitles(page)).toContain(title)
    await page.getByRole('button', { name: `Delete “${title}”` }).click()
    await settled(page)
  })

  it('completes and deletes a task with the keyboard alone', async () => {
    const { page } = watched
    await page.getByLabel('New task').focus()
    await page.keyboard.type('Call the landlord')
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox', { name: 'Call the landlord' }).waitFor()
    await settled(page)
    await page.getByRole('checkbox', { name: 'Call the landlord' }).focus()
    await page.keyboard.press('Space')
    await page.locator('.task-done', { hasText: 'Call the landlord' }).waitFor()
    await settled(page)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox', { name: 'Call the landlord' }).waitFor({ state: 'detached' })
    await settled(page)

    expect(await taskTitles(page)).toHaveLength(2)
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('data-control'))
    expect(focused).toBe('delete') // of the neighbour: the keyboard is not thrown back to the top
  })

  it('is shown no raw token unless she asks, and then until the next call', async () => {
    const { page } = watched
    expect(await page.content()).not.toContain('eyJ')
    await page.getByRole('button', { name: 'Reveal the raw token' }).click()
    expect(await page.locator('.raw-token').innerText()).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
    await loadAgain(page)
    expect(await page.content()).not.toContain('eyJ')
  })

  it('leaves the list to nobody else: the next person sees his own', async () => {
    const { page } = watched
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Your list lives two APIs away.' }).waitFor()
    await signIn(page, bob)
    await consent(page)
    expect(await page.getByRole('heading', { name: 'Bob Brown' }).isVisible()).toBe(true)
    expect(await taskTitles(page)).toEqual([])
    expect(await tokenCounts(page)).toEqual({ exchanges: 2, cacheHits: 0 })
    await addTask(page, 'Only mine')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Your list lives two APIs away.' }).waitFor()
    await signIn(page, alice)
    await settled(page)
    expect(await taskTitles(page)).toEqual(['Water the plants', 'Book train tickets'])
  })

  it('reads it in light and in dark with enough contrast, and on a telephone without scrolling sideways', async () => {
    await lookAt(watched.page, 'todolist')
  })

  it('may belong to another organisation', async () => {
    const other = await browser.newContext()
    const { page } = await openPage(other, scenario.urls.client)
    await signIn(page, carol)
    await consent(page)
    expect(await page.getByRole('heading', { name: 'Carol Chen' }).isVisible()).toBe(true)
    expect(await shownClaims(page, 'todoApi')).toMatchObject({ tid: tenants.fabrikam })
    await other.close()
  })

  it('meets no error in the console, and no breach of the content security policy', () => {
    expect(watched.complaints).toEqual([])
  })
})
