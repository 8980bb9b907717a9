// Unmodified oauth4webapi.
import { createPrivateKey } from 'node:crypto'
import * as oauth from 'oauth4webapi'
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

const application: oauth.Client = { client_id: portal }
const publicApplication: oauth.Client = { client_id: commandLine }
const secret = oauth.ClientSecretPost(portalSecret)
// eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; local development is what it is for
const options = { [oauth.allowInsecureRequests]: true }
const nonce = 'the-nonce'
const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }

async function discover({ issuer }: World): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer)
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options))
}

function authorizationUrl(server: oauth.AuthorizationServer, changes: Record<string, string>): URL {
  const url = new URL(server.authorization_endpoint ?? '')
  const parameters = { client_id: portal, redirect_uri: redirectUri, nonce, ...changes }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}

interface SignedIn {
  readonly server: oauth.AuthorizationServer
  readonly response: Response
  readonly tokens: oauth.TokenEndpointResponse
}

async function signIn(
  world: World,
  scope = `${accessAsUser} openid profile email offline_access`,
): Promise<SignedIn> {
  const server = await discover(world)
  const url = authorizationUrl(server, { response_type: 'code', scope, ...pkce })
  const answer = oauth.validateAuthResponse(server, application, await world.signIn(url), oauth.expectNoState)
  const response = await oauth.authorizationCodeGrantRequest(
    ...([server, application, secret, answer, redirectUri, verifier, options] as const),
  )
  const checks = { expectedNonce: nonce, requireIdToken: true }
  const tokens = await oauth.processAuthorizationCodeResponse(server, application, response, checks)
  return { server, response, tokens }
}

async function asApplication(world: World, authentication: oauth.ClientAuth): Promise<Json> {
  const server = await discover(world)
  const parameters = new URLSearchParams({ scope: appScope })
  const request = [server, application, authentication, parameters, options] as const
  const response = await oauth.clientCredentialsGrantRequest(...request)
  return claimsOf((await oauth.processClientCredentialsResponse(server, application, response)).access_token)
}

async function byGrant(
  world: World,
  client: oauth.Client,
  authentication: oauth.ClientAuth,
  { grant_type: grant, ...rest }: { readonly grant_type: string } & Record<string, string>,
): Promise<Json> {
  const server = await discover(world)
  const parameters = new URLSearchParams(rest)
  const request = [server, client, authentication, grant, parameters, options] as const
  const response = await oauth.genericTokenEndpointRequest(...request)
  return claimsOf((await oauth.processGenericTokenEndpointResponse(server, client, response)).access_token)
}

export const oauth4webapi: Client = {
  name: 'oauth4webapi',
  version: versionOf('oauth4webapi'),
  reach: 'http, `allowInsecureRequests`',
  names: () => namesOf(oauth),
  cells: {
    code: async (world) => claimsOf((await signIn(world)).tokens.access_token),
    refresh: async (world) => {
      const { server, tokens } = await signIn(world)
      const token = tokens.refresh_token ?? ''
      const response = await oauth.refreshTokenGrantRequest(server, application, secret, token, options)
      return claimsOf((await oauth.processRefreshTokenResponse(server, application, response)).access_token)
    },
    secret: (world) => asApplication(world, secret),
    certificate: async (world) => {
      const { privateKeyPem, x5tS256 } = world.certificate
      const der = createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'der' })
      const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      const key = await globalThis.crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
      return asApplication(
        world,
        oauth.PrivateKeyJwt(key, {
          // Entra finds the certificate by its thumbprint.
          [oauth.modifyAssertion]: (header) => void (header['x5t#S256'] = x5tS256),
        }),
      )
    },
    onBehalfOf: async (world) =>
      byGrant(world, { client_id: middleTier }, oauth.ClientSecretPost(middleTierSecret), {
        ...{ grant_type: jwtBearer, scope: tasksScope, requested_token_use: 'on_behalf_of' },
        assertion: await world.assertion(),
      }),
    deviceCode: async (world) => {
      const server = await discover(world)
      const parameters = new URLSearchParams({ scope: accessAsUser })
      const begin = [server, publicApplication, oauth.None(), parameters, options] as const
      const begun = await oauth.deviceAuthorizationRequest(...begin)
      const device = await oauth.processDeviceAuthorizationResponse(server, publicApplication, begun)
      await world.enterDeviceCode(device.user_code)
      const poll = [server, publicApplication, oauth.None(), device.device_code, options] as const
      const answer = await oauth.deviceCodeGrantRequest(...poll)
      return claimsOf((await oauth.processDeviceCodeResponse(server, publicApplication, answer)).access_token)
    },
    password: (world) =>
      byGrant(world, publicApplication, oauth.None(), {
        ...{ grant_type: 'password', scope: accessAsUser, username: alice, password },
      }),
    hybrid: async (world) => {
      const server = await discover(world)
      const scope = 'openid profile'
      const url = authorizationUrl(server, { response_type: 'code id_token', scope, ...pkce })
      const location = await world.signIn(url)
      const answer = await oauth.validateCodeIdTokenResponse(
        ...([server, application, location, nonce, oauth.expectNoState] as const),
        ...([oauth.skipAuthTimeCheck, options] as const),
      )
      const redeem = [server, application, secret, answer, redirectUri, verifier, options] as const
      const response = await oauth.authorizationCodeGrantRequest(...redeem)
      const checks = { expectedNonce: nonce, requireIdToken: true }
      const tokens = await oauth.processAuthorizationCodeResponse(server, application, response, checks)
      return { ...oauth.getValidatedIdTokenClaims(tokens) }
    },
    implicit: { because: 'it takes no answer without a code', lacks: /implicit/i },
    managedIdentity: { because: 'it knows no Azure', lacks: /managed|identity/i },
    logout: { because: 'RP-initiated logout is not its business', lacks: /logout|endSession/i },
    userinfo: async (world) => {
      const { server, tokens } = await signIn(world, 'openid profile email')
      const subject = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? ''
      const response = await oauth.userInfoRequest(server, application, tokens.access_token, options)
      return { ...(await oauth.processUserInfoResponse(server, application, subject, response)) }
    },
    keys: async (world) => {
      const { server, response, tokens } = await signIn(world)
      await oauth.validateApplicationLevelSignature(server, response, options)
      return { ...oauth.getValidatedIdTokenClaims(tokens) }
    },
  },
}
