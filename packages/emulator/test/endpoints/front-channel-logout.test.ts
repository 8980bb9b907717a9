// Front-channel logout: the applications that a session signed in to are told when it ends, each by its own address and name for it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createBrowser, type Browser, type BrowserPage } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import { alice, authorizeUrl, bob, contoso, signIn } from '../scenario.ts'

const first = 'a0000000-0000-4000-8000-0000000000e1'
const second = 'a0000000-0000-4000-8000-0000000000e2'
const silent = 'a0000000-0000-4000-8000-0000000000e3'
const redirectUri = 'http://localhost:5000/callback'

let emulator: Emulator
let browser: Browser
beforeAll(async () => {
  const common = { tenantId: contoso, redirectUris: { web: [redirectUri] } }
  const applications = [
    ...defaultDirectory.applications,
    {
      ...common,
      id: first,
      displayName: 'First',
      frontChannelLogoutUrl: 'http://localhost:5000/logout?of=emulator',
    },
    {
      ...common,
      id: second,
      displayName: 'Second',
      frontChannelLogoutUrl: 'https://second.example/signed-out',
    },
    { ...common, id: silent, displayName: 'Silent' },
  ]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())
beforeEach(() => {
  browser = createBrowser(emulator.origin)
})

/** Signs in to an application; gives the id of the session. */
async function signInTo(
  clientId: string,
  changes: Record<string, string> = {},
  username = alice,
  path = '/oauth2/v2.0/',
): Promise<string> {
  const request = { client_id: clientId, redirect_uri: redirectUri, scope: 'openid profile', ...changes }
  const url = authorizeUrl(emulator, request).replace('/oauth2/v2.0/', path)
  const { location } = await signIn(browser, url, { username })
  return location!.searchParams.get('session_state')!
}

const signOut = (parameters: Record<string, string> = {}): Promise<BrowserPage> =>
  browser.open(
    `${emulator.origin}/${contoso}/oauth2/v2.0/logout?${new URLSearchParams(parameters).toString()}`,
  )

/** The addresses in the frames of a page. */
const framesOf = ({ html }: BrowserPage): readonly string[] =>
  [...html.matchAll(/<iframe src="([^"]*)"[^>]* hidden=""/g)].map(([, url = '']) =>
    url.replaceAll('&amp;', '&'),
  )

const called = (base: string, sid: string, issuer: string): string => {
  const url = new URL(base)
  url.searchParams.set('sid', sid)
  url.searchParams.set('iss', issuer)
  return url.href
}

describe('the end of a session', () => {
  it('is told to every application that it signed in to and that has an address for it, and to no other', async () => {
    const sid = await signInTo(first)
    expect([await signInTo(silent), await signInTo(first)]).toEqual([sid, sid])
    const issuer = `${emulator.origin}/${contoso}/v2.0`
    const page = await signOut()
    expect(framesOf(page)).toEqual([called('http://localhost:5000/logout?of=emulator', sid, issuer)])
    expect(page.html).toContain('You can close this window')
    expect(framesOf(await signOut())).toEqual([])
  })

  it('is told with the issuer of the version that the application knows', async () => {
    const sid = await signInTo(first, {}, alice, '/oauth2/')
    expect(framesOf(await signOut())[0]).toContain(
      `sid=${sid}&iss=${encodeURIComponent(`${emulator.origin}/${contoso}/`)}`,
    )
  })

  it('lets the page have those frames alone', async () => {
    await signInTo(first)
    await signInTo(second)
    const policy = (await signOut()).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain('; frame-src http://localhost:5000 https://second.example; ')
    expect((await signOut()).headers.get('content-security-policy')).not.toContain('frame-src')
  })

  it('leads back when the applications have been told, by script or by hand, and at once when there is none', async () => {
    const target = { post_logout_redirect_uri: redirectUri, state: 'a b' }
    await signInTo(first)
    const page = await signOut(target)
    expect(page.status).toBe(200)
    expect(framesOf(page)).toHaveLength(1)
    expect(page.html).toContain(`id="continue" href="${redirectUri}?state=a+b"`)
    expect(page.html).toContain('/_emulator/assets/signed-out.js')
    await signInTo(silent)
    const away = await signOut(target)
    expect([away.status, away.location?.href]).toEqual([302, `${redirectUri}?state=a+b`])
  })

  it('is that of the account that was named', async () => {
    const ofAlice = await signInTo(first)
    const ofBob = await signInTo(first, { prompt: 'login' }, bob)
    const [only, ...others] = framesOf(await signOut({ logout_hint: alice }))
    expect([others, only]).toEqual([[], expect.stringContaining(`sid=${ofAlice}`)])
    expect(framesOf(await signOut())).toEqual([expect.stringContaining(`sid=${ofBob}`)])
  })

  it('cannot be told to a script', async () => {
    const application = { id: first, displayName: 'First', frontChannelLogoutUrl: 'javascript:alert(1)' }
    const directory = { ...defaultDirectory, applications: [...defaultDirectory.applications, application] }
    await expect(createEmulator({ directory })).rejects.toThrow(
      'frontChannelLogoutUrl: must be of http or https',
    )
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/front-channel-logout.txt')
})
