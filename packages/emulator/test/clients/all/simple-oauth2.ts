// Unmodified simple-oauth2.
import * as simple from 'simple-oauth2'
import { accessAsUser, alice, challenge, claimsOf, contoso, password, verifier } from '../../scenario.ts'
import { namesOf, type Client } from '../client.ts'
import { appScope, portal, portalSecret, redirectUri, type World } from '../world.ts'
import { versionOf } from './versions.ts'

const options = ({ emulator }: World): simple.ModuleOptions => ({
  client: { id: portal, secret: portalSecret },
  auth: {
    tokenHost: emulator.origin,
    tokenPath: `/${contoso}/oauth2/v2.0/token`,
  },
  options: { authorizationMethod: 'body' },
})

const tokenOf = ({ token }: simple.AccessToken) => claimsOf(String(token['access_token']))

async function signIn(world: World): Promise<simple.AccessToken> {
  const given = options(world)
  const auth = { ...given.auth, authorizePath: `/${contoso}/oauth2/v2.0/authorize` }
  const client = new simple.AuthorizationCode({ ...given, auth })
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
  const request = { redirect_uri: redirectUri, scope: `${accessAsUser} offline_access` }
  const location = await world.signIn(client.authorizeURL({ ...request, ...pkce }))
  const code = location.searchParams.get('code') ?? ''
  const redemption = { ...request, code, code_verifier: verifier }
  return client.getToken(redemption)
}

const nothingElse = 'it has three grants and their refresh'

export const simpleOauth2: Client = {
  name: 'simple-oauth2',
  version: versionOf('simple-oauth2'),
  reach: 'http',
  names: () => [...namesOf(simple), 'refresh'],
  cells: {
    code: async (world) => tokenOf(await signIn(world)),
    refresh: async (world) => tokenOf(await (await signIn(world)).refresh()),
    secret: async (world) =>
      tokenOf(await new simple.ClientCredentials(options(world)).getToken({ scope: appScope })),
    certificate: { because: 'a client proves itself by a secret alone', lacks: /assertion|certificate|jwt/i },
    onBehalfOf: { because: nothingElse, lacks: /behalf|assertion|jwtBearer|generic/i },
    deviceCode: { because: nothingElse, lacks: /device/i },
    password: async (world) => {
      const client = new simple.ResourceOwnerPassword(options(world))
      return tokenOf(await client.getToken({ username: alice, password, scope: accessAsUser }))
    },
    hybrid: { because: 'it knows no id_token', lacks: /id_?token/i },
    implicit: { because: 'it knows no id_token', lacks: /id_?token|implicit/i },
    managedIdentity: { because: 'it knows no Azure', lacks: /managed|identity/i },
    logout: { because: 'its `revoke` is RFC 7009, which Entra has not', lacks: /logout|endSession/i },
    userinfo: { because: 'it knows no OpenID Connect', lacks: /userinfo/i },
    keys: { because: 'to it a token is opaque', lacks: /jwks|verify/i },
  },
}
