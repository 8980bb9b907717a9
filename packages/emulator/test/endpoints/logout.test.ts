// Signing out: which session ends, what the page says about it, and where it leads.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { createBrowser, type Browser } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import { alice, authorizeUrl, bob, claimsOf, contoso, redeem, signIn } from '../scenario.ts'

let emulator: Emulator
let browser: Browser
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(async () => {
  browser = createBrowser(emulator.origin)
  await signIn(browser, authorizeUrl(emulator))
  await signIn(browser, authorizeUrl(emulator, { prompt: 'login' }), { username: bob })
})

const logout = (parameters: Record<string, string> = {}, version = '/v2.0'): string =>
  `${emulator.origin}/${contoso}/oauth2${version}/logout?${new URLSearchParams(parameters).toString()}`

/** The error of a silent sign-in; none when the account is signed in. */
async function silentError(loginHint: string): Promise<string | null | undefined> {
  const url = authorizeUrl(emulator, { prompt: 'none', login_hint: loginHint })
  return (await browser.open(url)).location?.searchParams.get('error')
}

describe('signing out', () => {
  it('ends every session without a hint, names the one that was last, and tells when none is left', async () => {
    const page = await browser.open(logout())
    expect(page.status).toBe(200)
    expect(page.html).toContain(`<strong>${bob}</strong>`)
    expect([await silentError(alice), await silentError(bob)]).toEqual(['login_required', 'login_required'])
    expect((await browser.open(logout())).html).toContain('No session is left')
  })

  it.each([
    ['user name', () => Promise.resolve(alice)],
    ['login_hint claim', loginHintOfAlice],
  ])('ends the session of a %s alone, and names it', async (_, hint) => {
    const page = await browser.open(logout({ logout_hint: await hint() }))
    expect(page.html).toContain(`<strong>${alice}</strong>`)
    expect([await silentError(alice), await silentError(bob)]).toEqual(['login_required', null])
  })

  it('ends every session when the hint is nobody', async () => {
    await browser.open(logout({ logout_hint: 'nobody@contoso.com' }))
    expect([await silentError(alice), await silentError(bob)]).toEqual(['login_required', 'login_required'])
  })

  it.each(['/v2.0', ''])('leads back with the state, if there is one: oauth2%s/logout', async (version) => {
    const target = { post_logout_redirect_uri: 'http://localhost:3000/' }
    const plain = await browser.open(logout(target, version))
    expect(plain.status).toBe(302)
    expect(plain.location?.href).toBe('http://localhost:3000/')
    const withState = await browser.open(logout({ ...target, state: 'a b' }, version))
    expect(withState.location?.searchParams.get('state')).toBe('a b')
  })

  it('can be posted', async () => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = new URLSearchParams({
      logout_hint: alice,
      post_logout_redirect_uri: 'http://localhost:3000/',
    })
    const response = await fetch(logout(), { method: 'POST', body, headers: { cookie }, redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('http://localhost:3000/')
  })
})

async function loginHintOfAlice(): Promise<string> {
  const claims = JSON.stringify({ id_token: { login_hint: { essential: false } } })
  const page = await browser.open(authorizeUrl(emulator, { login_hint: alice, claims }))
  const { body } = await redeem(emulator, page.location!.searchParams.get('code')!)
  return claimsOf(body['id_token'] as string)['login_hint'] as string
}

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/logout.txt')
})
