// Drives the page in a real Chromium as a person would: by what is written on it.
import { access } from 'node:fs/promises'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const password = 'Passw0rd!'

/** Starts Chromium. @throws Error saying what to install when there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  await access(executablePath).catch(() => {
    throw new Error(`There is no Chromium at ${executablePath}: install it, or set CHROMIUM_PATH`)
  })
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page, and whatever it complained about. */
export interface WatchedPage {
  readonly page: Page
  /** Errors and warnings of the console, violations of the content security policy among them. */
  readonly complaints: readonly string[]
}

/** Opens a page of its own session. */
export async function openPage(context: BrowserContext, url: string): Promise<WatchedPage> {
  const page = await context.newPage()
  page.setDefaultTimeout(40_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints }
}

/** Signs in from the welcome page, as somebody who is not signed in at the authority. */
export async function signIn(page: Page, username: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('textbox', { name: 'User name' }).fill(username)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Consents at the authority, and waits for the page. */
export async function consent(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Accept' }).click()
  await settled(page)
}

/** Approves the second step at the authority. */
export async function approve(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Approve sign-in request' }).waitFor()
  await page.getByRole('button', { name: 'Approve' }).click()
}

/** A piece of the drawing. */
export interface DrawnStory {
  /** Title and outcome: `GET /todolist 401`. */
  readonly title: string
  /** As a screen reader says them: `Browser asks Middle tier: GET /todolist`. */
  readonly hops: readonly string[]
}

/** What the drawing says. */
export async function drawnStories(page: Page): Promise<readonly DrawnStory[]> {
  const stories = await page.locator('.story').all()
  return Promise.all(
    stories.map(async (story) => ({
      title: (await story.locator('.story-title > :not(.duration)').allInnerTexts()).join(' '),
      hops: await story
        .locator('.hop')
        .evaluateAll((rows) =>
          rows.map((row) => `${row.firstChild?.textContent}${row.querySelector('.hop-text')?.textContent}`),
        ),
    })),
  )
}

/** Uses a switch or a button of "What if …"; answers what the page says about it. */
export async function whatIf(page: Page, name: string): Promise<string> {
  const switchboard = page.getByRole('region', { name: 'What if …' })
  const said = switchboard.getByRole('status')
  const before = await said.innerText()
  await switchboard.getByRole('switch', { name }).or(switchboard.getByRole('button', { name })).click()
  await page.waitForFunction((text) => document.querySelector('#what-if-said')?.textContent !== text, before)
  return said.innerText()
}

/** Waits until the page has done what it was asked to, drawing included. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main[aria-busy="false"]').waitFor()
}

/** Adds a task and waits until it is on the list. */
export async function addTask(page: Page, title: string): Promise<void> {
  await page.getByLabel('New task').fill(title)
  await page.getByRole('button', { name: 'Add' }).click()
  await untilListed(page, title)
  await settled(page)
}

/** Waits until a task is on the list. @throws Error with what the page says instead. */
export async function untilListed(page: Page, title: string): Promise<void> {
  try {
    await page.getByRole('checkbox', { name: title }).waitFor()
  } catch (cause) {
    const said = await page.locator('body').innerText()
    throw new Error(`“${title}” is not on the list; ${page.url()} says:\n${said}`, { cause })
  }
}

/** Loads list and profile again. */
export async function loadAgain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Load again' }).click()
  await settled(page)
}

/** The titles on the list, from top to bottom. */
export function taskTitles(page: Page): Promise<readonly string[]> {
  return page.locator('.task-title').allTextContents()
}

/** What the panel counts. */
export async function tokenCounts(
  page: Page,
): Promise<{ readonly exchanges: number; readonly cacheHits: number }> {
  const trace = page.locator('#trace')
  const [exchanges, cacheHits] = await Promise.all([
    trace.getAttribute('data-exchanges'),
    trace.getAttribute('data-cache-hits'),
  ])
  return { exchanges: Number(exchanges), cacheHits: Number(cacheHits) }
}

/** The claims on the card of a token, as the page shows them. */
export async function shownClaims(page: Page, audience: string): Promise<Readonly<Record<string, string>>> {
  const card = page.locator(`.token-card[data-audience="${audience}"]`)
  const [names, values] = await Promise.all([
    card.locator('dt').allTextContents(),
    card.locator('dd code').allTextContents(),
  ])
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
}
