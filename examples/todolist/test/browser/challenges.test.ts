// What the page does when its token is not enough: a fresh token first, then the person, and then on with what was asked.
import type { Browser, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import {
  approve,
  consent,
  launchBrowser,
  openPage,
  settled,
  signIn,
  taskTitles,
  type WatchedPage,
  untilListed,
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

/** Answers the next POSTs with a challenge instead of letting them through. */
async function challengeTimes(count: number, challenge: string): Promise<void> {
  let left = count
  await watched.page.route(`${scenario.urls.middleTier}/todolist`, async (route: Route) => {
    if (route.request().method() !== 'POST' || left === 0) return route.continue()
    left -= 1
    return route.fulfill({
      status: 401,
      headers: {
        'access-control-allow-origin': scenario.urls.client,
        'access-control-expose-headers': 'WWW-Authenticate',
        'www-authenticate': challenge,
      },
    })
  })
}

async function add(title: string): Promise<void> {
  await watched.page.getByLabel('New task').fill(title)
  await watched.page.getByRole('button', { name: 'Add' }).click()
  await untilListed(watched.page, title)
  await settled(watched.page)
}

describe('a challenge', () => {
  it('of an invalid token is answered with a refreshed one, without the person noticing', async () => {
    await challengeTimes(1, 'Bearer error="invalid_token"')
    await add('Refreshed')

    expect(await taskTitles(watched.page)).toEqual(['Refreshed'])
    expect(await watched.page.locator('.story-title').allInnerTexts()).toEqual([
      expect.stringContaining('401'),
      expect.stringContaining('201'),
    ])
    expect(await watched.page.locator('.hop', { hasText: 'refresh token' }).count()).toBe(1)
  })

  it('that a new sign-in does not silence is told to the person, who decides whether to go on', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`
    const asked: URL[] = []
    watched.page.on('request', (request) => {
      if (request.url().includes('/authorize?')) asked.push(new URL(request.url()))
    })
    await challengeTimes(2, challenge)
    await watched.page.getByLabel('New task').fill('Asked twice')
    await watched.page.getByRole('button', { name: 'Add' }).click()
    await approve(watched.page)
    await watched.page.getByText('Your sign-in is not enough for this.').waitFor()
    await settled(watched.page)

    expect(asked.map((url) => url.searchParams.get('claims'))).toEqual([
      expect.stringContaining('"acrs":{"essential":true,"value":"c1"}'),
    ])
    expect(await taskTitles(watched.page)).toEqual(['Refreshed'])
    await watched.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await untilListed(watched.page, 'Asked twice')
    expect(asked).toHaveLength(2)
  })
})
