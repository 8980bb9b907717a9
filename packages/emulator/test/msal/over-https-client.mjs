// Runs in a process of its own, because Node reads NODE_EXTRA_CA_CERTS once, at its start.
import { ConfidentialClientApplication } from '@azure/msal-node'

const { origin, tenant, clientId, clientSecret, assertion, scope } = JSON.parse(process.argv[2])
const client = new ConfidentialClientApplication({
  auth: {
    clientId,
    clientSecret,
    authority: `${origin}/${tenant}`,
    knownAuthorities: [new URL(origin).host],
  },
})
const scopes = [scope]
const forUser = await client.acquireTokenOnBehalfOf({ oboAssertion: assertion, scopes })
const cached = await client.acquireTokenOnBehalfOf({ oboAssertion: assertion, scopes })
const appOnly = await client.acquireTokenByClientCredential({ scopes: [scope.replace(/[^/]+$/, '.default')] })
console.log(
  JSON.stringify({ forUser: forUser.accessToken, fromCache: cached.fromCache, appOnly: appOnly.accessToken }),
)
