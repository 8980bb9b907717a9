// Processes that crash in the middle of use: the starter brings them back, no task is lost, and the page goes on.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import {
  addTask,
  consent,
  launchBrowser,
  loadAgain,
  openPage,
  settled,
  signIn,
  taskTitles,
  tokenCounts,
  untilListed,
  type WatchedPage,
} from './page-driver.ts'

let scenario: RunningScenario
let browser: Browser
let watched: WatchedPage

beforeAll(async () => {
  scenario = await startRunningScenario()
  browser = await launchBrowser()
  watched = await openPage(await browser.newContext(), scenario.urls.client)
  await signIn(watched.page, 'alice@contoso.onmicrosoft.com')
  await consent(watched.page)
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
})

describe('after a crash', () => {
  it('of the middle tier, its tokens are exchanged again', async () => {
    const { page } = watched
    await addTask(page, 'Before the middle tier crashed')
    await scenario.crash('middleTier')
    await loadAgain(page)

    expect(await taskTitles(page)).toEqual(['Before the middle tier crashed'])
    expect(await tokenCounts(page)).toEqual({ exchanges: 2, cacheHits: 0 })
  })

  it('of the To Do API, every task that was answered is still there', async () => {
    const { page } = watched
    await addTask(page, 'Before the To Do API crashed')
    await scenario.crash('todoApi')
    await loadAgain(page)

    expect(await taskTitles(page)).toEqual(['Before the middle tier crashed', 'Before the To Do API crashed'])
  })

  it('of the emulator, what it issued is still good: for exchanges, and for a new sign-in without a password', async () => {
    const { page } = watched
    await scenario.crash('emulator')
    await scenario.crash('middleTier')
    await loadAgain(page)
    expect(await tokenCounts(page)).toEqual({ exchanges: 2, cacheHits: 0 })

    await page.evaluate(() => sessionStorage.clear())
    await page.reload()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Alice Adams' }).click()
    await page.locator('.task').first().waitFor()
    await settled(page)
    expect(await taskTitles(page)).toHaveLength(2)
  })

  it('while a call is under way, the page says so and offers to try again', async () => {
    const { page } = watched
    const pid = scenario.pid('middleTier')
    if (pid !== undefined) process.kill(pid, 'SIGSTOP')
    await page.getByLabel('New task').fill('Sent into the crash')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.locator('main[aria-busy="true"]').waitFor()
    await scenario.crash('middleTier')
    await page.getByText('The middle-tier API does not answer.').waitFor()
    expect(await page.getByLabel('New task').inputValue()).toBe('Sent into the crash')
    await settled(page)
    await page.getByRole('button', { name: 'Try again' }).click()
    await untilListed(page, 'Sent into the crash')

    expect(await page.getByRole('alert').isVisible()).toBe(false)
    expect(scenario.lines).toContain('Middle-tier API (express) was ended by SIGKILL; starting it again')
  })
})
