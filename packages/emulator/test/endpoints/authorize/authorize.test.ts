import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../../src/index.ts'
import { createBrowser, parseForm } from '../../browser.ts'
import {
  answerOf,
  accessAsUser,
  alice,
  authorizeUrl,
  bob,
  carol,
  claimsOf,
  contoso,
  fabrikam,
  middleTier,
  password,
  redeem,
  signIn,
  webClient,
  type Json,
} from '../../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(async () => {
  for (const tenantId of [contoso, fabrikam])
    await emulator.directory.consents.revoke({ tenantId, clientId: webClient })
})

const clientInfo = (text: string | null): Json =>
  JSON.parse(Buffer.from(text ?? '', 'base64url').toString()) as Json

describe('signing in', () => {
  it('leads through sign-in and consent back to the application with a code', async () => {
    const browser = createBrowser(emulator.origin)
    const signInPage = await browser.open(authorizeUrl(emulator))
    expect(signInPage.html).toContain('To Do list web client')
    const consentPage = await browser.submit(signInPage, { username: alice, password })
    expect(consentPage.html).toContain('access_as_user')
    const { location } = await browser.submit(consentPage, { consent: 'accept' })
    expect(location?.origin).toBe('http://localhost:3000')
    expect(location?.searchParams.get('state')).toBe('the-state')
    expect(location?.searchParams.get('session_state')).toBeTruthy()
    expect(clientInfo(location!.searchParams.get('client_info'))['utid']).toBe(contoso)
  })

  it('signs in with one click on a suggested account, without a password', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.open(authorizeUrl(emulator))
    const next = await browser.submit(page, { username: alice, suggested: 'on' })
    expect(next.html).not.toContain('incorrect')
    expect(next.html).toContain('name="consent"')
  })

  it('refuses a suggested account that is not in the directory', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.open(authorizeUrl(emulator))
    const next = await browser.submit(page, { username: 'nobody@contoso.onmicrosoft.com', suggested: 'on' })
    expect(next.html).toContain('find an account')
  })

  it('asks again after a wrong password, and says so', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.submit(await browser.open(authorizeUrl(emulator)), {
      username: alice,
      password: 'wrong',
    })
    expect(page.location).toBeUndefined()
    expect(page.html).toContain('Your account or password is incorrect.')
  })

  it('says of a disabled account that it is', async () => {
    const users = defaultDirectory.users.map((user) =>
      user.username === bob ? { ...user, accountEnabled: false } : user,
    )
    const other = await createEmulator({ directory: { ...defaultDirectory, users } })
    const browser = createBrowser(other.origin)
    const page = await browser.submit(await browser.open(authorizeUrl(other)), { username: bob, password })
    await other.stop()
    expect(page.html).toContain('Your account is disabled.')
    expect(page.location).toBeUndefined()
  })

  it('signs in without a page when a session and the consent are there', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const { location } = await browser.open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(location?.searchParams.get('code')).toBeTruthy()
  })

  it('asks for the password again with prompt=login', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const page = await browser.open(authorizeUrl(emulator, { prompt: 'login' }))
    expect(parseForm(page.html).action).toBe(`/${contoso}/login`)
    const { location } = await browser.submit(page, { username: alice, password })
    expect(location?.searchParams.get('code')).toBeTruthy()
  })

  it('lets the user choose among several accounts, and honours login_hint', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    await signIn(browser, authorizeUrl(emulator, { prompt: 'login' }), { username: bob })
    const picker = await browser.open(authorizeUrl(emulator))
    expect(picker.html).toContain('Alice Adams')
    expect(picker.html).toContain('Bob Brown')
    const { location } = await browser.submit(picker, { account: 'c0000000-0000-4000-8000-0000000000b1' })
    expect(clientInfo(location!.searchParams.get('client_info'))['uid']).toBe(
      'c0000000-0000-4000-8000-0000000000b1',
    )
    const hinted = await browser.open(authorizeUrl(emulator, { login_hint: alice }))
    expect(clientInfo(hinted.location!.searchParams.get('client_info'))['uid']).toBe(
      'c0000000-0000-4000-8000-0000000000a1',
    )
    const other = await browser.submit(
      await browser.open(authorizeUrl(emulator, { prompt: 'select_account' })),
      { account: 'other' },
    )
    expect(parseForm(other.html).action).toBe(`/${contoso}/login`)
  })

  it('resolves common to the home tenant of the user', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await signIn(browser, authorizeUrl(emulator, {}, 'common'), { username: carol })
    const { body } = await redeem(emulator, page.location!.searchParams.get('code')!, { tenant: 'common' })
    expect(claimsOf(body['access_token'] as string)['tid']).toBe(fabrikam)
  })

  it('signs a guest in to the resource tenant, and names the home account in client_info', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await signIn(browser, authorizeUrl(emulator), { username: carol })
    const { body } = await redeem(emulator, page.location!.searchParams.get('code')!)
    const claims = claimsOf(body['access_token'] as string)
    expect(claims).toMatchObject({
      tid: contoso,
      oid: 'c0000000-0000-4000-8000-0000000000c9',
      idp: `${emulator.origin}/${fabrikam}/`,
    })
    expect(clientInfo(body['client_info'] as string)).toEqual({
      uid: 'f0000000-0000-4000-8000-0000000000c1',
      utid: fabrikam,
    })
  })

  it('turns a stranger to the tenant away', async () => {
    const page = await signIn(createBrowser(emulator.origin), authorizeUrl(emulator, {}, fabrikam), {
      username: alice,
    })
    expect(page.location).toBeUndefined()
    expect(page.html).toContain('AADSTS50020')
  })

  it('forgets the session at sign-out and returns to a registered address only', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const logout = `${emulator.origin}/${contoso}/oauth2/v2.0/logout`
    const foreign = await browser.open(
      `${logout}?post_logout_redirect_uri=${encodeURIComponent('https://evil.example/')}`,
    )
    expect(foreign.location).toBeUndefined()
    const silent = await browser.open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(silent.location?.searchParams.get('error')).toBe('login_required')
    const back = await browser.open(
      `${logout}?post_logout_redirect_uri=${encodeURIComponent('http://localhost:3000/')}&state=s`,
    )
    expect(back.location?.href).toBe('http://localhost:3000/?state=s')
  })
})

