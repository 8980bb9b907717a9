// A fresh process as a function in a cloud has it: it imports, validates the first request, and has the first token for a downstream API.
// Nothing stands at the top of this file but what every process has loaded anyway: else each contender would pay for it.
import process from 'node:process'

const clientId = '2d4d2a60-3b4c-4f0f-9a51-6d2f0a2b7c11'
const clientSecret = 'a secret that only benchmarks know'
const tenantId = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const scopes = ['api://todolist/Todo.Read']

/** Each gives the token that it acquired on behalf of whose token came. */
const contenders = {
  bare: () => '0',
  midtier: async (instance, assertion) => {
    const midtier = await import('midtier')
    const clientCredential = midtier.clientSecret(clientSecret)
    const api = midtier.createWebApi({
      tenantId,
      clientId,
      instance,
      clientCredential,
      algorithms: ['ES256'],
    })
    const header = (name) => (name === 'authorization' ? `Bearer ${assertion}` : undefined)
    const requirements = { scopes: ['access_as_user'] }
    const caller = await api.authenticate({ method: 'GET', url: '/', header }, requirements)
    return (await caller.acquireToken({ scopes })).accessToken
  },
  'jose + @azure/msal-node': async (instance, assertion) => {
    const [jose, msal] = await Promise.all([import('jose'), import('@azure/msal-node')])
    const keys = jose.createRemoteJWKSet(new URL(`${instance}/${tenantId}/discovery/v2.0/keys`))
    const expected = { issuer: `${instance}/${tenantId}/v2.0`, audience: clientId, algorithms: ['ES256'] }
    const { payload } = await jose.jwtVerify(assertion, keys, expected)
    if (!payload.scp.split(' ').includes('access_as_user')) throw new Error('the scope is missing')
    const authority = `${instance}/${tenantId}`
    const auth = { clientId, authority, clientSecret, knownAuthorities: [new URL(instance).host] }
    const application = new msal.ConfidentialClientApplication({ auth })
    return (await application.acquireTokenOnBehalfOf({ oboAssertion: assertion, scopes })).accessToken
  },
}

const [name, instance] = process.argv.slice(2)
const token = await contenders[name](instance, process.env.ASSERTION)
if (!token.startsWith('0')) throw new Error('not the token')
const { user, system } = process.cpuUsage()
process.stdout.write(String((user + system) / 1000), () => process.exit())
