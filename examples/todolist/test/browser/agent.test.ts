// An agent that the person asks: the drawing shows which tokens it takes, and who acts for whom.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clientIds, policyIds, tenants } from '../../registrations.ts'
import { startRunningScenario, type RunningScenario } from '../running-scenario.ts'
import { lookAt } from './look-at.ts'
import {
  addTask,
  approve,
  drawnStories,
  launchBrowser,
  settled,
  shownClaims,
  taskTitles,
  tokenCounts,
} from './page-driver.ts'
import { control, visit, type Visitor } from './signed-in-visitor.ts'

const aliceObjectId = 'c0000000-0000-4000-8000-0000000000a1'

let scenario: RunningScenario
let browser: Browser
let visitor: Visitor

beforeAll(async () => {
  scenario = await startRunningScenario()
  browser = await launchBrowser()
})

afterEach(async () => {
  await visitor.leave()
  await control(scenario, 'PATCH', `policies/${policyIds.mfa}`, { enabled: false })
  await control(scenario, 'PATCH', `agents/${clientIds.agent}`, { enabled: true })
})

afterAll(async () => {
  await browser.close()
  await scenario.stop()
})

const ask = async (how: 'On my behalf' | 'By itself'): Promise<void> => {
  await visitor.page.getByRole('button', { name: how }).click()
  await settled(visitor.page)
}
const actors = (): Promise<readonly string[]> =>
  visitor.page.locator('.actor').evaluateAll((boxes) => boxes.map(({ textContent }) => textContent))
const said = (): Promise<string> => visitor.page.locator('#agent-said').innerText()

describe('an agent', () => {
  it('reads the list on the behalf of the person: she is the subject, and it is the client', async () => {
    visitor = await visit(browser, scenario, 'alice@contoso.onmicrosoft.com')
    const { page, complaints, visits } = visitor
    await addTask(page, 'Water the plants')
    await ask('On my behalf')

    expect(await said()).toBe('For you: 1 to do, “Water the plants” first.')
    expect(visits).toEqual([])
    const [story] = await drawnStories(page)
    expect(story?.hops.slice(2)).toEqual([
      'Browser asks Middle tier: GET /assistant/tasks',
      'Middle tier asks Authority: signing keys',
      'Middle tier: token valid',
      'Middle tier asks Authority: let the agent act',
      'Authority answers Middle tier: new token',
      'Middle tier asks Authority: on behalf of',
      'Authority answers Middle tier: new token',
      'Middle tier asks To Do API: GET /api/tasks',
      'To Do API: token valid',
      'To Do API: agent for a person',
      'To Do API answers Middle tier: 200',
      'Middle tier answers Browser: 200',
    ])
    expect(await actors()).toEqual([
      expect.stringMatching(/^Contoso Assistant.*client.*azp …0007.*xms_act_fct 9 3 11$/),
      expect.stringMatching(/^Alice Adams.*subject.*oid …00a1.*xms_sub_fct 2$/),
    ])
    expect(await shownClaims(page, 'assistant')).toMatchObject({
      aud: clientIds.blueprint,
      scp: 'access_agent',
    })
    expect((await shownClaims(page, 'agentProof'))['sub']).toMatch(new RegExp(`/${clientIds.agent}$`))
    expect(await shownClaims(page, 'agentTodoApi')).toEqual({
      ...{ aud: clientIds.todoApi, azp: clientIds.agent, xms_act_fct: '9 3 11', xms_sub_fct: '2' },
      ...{ xms_par_app_azp: clientIds.blueprint, scp: 'Tasks.ReadWrite', oid: aliceObjectId },
      ...{ tid: tenants.contoso, exp: expect.stringMatching(/^\d+$/) as string },
    })
    await lookAt(page, 'agent-for-a-person')
    expect(complaints).toEqual([])
  })

  it('counts by itself: it is client and subject, has roles and no scopes, and is not told whose tasks there are', async () => {
    visitor = await visit(browser, scenario, 'bob@contoso.onmicrosoft.com')
    const { page, complaints } = visitor
    await addTask(page, 'Only mine')
    await ask('By itself')

    expect(await said()).toBe('By itself: 2 tasks of 2 people, 0 done.')
    expect((await drawnStories(page))[0]?.hops).toContain('To Do API: agent by itself')
    expect(await actors()).toEqual([
      expect.stringMatching(/^Contoso Assistant.*azp …0007.*xms_act_fct 9 3 11$/),
      expect.stringMatching(/^itself.*oid …0007.*xms_sub_fct 9 3 11$/),
    ])
    expect(await shownClaims(page, 'agentTodoApi')).toMatchObject({
      ...{ azp: clientIds.agent, oid: clientIds.agent, scp: '/', roles: '["Tasks.Read.All"]' },
    })
    await lookAt(page, 'agent-by-itself')
    await ask('By itself')
    expect(await tokenCounts(page)).toEqual({ exchanges: 0, cacheHits: 1 })
    expect(complaints).toEqual([])
  })

  it('is asked with the keyboard alone, and the keyboard stays where it was', async () => {
    visitor = await visit(browser, scenario, 'alice@contoso.onmicrosoft.com')
    const { page } = visitor
    await page.getByRole('button', { name: 'Delete “Water the plants”' }).focus()
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').innerText()).toBe('On my behalf')
    await page.keyboard.press('Enter')
    await page.locator('.actor-agent').waitFor()
    await settled(page)
    expect(await page.locator(':focus').innerText()).toBe('On my behalf')
    expect(await page.locator('#announcement').innerText()).toMatch(
      /^For you: 1 to do, “Water the plants” first\. Contoso Assistant acts for Alice Adams: /,
    )
  })

  it('meets the policies of the person: she confirms, and the same click and the list go through', async () => {
    visitor = await visit(browser, scenario, 'alice@contoso.onmicrosoft.com')
    const { page } = visitor
    await control(scenario, 'PATCH', `policies/${policyIds.mfa}`, { enabled: true })
    await page.getByRole('button', { name: 'On my behalf' }).click()
    await approve(page)
    await page.locator('.actor-agent').waitFor()
    await settled(page)

    expect((await drawnStories(page)).map(({ title }) => title)).toEqual([
      'GET /assistant/tasks 401',
      'Sign-in with the policy’s claims done',
      'GET /assistant/tasks 200',
    ])
    expect(await page.locator('.story-sign-in .ticket').allInnerTexts()).toEqual([
      expect.stringContaining('4'),
    ])
    expect(await page.getByRole('alert').isVisible()).toBe(false)
    expect(await taskTitles(page)).toEqual(['Water the plants'])
  })

  it('that is disabled gets nothing new, and the drawing says so', async () => {
    visitor = await visit(browser, scenario, 'bob@contoso.onmicrosoft.com')
    const { page } = visitor
    await control(scenario, 'PATCH', `agents/${clientIds.agent}`, { enabled: false })
    await ask('On my behalf')
    const [story] = await drawnStories(page)
    expect(story?.title).toBe('GET /assistant/tasks 500')
    expect(story?.hops).toContain('Authority answers Middle tier: AADSTS7000112, disabled')
    expect(await actors()).toEqual([])
    expect(await page.getByRole('alert').isVisible()).toBe(true)
  })

  it('is not offered to people of another tenant, for whom it cannot act', async () => {
    visitor = await visit(browser, scenario, 'carol@fabrikam.onmicrosoft.com')
    expect(await visitor.page.getByRole('heading', { name: 'Tasks' }).isVisible()).toBe(true)
    expect(await visitor.page.getByRole('heading', { name: 'Ask an agent' }).isVisible()).toBe(false)
  })
})
