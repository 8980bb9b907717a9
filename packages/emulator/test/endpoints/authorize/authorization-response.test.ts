// The answer of the authorize endpoint: in every mode it is kept by nobody, and an error says what a client decides by.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { createBrowser, parseForm, type Browser, type BrowserPage } from '../../browser.ts'
import { alice, authorizeUrl, bob, middleTier, signIn, todoApi } from '../../scenario.ts'

let emulator: Emulator
let browser: Browser
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(async () => {
  emulator.policies.clear()
  browser = createBrowser(emulator.origin)
  await signIn(browser, authorizeUrl(emulator))
})

/** The parameters that the application gets, whichever way. */
function answerOf({ location, html }: BrowserPage): Record<string, string> {
  if (location === undefined) return parseForm(html).fields
  const text = location.hash === '' ? location.search : location.hash.slice(1)
  return Object.fromEntries(new URLSearchParams(text))
}

const modes = ['query', 'fragment', 'form_post']

describe.each(modes)('an answer by %s', (mode) => {
  it.each([
    ['code', {}, ['client_info', 'code', 'session_state', 'state']],
    ['error', { scope: `api://${middleTier}/nope` }, ['error', 'error_description', 'state']],
  ])('with the %s is kept by nobody and sends no referrer', async (_, changes, names) => {
    const page = await browser.open(authorizeUrl(emulator, { response_mode: mode, ...changes }))
    expect(page.status).toBe(mode === 'form_post' ? 200 : 302)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    const answer = answerOf(page)
    expect(Object.keys(answer).sort()).toEqual(names)
    expect(answer['state']).toBe('the-state')
  })
})

describe('an error for the application', () => {
  it('carries suberror, claims and error_uri when there are such', async () => {
    const { id } = emulator.policies.add({ kind: 'require_mfa', resource: middleTier })
    const answer = answerOf(await browser.open(authorizeUrl(emulator, { prompt: 'none' })))
    expect(answer).toMatchObject({
      suberror: 'basic_action',
      error_uri: `${emulator.origin}/error?code=50076`,
    })
    expect(answer['error_description']).toMatch(
      /^AADSTS50076: .* Trace ID: .* Correlation ID: .* Timestamp: /,
    )
    expect(JSON.parse(answer['claims']!)).toEqual({
      access_token: { capolids: { essential: true, values: [id] } },
    })
  })

  it('is in the request log', async () => {
    await browser.open(authorizeUrl(emulator, { scope: 'api://nobody/x' }))
    expect(emulator.requests.list().at(-1)).toMatchObject({ endpoint: 'authorize', error: [500011] })
  })
})

describe('the way back without a sign-in', () => {
  const cancel = (page: BrowserPage): URL | undefined => {
    const href = /<a class="secondary" href="([^"]*)"/.exec(page.html)?.[1]
    return href === undefined ? undefined : new URL(href.replaceAll('&amp;', '&'))
  }
  const open = (changes: Record<string, string>): Promise<BrowserPage> =>
    createBrowser(emulator.origin).open(authorizeUrl(emulator, changes))

  it.each(['query', 'fragment'])('is the answer of a user who declined, by %s', async (mode) => {
    const location = cancel(await open({ response_mode: mode }))!
    expect(location.origin).toBe('http://localhost:3000')
    expect(location.hash === '').toBe(mode === 'query')
    expect(answerOf({ location } as BrowserPage)).toEqual({
      error: 'access_denied',
      error_subcode: 'cancel',
      error_description: 'the user canceled the authentication',
      state: 'the-state',
    })
  })

  it('is not there where only a form could lead', async () => {
    expect(cancel(await open({ response_mode: 'form_post' }))).toBeUndefined()
  })
})

describe('which account answers', () => {
  const sessions = async (...users: readonly string[]): Promise<Browser> => {
    const fresh = createBrowser(emulator.origin)
    for (const username of users)
      await signIn(fresh, authorizeUrl(emulator, { prompt: 'login' }), { username })
    return fresh
  }
  const actionOf = (page: BrowserPage): string => parseForm(page.html).action.split('/').at(-1) ?? ''
  const open = async (of: Browser, changes: Record<string, string>, tenant?: string): Promise<string> => {
    const page = await of.open(authorizeUrl(emulator, changes, tenant))
    return page.location === undefined
      ? actionOf(page)
      : page.location.searchParams.has('code')
        ? 'code'
        : 'error'
  }

  it('is chosen when the application asks for that, even from one; without any there is a sign-in', async () => {
    expect(await open(await sessions(alice), { prompt: 'select_account' })).toBe('account')
    expect(await open(createBrowser(emulator.origin), { prompt: 'select_account' })).toBe('login')
  })

  it('is the hinted one, by name or mail address; a stranger signs in', async () => {
    const both = await sessions(alice, bob)
    expect(await open(both, {})).toBe('account')
    expect(await open(both, { login_hint: 'bob@contoso.com' })).toBe('code')
    expect(await open(both, { login_hint: 'nobody@contoso.com' })).toBe('login')
    expect(await open(await sessions(bob), { login_hint: alice })).toBe('login')
  })

  it('is never one that the tenant does not know', async () => {
    const ofContoso = await sessions(alice)
    expect(await open(ofContoso, {}, 'fabrikam.onmicrosoft.com')).toBe('login')
    expect(await open(ofContoso, {}, 'common')).toBe('code')
  })

  it('has to answer for the sign-in that it was picked for', async () => {
    const both = await sessions(alice, bob)
    const picker = await both.open(authorizeUrl(emulator))
    expect(actionOf(await both.submit(picker, { account: todoApi }))).toBe('login')
  })
})
