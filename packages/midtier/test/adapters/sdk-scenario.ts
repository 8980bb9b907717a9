// The emulator over https with Microsoft Graph and Azure Key Vault as APIs, and a middle tier whose callers use their SDKs.
import { createEmulator, defaultDirectory, type Emulator } from '@midtier/emulator'
import type { Caller, Fetch, WebApi } from '../../src/index.ts'
import { clientSecret, createWebApi } from '../../src/index.ts'
import { trustingFetch } from './trusting-fetch.ts'

export const contoso = 'c0000000-0000-4000-8000-000000000001'
export const fabrikam = 'f0000000-0000-4000-8000-000000000001'
export const alice = { name: 'alice@contoso.onmicrosoft.com', oid: 'c0000000-0000-4000-8000-0000000000a1' }
export const bob = { name: 'bob@contoso.onmicrosoft.com', oid: 'c0000000-0000-4000-8000-0000000000b1' }
const middleTier = 'a0000000-0000-4000-8000-000000000002'
export const keyVault = 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093'
const webClient = 'a0000000-0000-4000-8000-000000000001'
const graph = '00000003-0000-0000-c000-000000000000'
export const vaultScope = 'https://vault.azure.net/.default'

/** As Graph and Key Vault challenge a token that was revoked. */
export const demanded = JSON.stringify({ access_token: { nbf: { essential: true, value: '1893456000' } } })
export const claimsChallenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${btoa(demanded)}"`

export interface SdkScenario {
  readonly emulator: Emulator
  readonly api: WebApi
  /** Trusts the emulator. */
  readonly fetch: Fetch
  /** Host and port of the emulator's https listener. */
  readonly host: string
  readonly clock: { nowMs(): number }
  /** The signed-in caller of one request. */
  caller(user: { readonly name: string }, claims?: Record<string, unknown>): Promise<Caller>
  token(user: { readonly name: string }, claims?: Record<string, unknown>): Promise<string>
  /** An application that calls by itself. */
  application(): Promise<Caller>
  /** Token requests that the emulator answered. */
  tokenRequests(): number
  stop(): Promise<void>
}

const directory = {
  ...defaultDirectory,
  applications: [
    ...defaultDirectory.applications,
    {
      id: keyVault,
      displayName: 'Azure Key Vault',
      publisher: 'Microsoft',
      identifierUris: ['https://vault.azure.net'],
      scopes: [{ value: 'user_impersonation' }],
      appRoles: [{ value: 'Vault.Read' }],
      accessTokenAcceptedVersion: 1,
    } as const,
  ],
  consents: [
    ...(defaultDirectory.consents ?? []),
    { tenantId: contoso, clientId: middleTier, resourceId: graph, scopes: ['User.ReadBasic.All'] },
    { tenantId: contoso, clientId: middleTier, resourceId: keyVault, scopes: ['user_impersonation'] },
  ],
  appRoleAssignments: [
    ...(defaultDirectory.appRoleAssignments ?? []),
    { tenantId: contoso, principalId: middleTier, resourceId: keyVault, role: 'Vault.Read' },
  ],
}

export async function startSdkScenario(): Promise<SdkScenario> {
  const emulator = await createEmulator({ httpsPort: 0, directory })
  const instance = emulator.httpsOrigin ?? ''
  const fetch = trustingFetch(emulator.caCertificate ?? '')
  const clock = { nowMs: () => emulator.clock.now() }
  const api = createWebApi({
    tenantId: contoso,
    clientId: middleTier,
    instance,
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    clock,
    fetch,
  })
  const token: SdkScenario['token'] = (user, claims = {}) =>
    emulator.mint({
      user: user.name,
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
      claims,
    })
  const authenticate = (accessToken: string): Promise<Caller> =>
    api.authenticate({
      method: 'GET',
      url: '/',
      header: (name) => (name === 'authorization' ? `Bearer ${accessToken}` : undefined),
    })
  return {
    emulator,
    api,
    fetch,
    host: new URL(instance).host,
    clock,
    token,
    caller: async (user, claims) => authenticate(await token(user, claims)),
    application: async () =>
      authenticate(
        await emulator.mint({
          client: webClient,
          audience: middleTier,
          tenant: contoso,
          roles: ['Anything'],
        }),
      ),
    tokenRequests: () => emulator.requests.list({ endpoint: 'token' }).length,
    async stop() {
      await api.close()
      await emulator.stop()
    },
  }
}

/** What Entra answers when a policy wants a second factor. */
export const wantsSecondFactor = {
  status: 400,
  body: {
    error: 'interaction_required',
    error_description:
      'AADSTS50076: Due to a configuration change, you must use multi-factor authentication.',
    error_codes: [50076],
    suberror: 'basic_action',
    claims:
      '{"access_token":{"capolids":{"essential":true,"values":["0b000000-0000-4000-8000-000000000001"]}}}',
  },
} as const
