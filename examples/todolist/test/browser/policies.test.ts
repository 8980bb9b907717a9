// Conditional Access in the middle of use: the next click is challenged, the person satisfies it, and the same click goes through.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { policyIds } from '../../registrations.ts'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import { lookAt } from './look-at.ts'
import {
  addTask,
  approve,
  drawnStories,
  launchBrowser,
  loadAgain,
  settled,
  shownClaims,
  signIn,
  taskTitles,
  tokenCounts,
  whatIf,
  untilListed,
} from './page-driver.ts'
import { control, visit, type Visitor } from './signed-in-visitor.ts'

const alice = 'alice@contoso.onmicrosoft.com'
const bob = 'bob@contoso.onmicrosoft.com'
const carol = 'carol@fabrikam.onmicrosoft.com'

let scenario: RunningScenario
let browser: Browser
let visitor: Visitor

beforeAll(async () => {
  scenario = await startRunningScenario()
  browser = await launchBrowser()
})

afterEach(async () => {
  await visitor.leave()
  for (const id of Object.values(policyIds))
    await control(scenario, 'PATCH', `policies/${id}`, { enabled: false })
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
})

describe('MFA for the To Do API', () => {
  it('switched on by another process: the next click is challenged, and succeeds after the second step', async () => {
    visitor = await visit(browser, scenario, alice)
    const { page, calls, visits } = visitor
    await addTask(page, 'Before the policy')
    expect(await tokenCounts(page)).toEqual({ exchanges: 0, cacheHits: 1 })
    await control(scenario, 'PATCH', `policies/${policyIds.mfa}`, { enabled: true })
    await page.getByLabel('New task').fill('After the policy')
    await page.getByRole('button', { name: 'Add' }).click()
    await approve(page)
    await untilListed(page, 'After the policy')
    await settled(page)

    expect(await taskTitles(page)).toEqual(['Before the policy', 'After the policy'])
    expect(calls.filter((call) => call.startsWith('POST')).slice(-2)).toEqual([
      'POST /todolist 401',
      'POST /todolist 201',
    ])
    expect(visits).toHaveLength(1)
    expect(visits[0]?.searchParams.get('claims')).toContain(policyIds.mfa)
    const [challenged, signedIn, repeated] = await drawnStories(page)
    expect(challenged).toEqual({
      title: 'POST /todolist 401',
      hops: [
        "Browser: from MSAL's cache",
        'Browser asks Middle tier: POST /todolist',
        'Middle tier: still valid',
        'Middle tier asks Authority: on behalf of',
        'Authority answers Middle tier: AADSTS50076, MFA',
        'Middle tier: the person is needed',
        'Middle tier answers Browser: 401 insufficient_claims',
      ],
    })
    expect(signedIn).toEqual({
      title: 'Sign-in with the policy’s claims done',
      hops: [
        'Browser asks Authority: sign in, claims: capolids',
        'Authority: MFA: approved',
        'Authority answers Browser: code',
        'Browser asks Authority: code, PKCE verifier',
        'Authority answers Browser: new token',
      ],
    })
    expect(repeated?.title).toBe('POST /todolist 201')
    expect(repeated?.hops).toEqual(
      expect.arrayContaining([
        'Middle tier asks Authority: on behalf of',
        'Authority answers Middle tier: new token',
        'Middle tier asks To Do API: POST /api/tasks',
      ]),
    )
    await lookAt(page, 'mfa')
  })

  it('denied by the person: the page says so, nothing has happened, and trying again works', async () => {
    visitor = await visit(browser, scenario, bob)
    const { page, calls, visits } = visitor
    expect(await whatIf(page, 'the To Do API requires MFA')).toContain(
      'The next click asks for a second step',
    )
    expect(await page.getByRole('switch', { name: 'requires MFA' }).getAttribute('aria-checked')).toBe('true')
    await page.getByLabel('New task').fill('Denied at first')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByText('You did not approve the sign-in.').waitFor()
    await settled(page)
    expect(await page.getByRole('heading', { name: 'Bob Brown' }).isVisible()).toBe(true)
    expect((await drawnStories(page)).at(-1)?.hops.slice(-2)).toEqual([
      'Authority: MFA: denied',
      'Authority answers Browser: AADSTS500121, denied',
    ])
    expect(visits).toHaveLength(1)
    await lookAt(page, 'mfa-denied')

    await page.getByRole('button', { name: 'Try again' }).click()
    await approve(page)
    await untilListed(page, 'Denied at first')
    await settled(page)
    expect(calls.filter((call) => call === 'POST /todolist 201')).toHaveLength(1)
    expect(await page.getByRole('alert').isVisible()).toBe(false)
  })

  it('left by the back button: the page is as it was, and the click has not happened behind the person’s back', async () => {
    visitor = await visit(browser, scenario, carol)
    const { page, calls } = visitor
    await addTask(page, 'Only this one')
    await whatIf(page, 'the To Do API requires MFA')
    await page.getByLabel('New task').fill('Not wanted any more')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('heading', { name: 'Approve sign-in request' }).waitFor()
    await control(scenario, 'PATCH', `policies/${policyIds.mfa}`, { enabled: false })
    await page.goBack()
    await untilListed(page, 'Only this one')
    await settled(page)

    expect(await taskTitles(page)).toEqual(['Only this one'])
    expect(calls.filter((call) => call.startsWith('POST'))).toEqual([
      'POST /todolist 201',
      'POST /todolist 401',
    ])
  })

  it('does not take a new session for the old one in a loop: after signing out and in, the person is asked again', async () => {
    visitor = await visit(browser, scenario, alice)
    const { page } = visitor
    for (let round = 0; round < 2; round += 1) {
      await whatIf(page, 'the To Do API requires MFA')
      await loadAgainWithSecondStep()
      await whatIf(page, 'the To Do API requires MFA')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await signIn(page, alice)
      await settled(page)
    }
    expect(await page.getByRole('alert').isVisible()).toBe(false)
  })

  async function loadAgainWithSecondStep(): Promise<void> {
    const { page } = visitor
    await page.getByRole('button', { name: 'Load again' }).click()
    await approve(page)
    await page.locator('.task').first().waitFor()
    await settled(page)
    expect((await drawnStories(page)).map(({ title }) => title)).toEqual([
      'GET /todolist 401',
      'GET /graphMeApi 200',
      'Sign-in with the policy’s claims done',
      'GET /todolist 200',
      'GET /graphMeApi 200',
    ])
  }
})