describe('consent', () => {
  it('is asked once per user', async () => {
    await signIn(createBrowser(emulator.origin), authorizeUrl(emulator))
    const browser = createBrowser(emulator.origin)
    const page = await browser.submit(await browser.open(authorizeUrl(emulator)), {
      username: alice,
      password,
    })
    expect(page.location?.searchParams.get('code')).toBeTruthy()
    const other = createBrowser(emulator.origin)
    const bobs = await other.submit(await other.open(authorizeUrl(emulator)), { username: bob, password })
    expect(parseForm(bobs.html).action).toBe(`/${contoso}/consent`)
  })

  it('of an administrator can cover everyone', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.submit(await browser.open(authorizeUrl(emulator)), {
      username: alice,
      password,
    })
    await browser.submit(page, { consent: 'accept', organization: 'on' })
    const other = createBrowser(emulator.origin)
    const bobs = await other.submit(await other.open(authorizeUrl(emulator)), { username: bob, password })
    expect(bobs.location?.searchParams.get('code')).toBeTruthy()
  })

  it('of anyone else covers only themselves, whatever the form says', async () => {
    const browser = createBrowser(emulator.origin)
    const page = await browser.submit(await browser.open(authorizeUrl(emulator)), { username: bob, password })
    await browser.submit(page, { consent: 'accept', organization: 'on' })
    const given = emulator.directory.consents.list().filter(({ clientId }) => clientId === webClient)
    expect(given.every(({ userId }) => userId === 'c0000000-0000-4000-8000-0000000000b1')).toBe(true)
    expect(given.length).toBeGreaterThan(0)
  })

  it('that is declined is an error for the application', async () => {
    const page = await signIn(createBrowser(emulator.origin), authorizeUrl(emulator), { consent: 'decline' })
    expect(page.location?.searchParams.get('error')).toBe('access_denied')
    expect(page.location?.searchParams.get('error_description')).toContain('AADSTS65004')
  })

  it('is asked again with prompt=consent', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const page = await browser.open(authorizeUrl(emulator, { prompt: 'consent' }))
    expect(parseForm(page.html).action).toBe(`/${contoso}/consent`)
  })

  it('with .default covers a middle tier that knows the client', async () => {
    await emulator.directory.consents.revoke({ tenantId: contoso, clientId: middleTier })
    const browser = createBrowser(emulator.origin)
    const url = authorizeUrl(emulator, { scope: `api://${middleTier}/.default openid` })
    const page = await browser.submit(await browser.open(url), { username: bob, password })
    expect(page.html).toContain('Tasks.ReadWrite')
    await browser.submit(page, { consent: 'accept' })
    const given = emulator.directory.consents
      .list()
      .filter((it) => it.clientId === middleTier && it.tenantId === contoso)
    expect(given.flatMap(({ scopes }) => scopes).sort()).toEqual(['Tasks.ReadWrite', 'User.Read'])
  })

  it('cannot be given through a form that another browser was shown', async () => {
    const victim = createBrowser(emulator.origin)
    await victim.submit(await victim.open(authorizeUrl(emulator)), { username: alice, password })
    const attacker = createBrowser(emulator.origin)
    const page = await attacker.submit(await attacker.open(authorizeUrl(emulator)), {
      username: alice,
      password,
    })
    const forged = await victim.submit(page, { consent: 'accept' })
    expect(forged.status).toBe(400)
    expect(forged.html).toContain('AADSTS9002313')
    expect(emulator.directory.consents.knows(contoso, webClient)).toBe(false)
  })
})

