import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import {
  accessAsUser,
  authorizeUrl,
  claimsOf,
  contoso,
  fabrikam,
  graph,
  middleTier,
  postToken,
  redeem,
  signIn,
  signInToWebClient,
  webClient,
} from '../scenario.ts'

let emulator: Emulator
let code: string
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
beforeEach(async () => {
  const page = await signIn(createBrowser(emulator.origin), authorizeUrl(emulator))
  code = page.location!.searchParams.get('code')!
})

describe('redeeming a code', () => {
  it('gives tokens for the API and about the user', async () => {
    const { status, body } = await redeem(emulator, code)
    const access = claimsOf(body['access_token'] as string)
    const id = claimsOf(body['id_token'] as string)
    expect(status).toBe(200)
    expect((body['scope'] as string).split(' ').sort()).toEqual([accessAsUser, 'openid', 'profile'].sort())
    expect(access).toMatchObject({
      aud: middleTier,
      azp: webClient,
      azpacr: '0',
      scp: 'access_as_user',
      tid: contoso,
    })
    expect(id).toMatchObject({
      aud: webClient,
      nonce: 'the-nonce',
      oid: access['oid'],
      ver: '2.0',
      preferred_username: 'alice@contoso.onmicrosoft.com',
    })
    expect(id['sub']).not.toBe(access['sub'])
    expect(body['refresh_token_expires_in']).toBe(86_400)
    expect(body).not.toHaveProperty('refresh_in')
  })

  it('works once', async () => {
    await redeem(emulator, code)
    const { status, body } = await redeem(emulator, code)
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [54005] })
  })

  it('is for one API, which may be chosen at the token endpoint', async () => {
    await emulator.directory.consents.grant({
      tenantId: contoso,
      clientId: webClient,
      resourceId: graph,
      scopes: ['User.Read'],
    })
    const { body } = await redeem(emulator, code, { changes: { scope: 'User.Read openid' } })
    expect(claimsOf(body['access_token'] as string)['aud']).toBe('https://graph.microsoft.com')
    expect(body['scope']).toBe('openid profile User.Read')
  })

  it('allows the page to read the answer, and no other page', async () => {
    const { headers } = await redeem(emulator, code, { headers: { origin: 'http://localhost:9999' } })
    expect(headers.get('access-control-allow-origin')).toBe('http://localhost:9999')
    const url = `${emulator.origin}/${contoso}/oauth2/v2.0/token`
    const foreign = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:3000', 'access-control-request-headers': 'x-client-sku' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-client-sku')
  })

  it.each([
    ['a verifier that does not match', { code_verifier: 'x'.repeat(43) }, 'invalid_grant', 501481],
    [
      'another redirect URI',
      { redirect_uri: 'http://localhost:3000/redirect.html' },
      'invalid_grant',
      500112,
    ],
    ['a code of nobody', { code: 'nonsense' }, 'invalid_grant', 9002313],
    ['no code', { code: '' }, 'invalid_request', 900144],
    ['two APIs', { scope: `${accessAsUser} User.Read` }, 'invalid_request', 28000],
    ['another client', { client_id: middleTier }, 'invalid_grant', 700007],
    ['claims that are no JSON', { claims: 'nonsense' }, 'invalid_request', 9002313],
  ])('refuses %s', async (_, changes, error, number) => {
    const { status, body } = await redeem(emulator, code, { changes })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error, error_codes: [number] })
  })

  it('refuses a request without a verifier when the sign-in had a challenge', async () => {
    const parameters = {
      grant_type: 'authorization_code',
      client_id: webClient,
      code,
      redirect_uri: 'http://localhost:3000/',
    }
    const { status, body } = await postToken(emulator, parameters, {
      headers: { origin: 'http://localhost:3000' },
    })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_request', error_codes: [900144] })
    expect(body['error_description']).toContain('code_verifier')
  })

  it('refuses a request without an Origin header for a single-page application', async () => {
    const { body } = await redeem(emulator, code, { headers: {} })
    expect(body).toMatchObject({ error: 'invalid_request', error_codes: [9002327] })
  })

  it('refuses another tenant than the one of the sign-in', async () => {
    const { body } = await redeem(emulator, code, { tenant: fabrikam })
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [700005] })
  })

  it('refuses a code after ten minutes', async () => {
    emulator.clock.advance(601)
    const { body } = await redeem(emulator, code)
    emulator.clock.advance(-601)
    expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [70008] })
  })

  it('puts the capability into the token only if the API asks for it', async () => {
    const claims = JSON.stringify({ access_token: { xms_cc: { values: ['cp1'] } } })
    const forMiddleTier = await redeem(emulator, code, { changes: { claims } })
    expect(claimsOf(forMiddleTier.body['access_token'] as string)['xms_cc']).toEqual(['cp1'])
    const answer = await signInToWebClient(emulator, { changes: { scope: 'User.Read openid' } })
    expect(claimsOf(answer.body['access_token'] as string)).not.toHaveProperty('xms_cc')
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/authorization-code.txt')
})