describe('a policy that blocks', () => {
  it('is told once, without a sign-in that would not help, and the page works again when it is gone', async () => {
    visitor = await visit(browser, scenario, bob)
    const { page, visits } = visitor
    await whatIf(page, 'a policy blocks the To Do API')
    await loadAgain(page)

    expect(await page.getByText('Your organisation blocks this.').isVisible()).toBe(true)
    expect(visits).toEqual([])
    expect((await drawnStories(page))[0]?.hops.slice(-3)).toEqual([
      'Authority answers Middle tier: AADSTS53003, blocked',
      'Middle tier: no sign-in helps',
      'Middle tier answers Browser: 403',
    ])
    await lookAt(page, 'blocked')
    await whatIf(page, 'a policy blocks the To Do API')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Your organisation blocks this.').waitFor({ state: 'hidden' })
    await settled(page)
    expect(visits).toEqual([])
  })
})

describe('step-up on one route', () => {
  it('asks for a confirmed sign-in, deletes exactly once, and is remembered', async () => {
    visitor = await visit(browser, scenario, carol)
    const { page, calls, visits } = visitor
    for (const title of ['Keep me', 'Done and gone']) await addTask(page, title)
    await page.getByRole('checkbox', { name: 'Done and gone' }).check()
    await settled(page)
    await page.getByRole('button', { name: 'Clear completed' }).click()
    await approve(page)
    await untilListed(page, 'Keep me')
    await settled(page)

    expect(await taskTitles(page)).not.toContain('Done and gone')
    expect(calls.filter((call) => call.startsWith('DELETE'))).toEqual([
      'DELETE /todolist/completed 401',
      'DELETE /todolist/completed 204',
    ])
    expect(JSON.parse(visits[0]?.searchParams.get('claims') ?? '{}')).toMatchObject({
      access_token: { acrs: { essential: true, value: 'c1' } },
    })
    expect((await drawnStories(page)).map(({ title }) => title)).toEqual([
      'DELETE /todolist/completed 401',
      'Step-up done',
      'DELETE /todolist/completed 204',
    ])
    expect(await shownClaims(page, 'middleTier')).toMatchObject({ acrs: '["c1"]' })
    await lookAt(page, 'step-up')

    await addTask(page, 'Done as well')
    await page.getByRole('checkbox', { name: 'Done as well' }).check()
    await settled(page)
    await page.getByRole('button', { name: 'Clear completed' }).click()
    await page.getByRole('checkbox', { name: 'Done as well' }).waitFor({ state: 'detached' })
    expect(visits).toHaveLength(1)
  })
})
