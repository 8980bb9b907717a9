// What the page does when its token is not enough: a fresh token first, then the person, and then on with what was asked.
import type { Browser, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import {
  consent,
  launchBrowser,
  openPage,
  settled,
  signIn,
  taskTitles,
  type WatchedPage,
} from './page-driver.ts'

let scenario: RunningScenario
let browser: Browser
let watched: WatchedPage

beforeAll(async () => {
  scenario = await startRunningScenario(42_000)
  browser = await launchBrowser()
  watched = await openPage(await browser.newContext(), scenario.urls.client)
  await signIn(watched.page, 'alice@contoso.onmicrosoft.com')
  await consent(watched.page)
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
})

/** Answers the next POST with a challenge instead of letting it through. */
async function challengeOnce(challenge: string): Promise<void> {
  let left = 1
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
  await watched.page.getByRole('checkbox', { name: title }).waitFor()
  await settled(watched.page)
}

describe('a challenge', () => {
  it('of an invalid token is answered with a refreshed one, without the person noticing', async () => {
    await challengeOnce('Bearer error="invalid_token"')
    await add('Refreshed')

    expect(await taskTitles(watched.page)).toEqual(['Refreshed'])
    expect(await watched.page.locator('.story-title').allInnerTexts()).toEqual([
      expect.stringContaining('401'),
      expect.stringContaining('201'),
    ])
    expect(await watched.page.locator('.hop', { hasText: 'refresh token' }).count()).toBe(1)
  })

  it('with claims leads to the authority with those claims, and the click goes on afterwards', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    const asked: URL[] = []
    watched.page.on('request', (request) => {
      if (request.url().includes('/authorize?')) asked.push(new URL(request.url()))
    })
    await challengeOnce(
      `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
    )
    await add('Stepped up')

    expect(JSON.parse(asked[0]?.searchParams.get('claims') ?? '{}')).toMatchObject(
      JSON.parse(claims) as object,
    )
    expect(await taskTitles(watched.page)).toEqual(['Refreshed', 'Stepped up'])
  })
})
