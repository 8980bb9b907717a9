// A device that asks for a code, and its user, who types it in a browser.
import type { Emulator } from '../src/index.ts'
import { createBrowser, parseForm, type Browser, type BrowserPage } from './browser.ts'
import {
  accessAsUser,
  alice,
  commandLine,
  contoso,
  password,
  postToken,
  type Json,
  type TokenAnswer,
} from './scenario.ts'

/** Asks for a device code. */
export async function begin(
  { origin }: Pick<Emulator, 'origin'>,
  changes: Record<string, string> = {},
  { tenant = contoso, version = '/v2.0' }: { tenant?: string; version?: string } = {},
): Promise<{ status: number; body: Json }> {
  const body = new URLSearchParams({
    client_id: commandLine,
    scope: `${accessAsUser} openid profile offline_access`,
    ...changes,
  })
  const response = await fetch(`${origin}/${tenant}/oauth2${version}/devicecode`, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Json }
}

/** Asks for the tokens. */
export function poll(
  emulator: Pick<Emulator, 'origin'>,
  deviceCode: string,
  changes: Record<string, string> = {},
  options: { tenant?: string; version?: string; headers?: Record<string, string> } = {},
): Promise<TokenAnswer> {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: commandLine,
    device_code: deviceCode,
    ...changes,
  }
  return postToken(emulator, form, options)
}

/** Types the code, answers the question, signs in and consents. */
export async function signInForDevice(
  { origin }: Pick<Emulator, 'origin'>,
  userCode: string,
  {
    browser = createBrowser(origin),
    confirmation = 'continue',
    consent = 'accept',
    username = alice,
  }: { browser?: Browser; confirmation?: string; consent?: string; username?: string } = {},
): Promise<BrowserPage> {
  const entered = await browser.submit(await browser.open(`${origin}/devicelogin`), { code: userCode })
  if (!parseForm(entered.html).action.endsWith('/confirm')) return entered
  const page = await browser.submit(entered, { confirmation })
  const { action } = parseForm(page.html)
  if (action.endsWith('/account')) return browser.submit(page, { account: 'other' })
  const next = action.endsWith('/login') ? await browser.submit(page, { username, password }) : page
  return parseForm(next.html).action.endsWith('/consent') ? browser.submit(next, { consent }) : next
}
