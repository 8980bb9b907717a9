// id_tokens from the authorize endpoint: alone or beside a code, where a registration allows them, and refused as Entra refuses them.
import { createHash } from 'node:crypto'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../../src/index.ts'
import { createBrowser, parseForm, type BrowserPage } from '../../browser.ts'
import {
  alice,
  answerOf,
  authorizeUrl,
  claimsOf,
  contoso,
  headerOf,
  signIn,
  webClient,
} from '../../scenario.ts'

const portal = 'a0000000-0000-4000-8000-0000000000e1'
const page = 'a0000000-0000-4000-8000-0000000000e2'
const secret = 'portal-secret'
const redirectUri = 'http://localhost:5000/callback'

let emulator: Emulator
beforeAll(async () => {
  const common = { tenantId: contoso, enableIdTokenIssuance: true }
  const applications = [
    ...defaultDirectory.applications,
    {
      ...common,
      id: portal,
      displayName: 'Portal',
      redirectUris: { web: [redirectUri] },
      secrets: [{ value: secret }],
    },
    { ...common, id: page, displayName: 'Page', redirectUris: { spa: [redirectUri] } },
  ]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())

type Changes = Record<string, string | undefined>

const hybrid = {
  client_id: portal,
  redirect_uri: redirectUri,
  response_type: 'code id_token',
  scope: 'openid profile',
}

const ask = (changes: Changes = {}): Promise<BrowserPage> =>
  signIn(createBrowser(emulator.origin), authorizeUrl(emulator, { ...hybrid, ...changes }))

describe('an id_token of the authorize endpoint', () => {
  it('comes in the fragment beside a code, and is bound to it and to the request', async () => {
    const answered = await ask()
    expect(answered.location?.search).toBe('')
    const answer = answerOf(answered)
    expect([...answer.keys()].sort()).toEqual(['client_info', 'code', 'id_token', 'session_state', 'state'])
    const [code, idToken] = [answer.get('code')!, answer.get('id_token')!]
    const half = createHash('sha256').update(code).digest().subarray(0, 16).toString('base64url')
    expect(headerOf(idToken)['alg']).toBe('RS256')
    expect(claimsOf(idToken)).toMatchObject({
      ...{ aud: portal, iss: `${emulator.origin}/${contoso}/v2.0`, preferred_username: alice, ver: '2.0' },
      ...{ nonce: 'the-nonce', c_hash: half, sid: answer.get('session_state') },
    })
  })

  it('comes alone, without a code, and needs no challenge from a page', async () => {
    for (const clientId of [portal, page]) {
      const changes = { client_id: clientId, response_type: 'id_token', code_challenge: undefined }
      const answer = answerOf(await ask(changes))
      expect(answer.has('code')).toBe(false)
      expect(claimsOf(answer.get('id_token')!)).toMatchObject({ aud: clientId, nonce: 'the-nonce' })
      expect(claimsOf(answer.get('id_token')!)).not.toHaveProperty('c_hash')
    }
  })

  it('is posted when that is asked for, in any order of the types', async () => {
    const { html, location } = await ask({ response_type: 'id_token code', response_mode: 'form_post' })
    const { action, fields } = parseForm(html)
    expect([location, action]).toEqual([undefined, redirectUri])
    expect(claimsOf(fields['id_token']!)['aud']).toBe(portal)
    expect(fields['code']).toMatch(/^1\./)
  })

  it('is asked for with any blanks between its types, and around them', async () => {
    const answer = answerOf(await ask({ response_type: ' id_token  code ' }))
    expect([...answer.keys()]).toEqual(expect.arrayContaining(['code', 'id_token']))
  })

  it('is of version 1 at the v1 endpoint, and holds the claims that were asked for', async () => {
    const claims = JSON.stringify({ id_token: { login_hint: { essential: false } } })
    const url = authorizeUrl(emulator, { ...hybrid, claims }).replace('/oauth2/v2.0/', '/oauth2/')
    const answer = answerOf(await signIn(createBrowser(emulator.origin), url))
    expect(claimsOf(answer.get('id_token')!)).toMatchObject({ ver: '1.0', unique_name: alice })
    expect(claimsOf(answer.get('id_token')!)).toHaveProperty('login_hint')
  })
})

describe('refused, and told to the application', () => {
  it.each<[string, Changes, string, number]>([
    ['an id_token that is not enabled', { client_id: webClient }, 'unsupported_response_type', 700054],
    ['an access token', { response_type: 'id_token token' }, 'unsupported_response_type', 700051],
    ['an access token alone', { response_type: 'token' }, 'unsupported_response_type', 700051],
    ['nothing', { response_type: 'none' }, 'unsupported_response_type', 700054],
    ['blanks, which are no type', { response_type: ' ' }, 'invalid_request', 900144],
    ['no nonce', { nonce: undefined }, 'invalid_request', 900144],
    ['no openid scope', { scope: 'User.Read' }, 'unsupported_response_type', 70005],
    ['the query', { response_mode: 'query' }, 'invalid_request', 70007],
    ['no challenge from a page', { client_id: page, code_challenge: undefined }, 'invalid_request', 9002325],
  ])('%s', async (_, changes, error, code) => {
    const redirect = changes['client_id'] === webClient ? { redirect_uri: 'http://localhost:3000/' } : {}
    const answered = await ask({ ...changes, ...redirect })
    const answer = answerOf(answered)
    expect(answer.get('error')).toBe(error)
    expect(answer.get('error_description')).toContain(`AADSTS${String(code)}: `)
    // What is missing is named.
    if (code === 900144) expect(answer.get('error_description')).toMatch(/: '(response_type|nonce)'\./)
    expect(answer.get('state')).toBe('the-state')
    const isInQuery =
      changes['response_mode'] === 'query' || ['none', ' '].includes(changes['response_type'] ?? '')
    expect(answered.location?.hash === '').toBe(isInQuery)
  })
})

describe('openid-client', () => {
  const discover = (): Promise<client.Configuration> =>
    client.discovery(new URL(`${emulator.origin}/${contoso}/v2.0`), portal, secret, undefined, {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; local development is what it is for
      execute: [client.allowInsecureRequests],
    })

  it('validates the hybrid answer and redeems its code', async () => {
    const config = await discover()
    client.useCodeIdTokenResponseType(config)
    const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const url = client.buildAuthorizationUrl(config, {
      ...{ redirect_uri: redirectUri, scope: 'openid profile', state: expectedState, nonce: expectedNonce },
      ...{
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      },
    })
    const { location } = await signIn(createBrowser(emulator.origin), url.href)
    const checks = { pkceCodeVerifier, expectedState, expectedNonce }
    const tokens = await client.authorizationCodeGrant(config, location!, checks)
    expect(tokens.claims()).toMatchObject({ aud: portal, preferred_username: alice })
  })

  it('signs in by an id_token alone', async () => {
    const config = await discover()
    client.useIdTokenResponseType(config)
    const [expectedState, nonce] = [client.randomState(), client.randomNonce()]
    const parameters = { redirect_uri: redirectUri, scope: 'openid profile', state: expectedState, nonce }
    const url = client.buildAuthorizationUrl(config, parameters)
    const { location } = await signIn(createBrowser(emulator.origin), url.href)
    const claims = await client.implicitAuthentication(config, location!, nonce, { expectedState })
    expect(claims).toMatchObject({ aud: portal, preferred_username: alice })
  })
})
