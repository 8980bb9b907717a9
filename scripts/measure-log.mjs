// Measures the sign-in log of the emulator with a thousand requests in it: how soon its first row is drawn, what an open page receives
// while nothing happens, how large a page is, and how much memory the records take. Run it after `npm run build`.
/* global PerformanceObserver */
import { setTimeout as delay } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { createEmulator } from '@midtier/emulator'

const rounds = 15
const idleSeconds = 20
const client = 'a0000000-0000-4000-8000-000000000002'

const emulator = await createEmulator()
await fill(emulator)
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium' })
const url = `${emulator.origin}/_emulator/log`
const few = `${emulator.origin}/portal/keys`
const firstRows = { inATab: [], inAWindow: [], ofALittlePage: [] }
const tab = await browser.newPage()
for (let round = 0; round < rounds; round += 1) {
  firstRows.inATab.push(await firstPaint(tab, url))
  firstRows.ofALittlePage.push(await inAWindow(few))
  firstRows.inAWindow.push(await inAWindow(url))
}
const figures = {
  'one page, asked for and drawn, ms of processor': await processorTime(url),
  'first row in an open tab, median of the rounds, ms': median(firstRows.inATab),
  'first row in an open tab, slowest, ms': Math.max(...firstRows.inATab),
  // The browser starts a process for it.
  'first row in a new window, median, ms': median(firstRows.inAWindow),
  'a page with hardly anything in a new window, median, ms': median(firstRows.ofALittlePage),
  'idle, bytes per second': await idle(url),
  'page, bytes': (await (await fetch(url)).arrayBuffer()).byteLength,
  'records, bytes of JSON': emulator.requests.bytes,
}
for (const [name, figure] of Object.entries(figures)) process.stdout.write(`${name}: ${figure.toFixed(0)}\n`)
await browser.close()
await emulator.stop()

// Exchanges of a hundred sign-ins, as they are really recorded.
async function fill({ origin, mint, directory, requests }) {
  const [secret] = directory.findApplication(client).secrets
  for (let count = 0; count < 100; count += 1) {
    const assertion = await mint({
      user: 'alice@contoso.onmicrosoft.com',
      client: 'a0000000-0000-4000-8000-000000000001',
      audience: client,
      scopes: ['access_as_user'],
    })
    for (let exchange = 0; exchange < 10; exchange += 1)
      await post(`${origin}/contoso.com/oauth2/v2.0/token`, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        client_id: client,
        client_secret: secret.value,
        scope: 'User.Read',
        assertion,
      })
  }
  if (requests.list().length !== 1000) throw new Error('the log was not filled')
}

async function post(address, fields) {
  const response = await fetch(address, { method: 'POST', body: new URLSearchParams(fields) })
  await response.text()
}

// What a busy machine does not change: the time that the processor works for a page, this script’s own part of it included.
async function processorTime(address) {
  const pages = 50
  const { user, system } = process.cpuUsage()
  for (let count = 0; count < pages; count += 1) await (await fetch(address)).text()
  const spent = process.cpuUsage({ user, system })
  return (spent.user + spent.system) / 1000 / pages
}

/** Milliseconds from the beginning of the navigation to the first contentful paint; of the log, the first row is in it. */
async function firstPaint(page, address) {
  await page.goto(address)
  const ms = await page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => {
          const paint = list.getEntriesByName('first-contentful-paint')[0]
          if (paint) resolve(paint.startTime)
        }).observe({ type: 'paint', buffered: true })
      }),
  )
  if (address === url && (await page.locator('a.entry').count()) === 0) throw new Error('no row was drawn')
  return ms
}

async function inAWindow(address) {
  const page = await browser.newPage()
  const ms = await firstPaint(page, address)
  await page.close()
  return ms
}

async function idle(address) {
  const page = await browser.newPage()
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await page.goto(address)
  await page.getByText('Live', { exact: true }).waitFor()
  let bytes = 0
  session.on('Network.dataReceived', ({ dataLength }) => (bytes += dataLength))
  await delay(idleSeconds * 1000)
  await page.close()
  return bytes / idleSeconds
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
