// Unmodified @azure/msal-node and openid-client sign in by device code.
import { PublicClientApplication } from '@azure/msal-node'
import * as client from 'openid-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { signInForDevice } from '../device.ts'
import { accessAsUser, alice, claimsOf, commandLine, contoso, middleTier } from '../scenario.ts'
import { authorityMetadata } from './configuration.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

function createMsal(): PublicClientApplication {
  const authority = `https://login.microsoftonline.com/${contoso}`
  const metadata = authorityMetadata(emulator.origin)
  return new PublicClientApplication({
    auth: { clientId: commandLine, authority, authorityMetadata: metadata },
  })
}

it('msal-node waits for the user, and finds the tokens in its cache again', async () => {
  const msal = createMsal()
  const scopes = [accessAsUser]
  const result = await msal.acquireTokenByDeviceCode({
    scopes,
    deviceCodeCallback: ({ userCode }) => void signInForDevice(emulator, userCode),
  })
  expect(claimsOf(result!.accessToken)).toMatchObject({
    aud: middleTier,
    azp: commandLine,
    scp: 'access_as_user',
  })
  const silent = await msal.acquireTokenSilent({ scopes, account: result!.account! })
  expect([silent.fromCache, silent.account!.username]).toEqual([true, alice])
})

it('msal-node gives up when the user declines', async () => {
  const refused = createMsal().acquireTokenByDeviceCode({
    scopes: [accessAsUser],
    deviceCodeCallback: ({ userCode }) =>
      void signInForDevice(emulator, userCode, { confirmation: 'cancel' }),
  })
  await expect(refused).rejects.toThrow('post_request_failed')
})

it('openid-client waits for the user, slows down when it is told to, and validates the id_token', async () => {
  const issuer = new URL(`${emulator.origin}/${contoso}/v2.0`)
  const config = await client.discovery(issuer, commandLine, undefined, client.None(), {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; local development is what it is for
    execute: [client.allowInsecureRequests],
  })
  const response = await client.initiateDeviceAuthorization(config, {
    scope: `${accessAsUser} openid profile`,
  })
  emulator.faults.add({
    when: { endpoint: 'token', times: 1 },
    then: { status: 400, body: { error: 'slow_down' } },
  })
  await signInForDevice(emulator, response.user_code)
  // The interval is the client's own business: RFC 8628 says how long, and nothing here has to wait for it.
  const tokens = await client.pollDeviceAuthorizationGrant(config, { ...response, interval: 1 })
  expect(tokens.claims()).toMatchObject({ aud: commandLine, preferred_username: alice })
})
