// Unmodified @azure/msal-node, over http by the metadata that it would otherwise fetch.
import * as msal from '@azure/msal-node'
import { authorityMetadata } from '../../msal/configuration.ts'
import {
  accessAsUser,
  alice,
  challenge,
  claimsOf,
  commandLine,
  contoso,
  middleTier,
  middleTierSecret,
  password,
  todoApi,
  verifier,
} from '../../scenario.ts'
import { namesOf, type Client } from '../client.ts'
import { appScope, portal, portalSecret, redirectUri, tasksScope, type World } from '../world.ts'
import { versionOf } from './versions.ts'

const scopes = [accessAsUser]

const metadata = ({ emulator }: World) => ({
  authority: `https://login.microsoftonline.com/${contoso}`,
  authorityMetadata: authorityMetadata(emulator.origin),
})

const confidential = (
  world: World,
  auth: Partial<msal.NodeAuthOptions> = { clientSecret: portalSecret },
): msal.ConfidentialClientApplication =>
  new msal.ConfidentialClientApplication({ auth: { clientId: portal, ...metadata(world), ...auth } })

const publicClient = (world: World): msal.PublicClientApplication =>
  new msal.PublicClientApplication({ auth: { clientId: commandLine, ...metadata(world) } })

async function signIn(
  world: World,
  client: msal.ConfidentialClientApplication,
): Promise<msal.AuthenticationResult> {
  const request = { scopes, redirectUri }
  const challenged = { ...request, codeChallenge: challenge, codeChallengeMethod: 'S256' }
  const location = await world.signIn(await client.getAuthCodeUrl(challenged))
  const code = location.searchParams.get('code') ?? ''
  return client.acquireTokenByCode({ ...request, code, codeVerifier: verifier })
}

const tokenOf = (result: msal.AuthenticationResult | null) => claimsOf(result?.accessToken ?? '')

export const msalNode: Client = {
  name: '@azure/msal-node',
  version: versionOf('@azure/msal-node'),
  reach: 'http, `authorityMetadata`',
  names: () => namesOf(msal),
  cells: {
    code: async (world) => tokenOf(await signIn(world, confidential(world))),
    refresh: async (world) => {
      const client = confidential(world)
      const { account } = await signIn(world, client)
      if (account === null) throw new Error('no account')
      return tokenOf(await client.acquireTokenSilent({ scopes, account, forceRefresh: true }))
    },
    secret: async (world) =>
      tokenOf(await confidential(world).acquireTokenByClientCredential({ scopes: [appScope] })),
    certificate: async (world) => {
      const { x5tS256, privateKeyPem: privateKey } = world.certificate
      const thumbprintSha256 = Buffer.from(x5tS256, 'base64url').toString('hex')
      const client = confidential(world, { clientCertificate: { thumbprintSha256, privateKey } })
      return tokenOf(await client.acquireTokenByClientCredential({ scopes: [appScope] }))
    },
    onBehalfOf: async (world) => {
      const client = confidential(world, { clientId: middleTier, clientSecret: middleTierSecret })
      const oboAssertion = await world.assertion()
      return tokenOf(await client.acquireTokenOnBehalfOf({ oboAssertion, scopes: [tasksScope] }))
    },
    deviceCode: async (world) =>
      tokenOf(
        await publicClient(world).acquireTokenByDeviceCode({
          scopes,
          deviceCodeCallback: ({ userCode }) => void world.enterDeviceCode(userCode),
        }),
      ),
    password: async (world) =>
      tokenOf(
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is what the column is about
        await publicClient(world).acquireTokenByUsernamePassword({ scopes, username: alice, password }),
      ),
    hybrid: { because: 'it asks for codes alone', lacks: /hybrid|codeIdToken/i },
    implicit: { because: 'it asks for codes alone', lacks: /implicit/i },
    managedIdentity: async ({ emulator }) => {
      process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = emulator.origin
      const identity = new msal.ManagedIdentityApplication({ managedIdentityIdParams: {} })
      return tokenOf(await identity.acquireToken({ resource: `api://${todoApi}` }))
    },
    logout: {
      because: 'its `signOut` forgets the account, and asks nobody',
      lacks: /logout|endSession/i,
    },
    userinfo: { because: 'it reads the id_token alone', lacks: /userinfo/i },
    keys: { because: 'it takes tokens from the token endpoint, unverified', lacks: /jwks|verif(y|ication)/i },
  },
}
