// Signing in under policies: the second step, the registration, the refusal, the fresh sign-in, and prompt=none.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { createBrowser, parseForm, type Browser, type BrowserPage } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  authorizeUrl,
  bob,
  claimsOf,
  contoso,
  graph,
  middleTier,
  password,
  postToken,
  redeem,
  signIn,
  signInToWebClient,
  webClient,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
  await emulator.directory.consents.grant({
    tenantId: contoso,
    clientId: webClient,
    resourceId: middleTier,
    scopes: ['access_as_user'],
  })
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.policies.clear())

async function openAs(
  username: string,
  changes: Record<string, string> = {},
): Promise<[Browser, BrowserPage]> {
  const browser = createBrowser(emulator.origin)
  const page = await browser.open(authorizeUrl(emulator, changes))
  return [browser, await browser.submit(page, { username, password })]
}

async function refresh(refreshToken: string, changes: Record<string, string> = {}) {
  const form = { grant_type: 'refresh_token', client_id: webClient, refresh_token: refreshToken, ...changes }
  return postToken(emulator, form, { headers: { origin: 'http://localhost:3000' } })
}

const errorOf = ({ location }: BrowserPage): Record<string, string> =>
  Object.fromEntries(location?.searchParams ?? [])

describe('a sign-in that needs the second step', () => {
  it('shows who asks for it, and goes on when it is approved', async () => {
    emulator.policies.add({ kind: 'require_mfa', name: 'Careful', resource: 'To Do list middle tier' })
    const [browser, page] = await openAs(alice)
    expect(parseForm(page.html).action).toBe(`/${contoso}/approve`)
    expect(page.html).toContain('Approve sign-in request')
    expect(page.html).toContain('Careful')
    const { location } = await browser.submit(page, { approval: 'approve' })
    const { body } = await redeem(emulator, location!.searchParams.get('code')!)
    expect(body).toHaveProperty('access_token')
  })

  it('is remembered by the session, so the next application is not asked', async () => {
    emulator.policies.add({ kind: 'require_mfa' })
    const [browser, page] = await openAs(alice)
    await browser.submit(page, { approval: 'approve' })
    const { location } = await browser.open(authorizeUrl(emulator, { prompt: 'none' }))
    expect(location?.searchParams.get('code')).toBeTruthy()
  })

  it('shows in amr of a v1 token and in the log', async () => {
    emulator.policies.add({ kind: 'require_mfa', name: 'Careful' })
    const { body } = await signInToWebClient(emulator, { changes: { scope: 'openid offline_access' } })
    expect(claimsOf(body['access_token'] as string)).toMatchObject({
      aud: 'https://graph.microsoft.com',
      amr: ['pwd', 'mfa'],
    })
    const asked = emulator.requests.list({ endpoint: 'interaction' }).filter(({ policies }) => policies)
    expect(asked.at(-1)).toMatchObject({ user: alice, policies: ['Careful'] })
  })

  it('ends at the application when it is denied', async () => {
    emulator.policies.add({ kind: 'require_mfa' })
    const [browser, page] = await openAs(alice)
    const denied = await browser.submit(page, { approval: 'deny' })
    expect(errorOf(denied)).toMatchObject({ error: 'access_denied', state: 'the-state' })
    expect(errorOf(denied)['error_description']).toContain('AADSTS500121')
    const again = await browser.open(authorizeUrl(emulator))
    expect(parseForm(again.html).action).toBe(`/${contoso}/approve`)
  })

  it('cannot be approved through a form that another browser was shown', async () => {
    emulator.policies.add({ kind: 'require_mfa' })
    const [victim] = await openAs(alice)
    const [, page] = await openAs(alice)
    const forged = await victim.submit(page, { approval: 'approve' })
    expect(forged.html).toContain('AADSTS9002313')
    const again = await victim.open(authorizeUrl(emulator))
    expect(parseForm(again.html).action).toBe(`/${contoso}/approve`)
  })

  it('is refused by the token endpoint when the policy came after the code', async () => {
    const [, page] = await openAs(alice)
    const { id } = emulator.policies.add({ kind: 'require_mfa' })
    const { body } = await redeem(emulator, page.location!.searchParams.get('code')!)
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [50076], suberror: 'basic_action' })
    expect(JSON.parse(body['claims'] as string)).toEqual({
      access_token: { capolids: { essential: true, values: [id] } },
    })
  })

  it('is asked of one session, and another refresh token stays weak', async () => {
    const weak = await signInToWebClient(emulator)
    emulator.policies.add({ kind: 'require_mfa', resource: middleTier })
    expect((await refresh(weak.body['refresh_token'] as string)).body['error_codes']).toEqual([50076])
    const strong = await signInToWebClient(emulator)
    expect((await refresh(strong.body['refresh_token'] as string)).status).toBe(200)
  })

  it('covers every API of the request', async () => {
    emulator.policies.add({ kind: 'require_mfa', resource: graph })
    const scope = `api://${middleTier}/access_as_user User.Read openid`
    const [, page] = await openAs(alice, { scope })
    expect(parseForm(page.html).action).toBe(`/${contoso}/approve`)
  })
})

