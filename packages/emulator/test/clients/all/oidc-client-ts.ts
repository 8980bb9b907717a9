// Unmodified oidc-client-ts: its OidcClient and UserManager, which need no window for this.
import * as oidc from 'oidc-client-ts'
import { accessAsUser, alice, claimsOf, password } from '../../scenario.ts'
import { namesOf, type Client } from '../client.ts'
import { portal, portalSecret, redirectUri, type World } from '../world.ts'
import { versionOf } from './versions.ts'

const settingsOf = (
  world: World,
  changes: Partial<oidc.OidcClientSettings> = {},
): oidc.OidcClientSettings => ({
  authority: world.issuer,
  ...{ client_id: portal, client_secret: portalSecret, redirect_uri: redirectUri },
  scope: `${accessAsUser} openid profile email offline_access`,
  stateStore: new oidc.WebStorageStateStore({ store: new oidc.InMemoryWebStorage() }),
  ...changes,
})

const createClient = (world: World, changes: Partial<oidc.OidcClientSettings> = {}): oidc.OidcClient =>
  new oidc.OidcClient(settingsOf(world, changes))

async function signIn(world: World, client: oidc.OidcClient): Promise<oidc.SigninResponse> {
  const { url } = await client.createSigninRequest({ nonce: 'the-nonce' })
  return client.processSigninResponse((await world.signIn(url)).href)
}

const codeOnly = 'it asks for codes alone: other response types left with version 2'

export const oidcClientTs: Client = {
  name: 'oidc-client-ts',
  version: versionOf('oidc-client-ts'),
  reach: 'http',
  names: () => namesOf(oidc),
  cells: {
    code: async (world) => claimsOf((await signIn(world, createClient(world))).access_token),
    refresh: async (world) => {
      const manager = new oidc.UserManager(settingsOf(world))
      const { profile, session_state, ...tokens } = await signIn(world, createClient(world))
      await manager.storeUser(new oidc.User({ ...tokens, profile, session_state }))
      return claimsOf((await manager.signinSilent())?.access_token ?? '')
    },
    secret: { because: 'it signs people in', lacks: /clientCredential/i },
    certificate: { because: 'it signs people in', lacks: /certificate/i },
    onBehalfOf: { because: 'it signs people in', lacks: /behalf|assertion/i },
    deviceCode: { because: 'it leads a browser', lacks: /device/i },
    password: async (world) => {
      const client = createClient(world)
      const request = { username: alice, password, skipUserInfo: true }
      return claimsOf((await client.processResourceOwnerPasswordCredentials(request)).access_token)
    },
    hybrid: { because: codeOnly, lacks: /hybrid/i },
    implicit: { because: codeOnly, lacks: /implicit/i },
    managedIdentity: { because: 'it knows no Azure', lacks: /managed|identity/i },
    logout: async (world) => {
      const { url } = await createClient(world).createSignoutRequest()
      return { error: await world.signOut(url) }
    },
    userinfo: async (world) => {
      const client = createClient(world, { loadUserInfo: true, scope: 'openid profile email' })
      return (await signIn(world, client)).profile
    },
    keys: { because: 'it leaves signatures to TLS since version 2', lacks: /verif|validateSignature/i },
  },
}
