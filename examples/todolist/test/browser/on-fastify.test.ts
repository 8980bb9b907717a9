// The whole scenario with its middle tier on Fastify: the page cannot tell the difference.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyIds } from '../../registrations.ts'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import {
  addTask,
  approve,
  drawnStories,
  launchBrowser,
  loadAgain,
  settled,
  taskTitles,
} from './page-driver.ts'
import { control, visit, type Visitor } from './signed-in-visitor.ts'

let scenario: RunningScenario
let browser: Browser
let visitor: Visitor

beforeAll(async () => {
  scenario = await startRunningScenario({ middleTier: 'fastify' })
  browser = await launchBrowser()
  visitor = await visit(browser, scenario, 'alice@contoso.onmicrosoft.com')
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
})

const titles = async (): Promise<readonly string[]> =>
  (await drawnStories(visitor.page)).map(({ title }) => title)

describe('a person on the page, with a middle tier on Fastify', () => {
  it('is served by Fastify indeed', async () => {
    const answer = await fetch(`${scenario.urls.middleTier}/%zz`)
    expect(await answer.text()).toContain('FST_ERR_BAD_URL')
  })

  it('sees her profile, and adds, completes and deletes a task', async () => {
    const { page, calls } = visitor
    expect(await page.locator('.profile').innerText()).toContain('Product Manager')
    await addTask(page, 'Only for now')
    await page.getByRole('checkbox', { name: 'Only for now' }).check()
    await settled(page)
    await page.getByRole('button', { name: 'Delete “Only for now”' }).click()
    await page.getByRole('checkbox', { name: 'Only for now' }).waitFor({ state: 'detached' })
    const methods = calls
      .filter((call) => !call.startsWith('GET'))
      .map((call) => call.replace(/\/[0-9a-f-]{36}/, '/…'))
    expect(methods).toEqual(['POST /todolist 201', 'PATCH /todolist/… 200', 'DELETE /todolist/… 204'])
  })

  it('meets step-up on one route, and deletes exactly once', async () => {
    const { page, calls } = visitor
    for (const title of ['Keep me', 'Done and gone']) await addTask(page, title)
    await page.getByRole('checkbox', { name: 'Done and gone' }).check()
    await settled(page)
    await page.getByRole('button', { name: 'Clear completed' }).click()
    await approve(page)
    await page.getByRole('checkbox', { name: 'Keep me' }).waitFor()
    await settled(page)

    expect(await taskTitles(page)).toEqual(['Keep me'])
    expect(calls.filter((call) => call.startsWith('DELETE')).slice(-2)).toEqual([
      'DELETE /todolist/completed 401',
      'DELETE /todolist/completed 204',
    ])
    expect(await titles()).toEqual([
      'DELETE /todolist/completed 401',
      'Step-up done',
      'DELETE /todolist/completed 204',
    ])
  })

  it('is told that a policy blocks, at the very next click', async () => {
    const { page } = visitor
    await control(scenario, 'PATCH', `policies/${policyIds.block}`, { enabled: true })
    await loadAgain(page)
    expect(await page.getByText('Your organisation blocks this.').isVisible()).toBe(true)
    expect(await titles()).toContain('GET /todolist 403')
  })
})
