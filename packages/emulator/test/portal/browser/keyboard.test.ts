// By keys alone: a policy is turned on, a request is refused, the check that refused is read, and the cure is pressed where it is told.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { onBehalfOf, postToken, signInToWebClient } from '../../scenario.ts'
import { launchChromium } from './real-browser.ts'

let emulator: Emulator
let browser: Browser
let page: Page
beforeAll(async () => {
  emulator = await createEmulator()
  browser = await launchChromium()
  page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
})
afterAll(async () => {
  await browser.close()
  await emulator.stop()
})

/** Goes from stop to stop until the focus is on what has that name. */
async function tabTo(name: string | RegExp): Promise<void> {
  const isThere = (text: string): boolean => (typeof name === 'string' ? text === name : name.test(text))
  const stops: string[] = []
  for (let count = 0; count < 120; count += 1) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const focused = document.activeElement
      const labelled = focused?.getAttribute('aria-labelledby')
      const label = labelled == null ? null : document.getElementById(labelled)
      return (label?.textContent ?? focused?.getAttribute('aria-label') ?? focused?.textContent ?? '').trim()
    })
    if (isThere(stop)) return
    stops.push(stop)
  }
  throw new Error(`no stop is called ${String(name)}: ${stops.join(' | ')}`)
}

const follow = async (name: string | RegExp, key = 'Enter'): Promise<void> => {
  await tabTo(name)
  await page.keyboard.press(key)
}

it('a policy is turned on, its refusal explained, and cured from there', async () => {
  const accessToken = (await signInToWebClient(emulator)).body['access_token'] as string
  await page.goto(emulator.origin)
  await follow(/^Policies/)
  await page.getByRole('heading', { name: 'Policies', level: 1 }).waitFor()
  await follow('Require MFA for To Do API')
  await page.getByRole('complementary', { name: 'Not normal' }).waitFor()
  expect(emulator.policies.find('Require MFA for To Do API')?.enabled).toBe(true)

  const refused = await postToken(emulator, onBehalfOf(accessToken))
  expect(refused.status).toBe(400)
  await follow('Sign-in log')
  await page.getByText('Live', { exact: true }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('result:refused')
  await page.keyboard.press('Enter')
  await page.waitForURL(/q=result/)
  await page.getByText('Live', { exact: true }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.press('Escape')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.getByText('Refused by the policy “Require MFA for To Do API”').waitFor()
  expect(await page.getByRole('row', { name: /failed.*Policies/ }).innerText()).toContain(
    'a second step (mfa)',
  )

  await follow('Chain')
  await page.getByText('Middle tier', { exact: false }).first().waitFor()
  expect(await page.locator('.hop.tone-refused').first().innerText()).toContain('✗ Policies')
  await follow('Turn off “Require MFA for To Do API”')
  await page.getByRole('complementary', { name: 'Not normal' }).waitFor({ state: 'detached' })
  expect(emulator.policies.find('Require MFA for To Do API')?.enabled).toBe(false)
  await follow('Replay')
  await page.getByText('Issued: a token for To Do API').waitFor()
  expect((await postToken(emulator, onBehalfOf(accessToken))).status).toBe(200)
})
