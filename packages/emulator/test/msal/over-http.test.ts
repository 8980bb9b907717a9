// Unmodified @azure/msal-node over plain http.
import {
  ConfidentialClientApplication,
  InteractionRequiredAuthError,
  PublicClientApplication,
} from '@azure/msal-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createBrowser } from '../browser.ts'
import {
  accessAsUser,
  alice,
  challenge,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  middleTier,
  middleTierSecret,
  signIn,
  todoApi,
  verifier,
  webClient,
} from '../scenario.ts'
import { authorityMetadata } from './configuration.ts'

const authority = `https://login.microsoftonline.com/${contoso}`
const desktopClient = 'a0000000-0000-4000-8000-0000000000d1'
const desktopRedirect = 'http://localhost/'

let emulator: Emulator
beforeAll(async () => {
  const desktop = {
    id: desktopClient,
    displayName: 'Desktop client',
    tenantId: contoso,
    redirectUris: { publicClient: [desktopRedirect] },
  }
  const applications = [...defaultDirectory.applications, desktop]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())

const metadata = () => ({ authority, authorityMetadata: authorityMetadata(emulator.origin) })

function createMiddleTier(clientCapabilities: string[] = []): ConfidentialClientApplication {
  const auth = { clientId: middleTier, clientSecret: middleTierSecret, clientCapabilities, ...metadata() }
  return new ConfidentialClientApplication({ auth })
}

const assertion = (): Promise<string> =>
  emulator.mint({ user: alice, client: webClient, audience: middleTier, scopes: ['access_as_user'] })

describe('msal-node over http', () => {
  it('acquires a token for itself and serves the next one from its cache', async () => {
    const client = new ConfidentialClientApplication({
      auth: { clientId: daemon, clientSecret: daemonSecret, ...metadata() },
    })
    const scopes = [`api://${todoApi}/.default`]
    const first = await client.acquireTokenByClientCredential({ scopes })
    const second = await client.acquireTokenByClientCredential({ scopes })
    expect(claimsOf(first!.accessToken)['roles']).toEqual(['Tasks.Read.All'])
    expect(second!.fromCache).toBe(true)
  })

  it('signs a user in with code and PKCE, then refreshes silently', async () => {
    const client = new PublicClientApplication({ auth: { clientId: desktopClient, ...metadata() } })
    const scopes = [accessAsUser]
    const request = { scopes, redirectUri: desktopRedirect }
    const url = await client.getAuthCodeUrl({
      ...request,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
    })
    const page = await signIn(createBrowser(emulator.origin), url)
    const code = page.location!.searchParams.get('code')!
    const result = await client.acquireTokenByCode({ ...request, code, codeVerifier: verifier })
    expect(result.account!.homeAccountId).toBe(`c0000000-0000-4000-8000-0000000000a1.${contoso}`)
    const cached = await client.acquireTokenSilent({ scopes, account: result.account! })
    expect(cached.fromCache).toBe(true)
    const refreshed = await client.acquireTokenSilent({
      scopes,
      account: result.account!,
      forceRefresh: true,
    })
    expect(refreshed.fromCache).toBe(false)
    expect(claimsOf(refreshed.accessToken)).toMatchObject({
      aud: middleTier,
      azp: desktopClient,
      scp: 'access_as_user',
    })
  })

  it('exchanges on behalf of a user and finds the answer in its cache again', async () => {
    const client = createMiddleTier()
    const request = { oboAssertion: await assertion(), scopes: [`api://${todoApi}/Tasks.ReadWrite`] }
    const first = await client.acquireTokenOnBehalfOf(request)
    const second = await client.acquireTokenOnBehalfOf(request)
    expect(claimsOf(first!.accessToken)).toMatchObject({
      aud: todoApi,
      azp: middleTier,
      scp: 'Tasks.ReadWrite',
    })
    expect(second!.fromCache).toBe(true)
    expect(first!.account!.username).toBe(alice)
  })

  it('carries its capability into the token of an API that asks for it', async () => {
    const client = createMiddleTier(['cp1'])
    const result = await client.acquireTokenOnBehalfOf({
      oboAssertion: await assertion(),
      scopes: [`api://${todoApi}/.default`],
    })
    expect(claimsOf(result!.accessToken)['xms_cc']).toEqual(['cp1'])
  })

  it('recognises that consent is missing', async () => {
    const refused = createMiddleTier().acquireTokenOnBehalfOf({
      oboAssertion: await assertion(),
      scopes: ['Mail.Read'],
    })
    await expect(refused).rejects.toBeInstanceOf(InteractionRequiredAuthError)
    await expect(refused).rejects.toMatchObject({ errorCode: 'invalid_grant', subError: 'consent_required' })
  })
})