describe('prompt=none', () => {
  it('says login_required without a session', async () => {
    const { location } = await createBrowser(emulator.origin).open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(location?.searchParams.get('error')).toBe('login_required')
    expect(location?.searchParams.get('error_description')).toContain('AADSTS50058')
    expect(location?.searchParams.get('state')).toBe('the-state')
  })

  it('says interaction_required when there are several accounts and none is named', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    await signIn(browser, authorizeUrl(emulator, { prompt: 'login' }), { username: bob })
    const { location } = await browser.open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(location?.searchParams.get('error')).toBe('interaction_required')
    expect(location?.searchParams.get('error_description')).toContain('AADSTS16000')
    expect(location?.searchParams.get('code')).toBeNull()
    const hinted = await browser.open(authorizeUrl(emulator, { prompt: 'none', login_hint: bob }))
    expect(hinted.location?.searchParams.get('code')).toBeTruthy()
  })

  it('says consent_required without consent', async () => {
    const browser = createBrowser(emulator.origin)
    await browser.submit(await browser.open(authorizeUrl(emulator)), { username: alice, password })
    const { location } = await browser.open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(location?.searchParams.get('error')).toBe('consent_required')
    expect(location?.searchParams.get('error_description')).toContain('AADSTS65001')
  })
})

describe('the answer', () => {
  it('comes in the fragment when the client asks for it', async () => {
    const page = await signIn(
      createBrowser(emulator.origin),
      authorizeUrl(emulator, { response_mode: 'fragment' }),
    )
    expect(page.location?.search).toBe('')
    expect(new URLSearchParams(page.location?.hash.slice(1)).get('code')).toBeTruthy()
  })

  it('comes as a form that posts to the client when the client asks for it', async () => {
    const page = await signIn(
      createBrowser(emulator.origin),
      authorizeUrl(emulator, { response_mode: 'form_post' }),
    )
    const { action, fields } = parseForm(page.html)
    expect(action).toBe('http://localhost:3000/')
    expect(fields['code']).toBeTruthy()
    expect(fields['state']).toBe('the-state')
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' http://localhost:3000")
  })

  it('goes to any port of localhost', async () => {
    const page = await signIn(
      createBrowser(emulator.origin),
      authorizeUrl(emulator, { redirect_uri: 'http://localhost:4321/' }),
    )
    expect(page.location?.port).toBe('4321')
  })
})

describe('a request that cannot be answered safely is shown as a page', () => {
  it.each([
    ['another path', { redirect_uri: 'http://localhost:3000/other' }, 'AADSTS50011'],
    ['another host', { redirect_uri: 'http://127.0.0.1:3000/' }, 'AADSTS50011'],
    ['another case', { redirect_uri: 'http://localhost:3000/REDIRECT.html' }, 'AADSTS50011'],
    ['a look-alike', { redirect_uri: 'http://localhost:3000@evil.example/' }, 'AADSTS50011'],
    ['a script', { redirect_uri: 'javascript:alert(1)' }, 'AADSTS50011'],
    ['an unknown client', { client_id: 'a0000000-0000-4000-8000-00000000ffff' }, 'AADSTS700016'],
    ['a client id that is none', { client_id: 'web' }, 'AADSTS700038'],
  ])('%s', async (_, changes, code) => {
    const page = await createBrowser(emulator.origin).open(authorizeUrl(emulator, changes))
    expect(page.location).toBeUndefined()
    expect(page.status).toBe(400)
    expect(page.html).toContain(code)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  it('a tenant that does not exist', async () => {
    const page = await createBrowser(emulator.origin).open(authorizeUrl(emulator, {}, 'nowhere.example'))
    expect(page.html).toContain('AADSTS90002')
  })
})

describe('a request with a mistake goes back to the application', () => {
  it.each([
    [
      'no challenge from a single-page application',
      { code_challenge: undefined },
      'invalid_request',
      'AADSTS9002325',
    ],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request', 'AADSTS501491'],
    [
      'a response type that is not enabled',
      { response_type: 'id_token' },
      'unsupported_response_type',
      'AADSTS700054',
    ],
    ['an unknown scope', { scope: `api://${middleTier}/nope` }, 'invalid_client', 'AADSTS650053'],
    ['an unknown API', { scope: 'api://nope/x' }, 'invalid_resource', 'AADSTS500011'],
    [
      '.default beside a named scope',
      { scope: `${accessAsUser} api://${middleTier}/.default` },
      'invalid_scope',
      'AADSTS70011',
    ],
  ])('%s', async (_, changes, error, code) => {
    const page = await createBrowser(emulator.origin).open(authorizeUrl(emulator, changes))
    expect(answerOf(page).get('error')).toBe(error)
    expect(answerOf(page).get('error_description')).toContain(code)
    expect(answerOf(page).get('state')).toBe('the-state')
  })
})
