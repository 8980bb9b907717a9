// The clients that Microsoft has for agents, as they are published, against the emulator: each gets the tokens of all three flows.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'

const clients = { '@azure/msal-node': '7.2.3', '@microsoft/agents-hosting': '1.8.1' }

// An emulator, and the network led to it: the clients ask login.microsoftonline.com, as in production.
const emulated = `
  import { createEmulator } from '@midtier/emulator'
  export const tenant = 'c0000000-0000-4000-8000-000000000001'
  export const web = 'a0000000-0000-4000-8000-000000000001'
  export const blueprint = 'a0000000-0000-4000-8000-000000000006'
  export const secret = 'blueprint-secret-for-local-use-only'
  export const agent = 'a0000000-0000-4000-8000-000000000007'
  export const assistant = 'c0000000-0000-4000-8000-0000000000e1'
  export const todos = 'api://a0000000-0000-4000-8000-000000000003'

  export const emulator = await createEmulator()
  export const authority = 'https://login.microsoftonline.com/' + tenant
  const { fetch } = globalThis
  globalThis.fetch = (input, init) =>
    fetch(String(input).replace('https://login.microsoftonline.com', emulator.origin), init)

  export const callersToken = () =>
    emulator.mint({ user: 'alice@contoso.onmicrosoft.com', client: web, audience: blueprint, scopes: ['access_agent'] })

  export function tell(what, token) {
    const { azp, oid, idtyp, scp, roles, xms_par_app_azp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))
    const isAgent = azp === agent && xms_par_app_azp === blueprint
    const who = { [agent]: 'the agent', [assistant]: 'its account' }[oid] ?? 'a person'
    console.log(what + ':', isAgent ? 'the agent for' : 'somebody for', who, idtyp, scp, roles ?? '')
  }
`

describe('for agents', () => {
  test('@azure/msal-node gets tokens on behalf of a user, by itself, and for the user account', async () => {
    const made = consumer({
      dependencies: clients,
      files: {
        'emulated.mjs': emulated,
        'index.mjs': `
          import { ConfidentialClientApplication } from '@azure/msal-node'
          import { agent, assistant, authority, blueprint, callersToken, emulator, secret, tell, todos } from './emulated.mjs'

          const exchange = ['api://AzureADTokenExchange/.default']
          const blueprintClient = new ConfidentialClientApplication({ auth: { clientId: blueprint, clientSecret: secret, authority } })
          const exchangeToken = async () => {
            const result = await blueprintClient.acquireTokenByClientCredential({ scopes: exchange, fmiPath: agent })
            return result.accessToken
          }
          const client = new ConfidentialClientApplication({ auth: { clientId: agent, clientAssertion: exchangeToken, authority } })

          const scopes = [todos + '/Tasks.ReadWrite']
          const onBehalf = await client.acquireTokenOnBehalfOf({ oboAssertion: await callersToken(), scopes })
          tell('on behalf', onBehalf.accessToken)
          const alone = await client.acquireTokenByClientCredential({ scopes: [todos + '/.default'] })
          tell('by itself', alone.accessToken)
          const { accessToken: assertion } = await client.acquireTokenByClientCredential({ scopes: exchange })
          const byId = await client.acquireTokenByUserFederatedIdentityCredential({ scopes, assertion, userObjectId: assistant })
          tell('by object id', byId.accessToken)
          const username = 'assistant@contoso.onmicrosoft.com'
          const byName = await client.acquireTokenByUserFederatedIdentityCredential({ scopes, assertion, username })
          tell('by name', byName.accessToken)
          const { account } = byName
          tell('silently', (await client.acquireTokenSilent({ scopes, account })).accessToken)
          tell('refreshed', (await client.acquireTokenSilent({ scopes, account, forceRefresh: true })).accessToken)
          await emulator.stop()
        `,
      },
    })
    expect(await made.run('node', ['index.mjs'])).toBe(
      [
        'on behalf: the agent for a person user Tasks.ReadWrite ',
        "by itself: the agent for the agent app / [ 'Tasks.Read.All' ]",
        'by object id: the agent for its account user Tasks.ReadWrite ',
        'by name: the agent for its account user Tasks.ReadWrite ',
        'silently: the agent for its account user Tasks.ReadWrite ',
        'refreshed: the agent for its account user Tasks.ReadWrite ',
        '',
      ].join('\n'),
    )
  })

  test('@microsoft/agents-hosting gets tokens of the application, the instance and the user', async () => {
    const made = consumer({
      dependencies: clients,
      files: {
        'emulated.mjs': emulated,
        'index.mjs': `
          import { agent, assistant, authority, blueprint, emulator, secret, tell, tenant, todos } from './emulated.mjs'
          import hosting from '@microsoft/agents-hosting'

          const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))
          const connection = { clientId: blueprint, clientSecret: secret, tenantId: tenant, authority: 'https://login.microsoftonline.com' }
          const provider = new hosting.MsalTokenProvider(connection)
          console.log(claims(await provider.getAgenticApplicationToken(tenant, agent)).aud === blueprint)
          console.log(claims(await provider.getAgenticInstanceToken(tenant, agent)).aud === agent)
          tell('user', await provider.getAgenticUserToken(tenant, agent, assistant, [todos + '/Tasks.ReadWrite']))
          console.log(emulator.requests.list({ endpoint: 'token' }).map(({ grantType, agent }) => grantType + ' ' + agent).join('\\n'))
          await emulator.stop()
        `,
      },
    })
    expect(await made.run('node', ['index.mjs'])).toBe(
      [
        'true',
        'true',
        'user: the agent for its account user Tasks.ReadWrite ',
        'client_credentials Contoso Assistant',
        'client_credentials Contoso Assistant',
        'user_fic Contoso Assistant',
        '',
      ].join('\n'),
    )
  })
})
