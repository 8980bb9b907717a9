// An independent OpenID Connect client as a second opinion: discovery, code flow, id_token validation, userinfo.
import * as client from 'openid-client'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../src/index.ts'
import { createBrowser } from './browser.ts'
import { alice, contoso, middleTier, signIn } from './scenario.ts'

const portal = 'a0000000-0000-4000-8000-0000000000e1'
const secret = 'portal-secret'
const redirectUri = 'http://localhost:5000/callback'

let emulator: Emulator
beforeAll(async () => {
  const application = {
    id: portal,
    displayName: 'Portal',
    tenantId: contoso,
    redirectUris: { web: [redirectUri] },
    secrets: [{ value: secret }],
  }
  const applications = [...defaultDirectory.applications, application]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())

it('runs the code flow against the discovered metadata', async () => {
  const issuer = new URL(`${emulator.origin}/${contoso}/v2.0`)
  const config = await client.discovery(issuer, portal, secret, undefined, {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; local development is what it is for
    execute: [client.allowInsecureRequests],
  })
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  })
  const page = await signIn(createBrowser(emulator.origin), url.href)
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
  const tokens = await client.authorizationCodeGrant(config, page.location!, checks)
  const claims = tokens.claims()!
  expect(claims).toMatchObject({ aud: portal, name: 'Alice Adams', email: 'alice@contoso.com' })
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  expect(userinfo).toMatchObject({ name: 'Alice Adams', email: 'alice@contoso.com' })
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!)
  expect(refreshed.claims()!.sub).toBe(claims.sub)
})

it('signs tokens that jose verifies with the published keys', async () => {
  const token = await emulator.mint({
    user: alice,
    client: portal,
    audience: middleTier,
    scopes: ['access_as_user'],
  })
  const keys = createRemoteJWKSet(new URL(`${emulator.origin}/${contoso}/discovery/v2.0/keys`))
  const { payload } = await jwtVerify(token, keys, {
    issuer: `${emulator.origin}/${contoso}/v2.0`,
    audience: middleTier,
  })
  expect(payload['preferred_username']).toBe(alice)
})
