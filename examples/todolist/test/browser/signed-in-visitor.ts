// A person on the page in a browser session of their own, for tests that share a scenario but not a sign-in.
import type { Browser } from 'playwright-core'
import type { RunningScenario } from '../running-scenario.ts'
import { consent, openPage, settled, signIn, type WatchedPage } from './page-driver.ts'

/** A visitor who is signed in. */
export interface Visitor extends WatchedPage {
  /** `METHOD path status` of every call of the middle tier so far. */
  readonly calls: readonly string[]
  /** Every visit to the authorize endpoint so far. */
  readonly visits: readonly URL[]
  readonly leave: () => Promise<void>
}

/** Signs somebody in, and consents for those who have not yet. */
export async function visit(browser: Browser, { urls }: RunningScenario, username: string): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
  const watched = await openPage(context, urls.client)
  const { page } = watched
  await signIn(page, username)
  const accept = page.getByRole('button', { name: 'Accept' })
  const signOut = page.getByRole('button', { name: 'Sign out' })
  await accept.or(signOut).first().waitFor()
  if (await accept.isVisible()) await consent(page)
  await settled(page)

  const calls: string[] = []
  const visits: URL[] = []
  page.on('response', (response) => {
    const { pathname, origin } = new URL(response.url())
    const method = response.request().method()
    if (origin === urls.middleTier && !pathname.startsWith('/trace') && method !== 'OPTIONS')
      calls.push(`${method} ${pathname} ${response.status()}`)
  })
  page.on('request', (request) => {
    if (request.url().includes('/oauth2/v2.0/authorize?')) visits.push(new URL(request.url()))
  })
  return { ...watched, calls, visits, leave: () => context.close() }
}

/** Changes the emulator as another process would. */
export async function control(
  { urls }: RunningScenario,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  const response = await fetch(`${urls.emulator}/_emulator/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
}
