// Codes and refresh tokens of web and native applications: redeemed by a server that proves itself, never by a page.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import {
  accessAsUser,
  authorizeUrl,
  claimsOf,
  contoso,
  middleTier,
  postToken,
  signIn,
  verifier,
  without,
  type TokenAnswer,
} from '../scenario.ts'

const webApp = 'a0000000-0000-4000-8000-0000000000e1'
const native = 'a0000000-0000-4000-8000-0000000000e2'
const secret = 'web-app-secret-for-local-use-only'
const redirectUri = 'http://localhost:4000/signin-oidc'
const nativeUri = 'http://localhost:4001/'
const pageOrigin = { origin: 'http://localhost:3000' }

let emulator: Emulator
beforeAll(async () => {
  const applications = [
    ...defaultDirectory.applications,
    {
      id: webApp,
      displayName: 'Web application',
      tenantId: contoso,
      redirectUris: { web: [redirectUri] },
      secrets: [{ value: secret }],
    },
    { id: native, displayName: 'Native', tenantId: contoso, redirectUris: { publicClient: [nativeUri] } },
  ]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())

const ofWebApp = { client_id: webApp, redirect_uri: redirectUri }
const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined }

async function codeFor(changes: Record<string, string | undefined>): Promise<string> {
  const url = authorizeUrl(emulator, { ...ofWebApp, ...changes })
  const { location } = await signIn(createBrowser(emulator.origin), url)
  return location!.searchParams.get('code')!
}

function redeem(
  code: string,
  changes: Record<string, string> = {},
  headers: Record<string, string> = {},
  dropped: readonly string[] = [],
): Promise<TokenAnswer> {
  const form = { grant_type: 'authorization_code', client_secret: secret, code, ...ofWebApp, ...changes }
  return postToken(emulator, without(form, ...dropped), { headers })
}

describe('a code of a web application', () => {
  let code: string
  beforeEach(async () => {
    code = await codeFor(withoutPkce)
  })

  it('is redeemed with the secret, without PKCE, for a refresh token of 90 days', async () => {
    const { status, body } = await redeem(code)
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)).toMatchObject({
      azp: webApp,
      azpacr: '1',
      aud: middleTier,
    })
    expect(body['refresh_token']).toMatch(/^1\./)
    expect(body).not.toHaveProperty('refresh_token_expires_in')
  })

  it.each<[string, Record<string, string>, readonly string[], number, string, number]>([
    ['without the secret', {}, ['client_secret'], 401, 'invalid_client', 7000218],
    ['without the redirect URI', {}, ['redirect_uri'], 400, 'invalid_request', 700009],
    ['with a verifier for no challenge', { code_verifier: verifier }, [], 400, 'invalid_grant', 501481],
    ['with an empty verifier for no challenge', { code_verifier: '' }, [], 400, 'invalid_grant', 501481],
  ])('is refused %s, and still good afterwards', async (_, changes, dropped, status, error, number) => {
    const refused = await redeem(code, changes, {}, dropped)
    expect(refused.status).toBe(status)
    expect(refused.body).toMatchObject({ error, error_codes: [number] })
    expect((await redeem(code)).status).toBe(200)
  })

  it('is refused from a page', async () => {
    const { status, body } = await redeem(code, {}, pageOrigin)
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_request', error_codes: [9002326] })
    expect(body['error_description']).toContain("'http://localhost:3000'")
  })

  it('lives for ten minutes', async () => {
    emulator.clock.advance(590)
    const { status } = await redeem(code)
    emulator.clock.advance(-590)
    expect(status).toBe(200)
  })
})

describe('a challenge of a web application', () => {
  it.each([
    ['plain', { code_challenge: verifier, code_challenge_method: 'plain' }],
    ['of no method, which is plain,', { code_challenge: verifier, code_challenge_method: undefined }],
    ['S256', {}],
  ])('that is %s has its own verifier, and no other', async (_, changes) => {
    const code = await codeFor(changes)
    const cut = verifier.slice(0, -1)
    for (const wrong of [
      cut,
      `${cut}${verifier.endsWith('A') ? 'B' : 'A'}`,
      `${cut}é`,
      verifier.toUpperCase(),
    ])
      expect((await redeem(code, { code_verifier: wrong })).body).toMatchObject({
        error: 'invalid_grant',
        error_codes: [501481],
      })
    expect((await redeem(code)).body['error_codes']).toEqual([900144])
    expect((await redeem(code, { code_verifier: verifier })).status).toBe(200)
  })
})

describe('a native application', () => {
  const own = { client_id: native, redirect_uri: nativeUri }
  const redeemNative = (code: string, headers: Record<string, string> = {}): Promise<TokenAnswer> =>
    redeem(code, { ...own, code_verifier: verifier }, headers, ['client_secret'])

  it('redeems without a secret, and has a refresh token that it can use without one', async () => {
    const { status, body } = await redeemNative(await codeFor(own))
    expect(status).toBe(200)
    expect(claimsOf(body['access_token'] as string)['azpacr']).toBe('0')
    expect(body).not.toHaveProperty('refresh_token_expires_in')
    const refresh = { grant_type: 'refresh_token', client_id: native, scope: accessAsUser }
    const token = { refresh_token: body['refresh_token'] as string }
    expect((await postToken(emulator, { ...refresh, ...token })).status).toBe(200)
    const fromPage = await postToken(emulator, { ...refresh, ...token }, { headers: pageOrigin })
    expect(fromPage.body['error_codes']).toEqual([9002326])
  })

  it('is refused from a page', async () => {
    const { body } = await redeemNative(await codeFor(own), pageOrigin)
    expect(body['error_codes']).toEqual([9002326])
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/web-application.txt')
})
