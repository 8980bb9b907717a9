// Revoked sessions: grants die with 50173, Graph challenges, and only a fresh sign-in helps.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { createBrowser, parseForm } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import {
  alice,
  authorizeUrl,
  bob,
  claimsOf,
  contoso,
  graph,
  middleTier,
  onBehalfOf,
  password,
  postToken,
  redeem,
  signIn,
  signInToWebClient,
  webClient,
  type Json,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(() => emulator.directory.revokeSessions(emulator.directory.findUser(alice)!, 0))

const capable = JSON.stringify({ access_token: { xms_cc: { values: ['CP1'] } } })

function revoke(username = alice): void {
  emulator.directory.revokeSessions(emulator.directory.findUser(username)!, emulator.clock.now())
}

async function graphToken(assertion: string, claims?: string): Promise<string> {
  const changes = { scope: 'User.Read', ...(claims !== undefined && { claims }) }
  return (await postToken(emulator, onBehalfOf(assertion, changes))).body['access_token'] as string
}

async function me(token: string): Promise<{ status: number; challenge: string; body: Json }> {
  const response = await fetch(`${emulator.origin}/v1.0/me`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const challenge = response.headers.get('www-authenticate') ?? ''
  return { status: response.status, challenge, body: (await response.json()) as Json }
}

describe('after a revocation', () => {
  it('Graph answers a capable caller with the recorded challenge', async () => {
    const assertion = (await signInToWebClient(emulator)).body['access_token'] as string
    const token = await graphToken(assertion, capable)
    expect(claimsOf(token)['xms_cc']).toEqual(['CP1'])
    expect((await me(token)).status).toBe(200)
    revoke()
    const { status, challenge, body } = await me(token)
    expect(status).toBe(401)
    const seconds = Math.floor(emulator.directory.tokensValidFrom(emulator.directory.findUser(alice)!) / 1000)
    const claims = `{"access_token":{"nbf":{"essential":true, "value":"${String(seconds)}"}}}`
    expect(challenge).toBe(
      `Bearer realm="", authorization_uri="${emulator.origin}/common/oauth2/authorize", client_id="${graph}", ` +
        `error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
    )
    expect(body['error']).toMatchObject({
      code: 'InvalidAuthenticationToken',
      message:
        'Continuous access evaluation resulted in claims challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
    })
  })

  it('Graph answers any other caller with a plain 401', async () => {
    const assertion = (await signInToWebClient(emulator)).body['access_token'] as string
    const token = await graphToken(assertion)
    revoke()
    const { status, challenge } = await me(token)
    expect(status).toBe(401)
    expect(challenge).not.toContain('claims')
    expect(challenge).not.toContain('insufficient_claims')
  })

  it('refresh tokens, codes and assertions are 50173, and others go on', async () => {
    const { body } = await signInToWebClient(emulator)
    const bobs = await signInToWebClient(emulator, { username: bob })
    const unused = await signIn(createBrowser(emulator.origin), authorizeUrl(emulator))
    revoke()
    const refresh = (token: unknown) =>
      postToken(
        emulator,
        {
          grant_type: 'refresh_token',
          client_id: webClient,
          refresh_token: token as string,
          claims: capable,
        },
        { headers: { origin: 'http://localhost:3000' } },
      )
    const revoked = { error: 'invalid_grant', suberror: 'bad_token', error_codes: [50173] }
    const refused = await refresh(body['refresh_token'])
    expect(refused.body).toMatchObject(revoked)
    expect(refused.body['error_uri']).toBe(`${emulator.origin}/error?code=50173`)
    expect((await redeem(emulator, unused.location!.searchParams.get('code')!)).body).toMatchObject(revoked)
    const exchanged = await postToken(emulator, onBehalfOf(body['access_token'] as string))
    expect(exchanged.body).toMatchObject(revoked)
    expect((await refresh(bobs.body['refresh_token'])).status).toBe(200)
  })

  it('a new sign-in cures everything, within the same second too', async () => {
    const before = (await signInToWebClient(emulator)).body['access_token'] as string
    revoke()
    const { body } = await signInToWebClient(emulator)
    const after = body['access_token'] as string
    expect((await postToken(emulator, onBehalfOf(before))).status).toBe(400)
    expect((await me(await graphToken(after, capable))).status).toBe(200)
  })

  it('the session of the browser is gone', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    revoke()
    const page = await browser.open(authorizeUrl(emulator))
    expect(parseForm(page.html).action).toBe(`/${contoso}/login`)
  })
})

describe('a claims request with nbf', () => {
  const after = (epochSeconds: number): string =>
    `{"access_token":{"nbf":{"essential":true, "value":"${String(epochSeconds)}"}}}`

  it('demands a sign-in that is not older, and is met by one', async () => {
    const browser = createBrowser(emulator.origin)
    await signIn(browser, authorizeUrl(emulator))
    const now = Math.floor(emulator.clock.now() / 1000)
    const kept = await browser.open(authorizeUrl(emulator, { claims: after(now - 600) }))
    expect(kept.location?.searchParams.get('code')).toBeTruthy()
    const page = await browser.open(authorizeUrl(emulator, { claims: after(now + 60) }))
    expect(parseForm(page.html).action).toBe(`/${contoso}/login`)
    const { location } = await browser.submit(page, { username: alice, password })
    expect(location?.searchParams.get('code')).toBeTruthy()
    const silent = await browser.open(authorizeUrl(emulator, { claims: after(now + 60), prompt: 'none' }))
    expect(silent.location?.searchParams.get('error')).toBe('login_required')
  })
})

it('tokens that a test mints with an earlier iat count as issued then', async () => {
  revoke()
  const iat = Math.floor(emulator.clock.now() / 1000) - 10
  const mint = (claims?: Record<string, unknown>) =>
    emulator.mint({
      user: alice,
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
      ...(claims && { claims }),
    })
  expect((await postToken(emulator, onBehalfOf(await mint({ iat })))).body['error_codes']).toEqual([50173])
  emulator.clock.advance(1)
  expect((await postToken(emulator, onBehalfOf(await mint()))).status).toBe(200)
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/revocation.txt')
})
