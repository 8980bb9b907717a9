// The settings of MSAL Browser as they are printed, bundled into a page and opened in Chromium.
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser } from 'playwright-core'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { contoso, webClient } from '../../scenario.ts'
import { printed, withFile } from '../run-printed.ts'

let emulator: Emulator
let browser: Browser
let script = ''
let page: Server
beforeAll(async () => {
  emulator = await createEmulator()
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  page = createServer((request, response) => {
    const isScript = request.url === '/settings.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><script type="module" src="/settings.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(page, 'listening')
})
afterAll(async () => {
  page.close()
  await Promise.all([browser.close(), emulator.stop()])
})

it('leads MSAL Browser to the sign-in page of the emulator', async () => {
  const text = await printed(emulator, 'msal-browser', 'To Do list web client')
  expect(text).toContain("redirectUri: 'http://localhost:3000/'")
  // The port of localhost does not matter, and 3000 may be taken.
  const origin = `http://localhost:${String((page.address() as AddressInfo).port)}`
  script = await bundle(text.replace('http://localhost:3000', origin))
  const tab = await browser.newPage()
  await tab.goto(origin)
  await tab.locator('input[name=username]').waitFor()
  const url = new URL(tab.url())
  expect(`${url.origin}${url.pathname}`).toBe(`${emulator.origin}/${contoso}/oauth2/v2.0/authorize`)
  expect(url.searchParams.get('client_id')).toBe(webClient)
})

function bundle(text: string): Promise<string> {
  return withFile('settings.js', text, async (input) => {
    const built = await rolldown({ input, platform: 'browser' })
    const { output } = await built.generate({ format: 'esm', codeSplitting: false })
    return output[0].code
  })
}