describe('a sign-in that needs a registration', () => {
  it('lets the user register once, which is a second step by itself', async () => {
    emulator.policies.add({ kind: 'require_registration' })
    const [browser, page] = await openAs(bob)
    expect(parseForm(page.html).action).toBe(`/${contoso}/register`)
    expect(page.html).toContain('More information required')
    await browser.submit(page, { registration: 'complete' })
    const again = await browser.open(authorizeUrl(emulator))
    expect(again.location?.searchParams.get('code')).toBeTruthy()
    const [, elsewhere] = await openAs(bob)
    expect(parseForm(elsewhere.html).action).toBe(`/${contoso}/approve`)
  })

  it('ends at the application when it is cancelled', async () => {
    emulator.policies.add({ kind: 'require_registration' })
    const [browser, page] = await openAs(bob)
    const { error } = errorOf(await browser.submit(page, { registration: 'cancel' }))
    expect(error).toBe('access_denied')
  })
})

describe('a sign-in that is blocked', () => {
  it('ends on a page that names the policy, with no way on', async () => {
    emulator.policies.add({ kind: 'block', name: 'Closed', users: [alice] })
    const [, page] = await openAs(alice)
    expect(page.location).toBeUndefined()
    expect(page.html).toContain('AADSTS53003')
    expect(page.html).toContain('Closed')
    expect(/<main.*<\/main>/s.exec(page.html)?.[0]).not.toContain('<form')
    const [, bobs] = await openAs(bob)
    expect(bobs.location?.searchParams.get('code')).toBeTruthy()
  })
})

describe('a sign-in that is too old', () => {
  it('is asked for again, with the account that it was', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    emulator.policies.add({ kind: 'sign_in_frequency', maxAgeSeconds: 3600 })
    emulator.clock.advance(3700)
    const page = await browser.open(authorizeUrl(emulator))
    expect(parseForm(page.html).action).toBe(`/${contoso}/login`)
    expect(page.html).toContain(`value="${alice}"`)
    const { location } = await browser.submit(page, { username: alice, password })
    const { body } = await redeem(emulator, location!.searchParams.get('code')!)
    expect((await refresh(body['refresh_token'] as string)).status).toBe(200)
    emulator.clock.advance(3700)
    const late = await refresh(body['refresh_token'] as string)
    emulator.clock.advance(-7400)
    expect(late.body).toMatchObject({ suberror: 'token_expired', error_codes: [70043] })
  })
})

describe('prompt=none under a policy', () => {
  it.each([
    ['require_mfa', 50076, 'basic_action'],
    ['require_registration', 50079, 'basic_action'],
    ['block', 53003, 'message_only'],
  ] as const)('answers %s with interaction_required and the claims', async (kind, code, suberror) => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const { id } = emulator.policies.add({ kind })
    const error = errorOf(await browser.open(authorizeUrl(emulator, { prompt: 'none' })))
    expect(error).toMatchObject({
      error: 'interaction_required',
      suberror,
      claims: JSON.stringify({ access_token: { capolids: { essential: true, values: [id] } } }),
      state: 'the-state',
    })
    expect(error['error_description']).toContain(`AADSTS${String(code)}`)
  })

  it('answers a sign-in that is too old with interaction_required', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    emulator.policies.add({ kind: 'sign_in_frequency', maxAgeSeconds: 60 })
    emulator.clock.advance(61)
    const error = errorOf(await browser.open(authorizeUrl(emulator, { prompt: 'none' })))
    emulator.clock.advance(-61)
    expect(error['error']).toBe('interaction_required')
    expect(error['error_description']).toContain('AADSTS70044')
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/sign-in.txt')
})
