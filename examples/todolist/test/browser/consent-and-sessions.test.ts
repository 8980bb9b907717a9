// What the person once gave is gone, a consent or a session: the next click asks for it again, and goes through with it.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientIds, policyIds, tenants } from '../../registrations.ts'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import { lookAt } from './look-at.ts'
import { addTask, approve, drawnStories, launchBrowser, settled, taskTitles, whatIf } from './page-driver.ts'
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
  for (const tenantId of Object.values(tenants)) {
    const resource = { resourceId: clientIds.todoApi, scopes: ['Tasks.ReadWrite'] }
    await control(scenario, 'POST', 'consents', { tenantId, clientId: clientIds.middleTier, ...resource })
  }
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
})

describe('a consent that is missing', () => {
  it('is asked for at the next click, which goes through when it is given', async () => {
    visitor = await visit(browser, scenario, bob)
    const { page, calls, visits } = visitor
    expect(await whatIf(page, 'Take back the consent')).toContain('The next click asks you for it')
    await page.getByLabel('New task').fill('With consent')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText('Read and change your tasks').waitFor()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByRole('checkbox', { name: 'With consent' }).waitFor()
    await settled(page)

    expect(calls.filter((call) => call.startsWith('POST'))).toEqual([
      'POST /todolist 403',
      'POST /todolist 201',
    ])
    expect(visits.map(({ searchParams }) => [searchParams.get('prompt'), searchParams.get('scope')])).toEqual(
      [['consent', expect.stringContaining(`api://${clientIds.middleTier}/.default`)]],
    )
    const [challenged, given, repeated] = await drawnStories(page)
    expect(challenged?.hops.slice(-4)).toEqual([
      'Middle tier asks Authority: on behalf of',
      'Authority answers Middle tier: AADSTS65001, no consent',
      'Middle tier: the person is needed',
      'Middle tier answers Browser: 403 consent',
    ])
    expect(given).toMatchObject({ title: 'Consent given' })
    expect(given?.hops).toContain('Authority: consent: accepted')
    expect(repeated).toMatchObject({ title: 'POST /todolist 201' })
    await lookAt(page, 'consent')
  })

  it('declined by the person: the page says so, does not ask again by itself, and trying again works', async () => {
    visitor = await visit(browser, scenario, carol)
    const { page, visits } = visitor
    await control(
      scenario,
      'DELETE',
      `consents?tenantId=${tenants.fabrikam}&clientId=${clientIds.middleTier}&resourceId=${clientIds.todoApi}`,
    )
    await page.getByLabel('New task').fill('Not without it')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByText('You did not give the permission.').waitFor()
    await settled(page)
    expect(visits).toHaveLength(1)
    expect((await drawnStories(page)).at(-1)?.title).toBe('Consent AADSTS65004')
    expect(await page.getByRole('heading', { name: 'Carol Chen' }).isVisible()).toBe(true)

    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByRole('checkbox', { name: 'Not without it' }).waitFor()
    await settled(page)
    expect(await taskTitles(page)).toEqual(['Not without it'])
  })
})

describe('sessions that were revoked', () => {
  it('are noticed by Graph at once: the person signs in anew, and sees list and profile', async () => {
    visitor = await visit(browser, scenario, alice)
    const { page, calls, visits } = visitor
    await addTask(page, 'From the first session')
    expect(await whatIf(page, 'Revoke my sessions')).toContain('you sign in again')
    await page.getByRole('button', { name: 'Load again' }).click()
    await page.getByRole('textbox', { name: 'Password' }).fill('Passw0rd!')
    expect(await page.getByRole('textbox', { name: 'User name' }).inputValue()).toBe(alice)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('checkbox', { name: 'From the first session' }).waitFor()
    await settled(page)

    expect(calls.slice(-4).sort()).toEqual([
      'GET /graphMeApi 200',
      'GET /graphMeApi 401',
      'GET /todolist 200',
      'GET /todolist 200',
    ])
    expect(visits[0]?.searchParams.get('claims')).toContain('"nbf"')
    const stories = await drawnStories(page)
    expect(stories.map(({ title }) => title)).toEqual([
      'GET /todolist 200',
      'GET /graphMeApi 401',
      'A new sign-in done',
      'GET /todolist 200',
      'GET /graphMeApi 200',
    ])
    expect(stories[1]?.hops.slice(3)).toEqual([
      'Middle tier: from memory',
      'Middle tier asks Graph: GET /v1.0/me',
      'Graph answers Middle tier: 401',
      'Middle tier: asked for nbf: a new token',
      'Middle tier asks Authority: on behalf of',
      'Authority answers Middle tier: AADSTS50173, revoked',
      'Middle tier: the person is needed',
      'Middle tier answers Browser: 401 insufficient_claims',
    ])
    expect(stories[2]?.hops).toContain('Authority: password given')
    await lookAt(page, 'revoked')
  })

  it('are noticed without Graph, too, as soon as a token has to be exchanged', async () => {
    visitor = await visit(browser, scenario, alice)
    const { page, visits } = visitor
    await addTask(page, 'Before the exchange')
    await control(scenario, 'POST', `users/${alice}/revoke-sessions`, {})
    await scenario.crash('middleTier')
    await page.getByLabel('New task').fill('After the exchange')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('textbox', { name: 'Password' }).fill('Passw0rd!')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('checkbox', { name: 'After the exchange' }).waitFor()
    await settled(page)

    expect(visits.length).toBeGreaterThan(0)
    expect((await drawnStories(page)).map(({ title }) => title)).toEqual([
      'POST /todolist 401',
      'Sign-in done',
      'POST /todolist 201',
    ])
  })

  it('and a policy that was switched on meanwhile cost two visits, and still just one click', async () => {
    visitor = await visit(browser, scenario, carol)
    const { page } = visitor
    await control(scenario, 'POST', `users/${carol}/revoke-sessions`, {})
    await page.getByRole('button', { name: 'Load again' }).click()
    await page.getByRole('textbox', { name: 'Password' }).waitFor()
    await control(scenario, 'PATCH', `policies/${policyIds.mfa}`, { enabled: true })
    await page.getByRole('textbox', { name: 'Password' }).fill('Passw0rd!')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await approve(page)
    await page.locator('.story').nth(5).waitFor()
    await settled(page)
    await control(scenario, 'PATCH', `policies/${policyIds.mfa}`, { enabled: false })

    expect(await page.locator('.story-sign-in .story-title').allInnerTexts()).toEqual([
      expect.stringContaining('A new sign-in'),
      expect.stringContaining('Sign-in with the policy’s claims'),
    ])
    expect((await drawnStories(page)).at(-2)?.title).toBe('GET /todolist 200')
    expect(await page.getByRole('alert').isVisible()).toBe(false)
  })
})
