// Unmodified @azure/msal-node under policies: refused on behalf of, stepped up with the claims of the error, served.
import {
  ConfidentialClientApplication,
  InteractionRequiredAuthError,
  PublicClientApplication,
  ServerError,
} from '@azure/msal-node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { createBrowser, type Browser } from '../browser.ts'
import {
  accessAsUser,
  challenge,
  claimsOf,
  contoso,
  middleTier,
  middleTierSecret,
  signIn,
  todoApi,
  verifier,
} from '../scenario.ts'
import { authorityMetadata } from './configuration.ts'

const authority = `https://login.microsoftonline.com/${contoso}`
const desktopClient = 'a0000000-0000-4000-8000-0000000000d1'
const redirectUri = 'http://localhost/'
const scopes = [accessAsUser]

let emulator: Emulator
let browser: Browser
let client: PublicClientApplication
beforeAll(async () => {
  const desktop = {
    id: desktopClient,
    displayName: 'Desktop client',
    tenantId: contoso,
    redirectUris: { publicClient: [redirectUri] },
  }
  const applications = [...defaultDirectory.applications, desktop]
  emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
})
afterAll(() => emulator.stop())
beforeEach(() => {
  emulator.policies.clear()
  browser = createBrowser(emulator.origin)
  client = new PublicClientApplication({ auth: { clientId: desktopClient, ...metadata() } })
})

const metadata = () => ({ authority, authorityMetadata: authorityMetadata(emulator.origin) })

async function acquireInteractively(claims?: string) {
  const request = { scopes, redirectUri, ...(claims !== undefined && { claims }) }
  const url = await client.getAuthCodeUrl({
    ...request,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
  })
  const page = await signIn(browser, url)
  const code = page.location!.searchParams.get('code')!
  return client.acquireTokenByCode({ ...request, code, codeVerifier: verifier })
}

function exchange(oboAssertion: string) {
  const auth = { clientId: middleTier, clientSecret: middleTierSecret, ...metadata() }
  const api = new ConfidentialClientApplication({ auth })
  return api.acquireTokenOnBehalfOf({ oboAssertion, scopes: [`api://${todoApi}/.default`] })
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => new Error('nothing was refused'),
    (error: unknown) => error,
  )
}

describe('msal-node under a policy', () => {
  it('is refused with the claims, steps up with them, and is served', async () => {
    const { id } = emulator.policies.add({ kind: 'require_mfa', resource: 'To Do API' })
    const weak = await acquireInteractively()
    const error = await refusal(exchange(weak.accessToken))
    expect(error).toBeInstanceOf(InteractionRequiredAuthError)
    const { claims } = error as InteractionRequiredAuthError
    expect(error).toMatchObject({
      claims: JSON.stringify({ access_token: { capolids: { essential: true, values: [id] } } }),
      subError: 'basic_action',
      errorNo: 50076,
    })
    const silent = await refusal(client.acquireTokenSilent({ scopes, account: weak.account!, claims }))
    expect(silent).toBeInstanceOf(InteractionRequiredAuthError)
    const strong = await acquireInteractively(claims)
    const result = await exchange(strong.accessToken)
    expect(claimsOf(result!.accessToken)['aud']).toBe(todoApi)
    const again = await client.acquireTokenSilent({ scopes, account: strong.account!, claims })
    expect(again.fromCache).toBe(false)
  })

  it('gets acrs for the claims of an authentication context, and without them none', async () => {
    const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
    const plain = await acquireInteractively()
    expect(claimsOf(plain.accessToken)).not.toHaveProperty('acrs')
    const refused = await refusal(client.acquireTokenSilent({ scopes, account: plain.account!, claims }))
    expect((refused as InteractionRequiredAuthError).claims).toBe(claims)
    const stepped = await acquireInteractively(claims)
    expect(claimsOf(stepped.accessToken)['acrs']).toEqual(['c1'])
  })

  it('calls a block a matter of interaction, because its suberror is message_only', async () => {
    const { accessToken } = await acquireInteractively()
    emulator.policies.add({ kind: 'block', resource: 'To Do API' })
    const error = await refusal(exchange(accessToken))
    expect(error).toBeInstanceOf(InteractionRequiredAuthError)
    expect(error).toMatchObject({ subError: 'message_only', errorNo: 53003 })
  })

  it('does not recognise token_expired of a sign-in frequency', async () => {
    const { accessToken } = await acquireInteractively()
    emulator.policies.add({ kind: 'sign_in_frequency', resource: 'To Do API', maxAgeSeconds: 60 })
    emulator.clock.advance(120)
    const error = await refusal(exchange(accessToken))
    emulator.clock.advance(-120)
    expect(error).toBeInstanceOf(ServerError)
    expect(error).not.toBeInstanceOf(InteractionRequiredAuthError)
    expect(error).toMatchObject({ subError: 'token_expired', errorNo: 70043 })
  })
})
