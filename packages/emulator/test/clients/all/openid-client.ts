// Unmodified openid-client.
import { createPrivateKey } from 'node:crypto'
import * as client from 'openid-client'
import {
  accessAsUser,
  alice,
  challenge,
  claimsOf,
  commandLine,
  middleTier,
  middleTierSecret,
  password,
  verifier,
  type Json,
} from '../../scenario.ts'
import { namesOf, type Client } from '../client.ts'
import { appScope, jwtBearer, portal, portalSecret, redirectUri, tasksScope, type World } from '../world.ts'
import { versionOf } from './versions.ts'

const [expectedState, expectedNonce] = ['the-state', 'the-nonce']
const userScope = `${accessAsUser} openid profile email offline_access`

const discover = (
  { issuer }: World,
  clientId = portal,
  authentication = client.ClientSecretPost(portalSecret),
): Promise<client.Configuration> =>
  client.discovery(new URL(issuer), clientId, undefined, authentication, {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; local development is what it is for
    execute: [client.allowInsecureRequests],
  })

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

async function signIn(world: World, config: client.Configuration, scope = userScope): Promise<Tokens> {
  const url = client.buildAuthorizationUrl(config, {
    ...{ redirect_uri: redirectUri, scope, state: expectedState, nonce: expectedNonce },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  })
  const checks = { pkceCodeVerifier: verifier, expectedState, expectedNonce, idTokenExpected: true }
  return client.authorizationCodeGrant(config, await world.signIn(url), checks)
}

/** Signs in with an answer in the fragment. */
async function fromFragment(
  world: World,
  config: client.Configuration,
): Promise<{ readonly location: URL; readonly checks: { expectedState: string; expectedNonce: string } }> {
  const parameters = { redirect_uri: redirectUri, scope: 'openid profile', nonce: expectedNonce }
  const url = client.buildAuthorizationUrl(config, { ...parameters, state: expectedState })
  return { location: await world.signIn(url), checks: { expectedState, expectedNonce } }
}

export const openidClient: Client = {
  name: 'openid-client',
  version: versionOf('openid-client'),
  reach: 'http, `allowInsecureRequests`',
  names: () => namesOf(client),
  cells: {
    code: async (world) => claimsOf((await signIn(world, await discover(world))).access_token),
    refresh: async (world) => {
      const config = await discover(world)
      const { refresh_token: token } = await signIn(world, config)
      return claimsOf((await client.refreshTokenGrant(config, token ?? '')).access_token)
    },
    secret: async (world) =>
      claimsOf(
        (await client.clientCredentialsGrant(await discover(world), { scope: appScope })).access_token,
      ),
    certificate: async (world) => {
      const { privateKeyPem, x5tS256 } = world.certificate
      const { subtle } = globalThis.crypto
      const der = createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'der' })
      const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      const key = await subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
      const authentication = client.PrivateKeyJwt(key, {
        // Entra finds the certificate by its thumbprint.
        [client.modifyAssertion]: (header) => void (header['x5t#S256'] = x5tS256),
      })
      const config = await discover(world, portal, authentication)
      return claimsOf((await client.clientCredentialsGrant(config, { scope: appScope })).access_token)
    },
    onBehalfOf: async (world) => {
      const config = await discover(world, middleTier, client.ClientSecretPost(middleTierSecret))
      const parameters = { scope: tasksScope, requested_token_use: 'on_behalf_of' }
      const assertion = await world.assertion()
      const tokens = await client.genericGrantRequest(config, jwtBearer, { ...parameters, assertion })
      return claimsOf(tokens.access_token)
    },
    deviceCode: async (world) => {
      const config = await discover(world, commandLine, client.None())
      const response = await client.initiateDeviceAuthorization(config, { scope: accessAsUser })
      await world.enterDeviceCode(response.user_code)
      const tokens = await client.pollDeviceAuthorizationGrant(config, { ...response, interval: 0.1 })
      return claimsOf(tokens.access_token)
    },
    password: async (world) => {
      const config = await discover(world, commandLine, client.None())
      const parameters = { scope: accessAsUser, username: alice, password }
      return claimsOf((await client.genericGrantRequest(config, 'password', parameters)).access_token)
    },
    hybrid: async (world) => {
      const config = await discover(world)
      client.useCodeIdTokenResponseType(config)
      const { location, checks } = await fromFragment(world, config)
      return (await client.authorizationCodeGrant(config, location, checks)).claims() as Json
    },
    implicit: async (world) => {
      const config = await discover(world)
      client.useIdTokenResponseType(config)
      const { location, checks } = await fromFragment(world, config)
      const { expectedNonce: nonce, expectedState: state } = checks
      return await client.implicitAuthentication(config, location, nonce, { expectedState: state })
    },
    managedIdentity: { because: 'it knows no Azure', lacks: /managed|identity/i },
    logout: async (world) => ({
      error: await world.signOut(client.buildEndSessionUrl(await discover(world))),
    }),
    userinfo: async (world) => {
      const config = await discover(world)
      const tokens = await signIn(world, config, 'openid profile email')
      return { ...(await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')) }
    },
    keys: async (world) => {
      const config = await discover(world)
      client.enableNonRepudiationChecks(config)
      return (await signIn(world, config)).claims() as Json
    },
  },
}
