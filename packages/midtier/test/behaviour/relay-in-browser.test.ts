// Two people, one after the other, at one browser whose cache is on: what was relayed to the first is not shown to the second.
import express from 'express'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { protect, sendResponse } from '../../src/adapters/express.ts'
import { alice, bob, ids, listen, startScenario, type Scenario } from './scenario.ts'

let scenario: Scenario
let browser: Browser
let bank: Awaited<ReturnType<typeof listen>>
/** Whose balance the bank was asked for, in order. */
const asked: string[] = []
let said: Record<string, string> = {}

const oidOf = (authorization: string): string => {
  const payload = Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString()
  return (JSON.parse(payload) as { oid: string }).oid
}

beforeAll(async () => {
  const bankApp = express()
  bankApp.set('etag', false)
  bankApp.get('/balance', (req, res) => {
    const oid = oidOf(req.get('authorization') ?? '')
    asked.push(oid)
    res.set(said).type('text').send(`balance of ${oid}`)
  })
  bank = await listen(bankApp)
  scenario = await startScenario({
    downstreamApis: { bank: { baseUrl: bank.url, scopes: [`api://${ids.todoApi}/.default`] } },
  })
  const { app, api } = scenario
  app.get('/', (_req, res) => void res.type('html').send('<!doctype html><title>Bank</title>'))
  app.get('/relayed', protect(api), async (req, res) => {
    await sendResponse(res, await req.caller.downstream('bank').relay('balance'))
  })
  app.get('/raw', protect(api), async (req, res) => {
    await sendResponse(res, await req.caller.fetch('bank')('balance'))
  })
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
})
afterAll(async () => {
  await browser.close()
  await scenario.stop()
  bank.server.closeAllConnections()
  bank.server.close()
})
beforeEach(() => void asked.splice(0))

const show = (page: Page, path: string, token: string): Promise<string> =>
  page.evaluate(
    async ([url = '', authorization = '']) => (await fetch(url, { headers: { authorization } })).text(),
    [path, `Bearer ${token}`],
  )

describe('a browser that keeps answers', () => {
  it.each(
    ['/relayed', '/raw'].flatMap((path) =>
      [
        { 'cache-control': 'private, max-age=600', vary: 'Authorization' },
        { 'cache-control': 'private, max-age=600' },
        { 'cache-control': 'public, max-age=600, immutable', vary: 'Accept-Language' },
      ].map((headers) => [path, headers] as const),
    ),
  )('shows the next person their own balance: %s, %o', async (path, headers) => {
    said = headers
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      await page.goto(`${scenario.url}/`)
      const [ofAlice, ofBob] = [await scenario.token(alice), await scenario.token(bob)]
      const hers = await show(page, path, ofAlice)
      expect(await show(page, path, ofAlice)).toBe(hers)
      expect(asked).toHaveLength(1) // the cache is on, and of use

      await page.goto('about:blank')
      await page.goto(`${scenario.url}/`) // she has signed out, and somebody else sits down
      const his = await show(page, path, ofBob)
      expect(hers).toBe(`balance of ${ids.alice}`)
      expect(his).not.toContain(ids.alice)
      expect(his).toBe(`balance of ${asked[1] ?? ''}`)
    } finally {
      await context.close()
    }
  })
})
