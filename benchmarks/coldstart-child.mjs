// A fresh process as a function in a cloud has it: it imports, validates the first request, and has the first token for a downstream API.
// Nothing stands at the top of this file but what every process has loaded anyway: else each contender would pay for it.
import process from 'node:process'

const clientId = '2d4d2a60-3b4c-4f0f-9a51-6d2f0a2b7c11'
const clientSecret = 'a secret that only benchmarks know'
const tenantId = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const scopes = ['api://todolist/Todo.Read']

/** When each stage was reached, in milliseconds since the start of the process: by the clock, and of its processor time. */
const reached = {}
const mark = (stage) => {
  const { user, system } = process.cpuUsage()
  reached[stage] = { wallMs: performance.now(), spentMs: (user + system) / 1000 }
}

const useMidtier = async (instance, assertion, tokenCache) => {
  const midtier = await import('midtier')
  const cached = tokenCache && { tokenCache: await tokenCache() }
  mark('imported')
  const clientCredential = midtier.clientSecret(clientSecret)
  const api = midtier.createWebApi({
    ...{ tenantId, clientId, instance, clientCredential, ...cached },
    algorithms: ['ES256'],
  })
  const header = (name) => (name === 'authorization' ? `Bearer ${assertion}` : undefined)
  const requirements = { scopes: ['access_as_user'] }
  const caller = await api.authenticate({ method: 'GET', url: '/', header }, requirements)
  mark('validated')
  return (await caller.acquireToken({ scopes })).accessToken
}

const useMsal = async (instance, assertion, cachePlugin) => {
  const [jose, msal] = await Promise.all([import('jose'), import('@azure/msal-node')])
  const client = cachePlugin && (await connectRedis())
  mark('imported')
  const keys = jose.createRemoteJWKSet(new URL(`${instance}/${tenantId}/discovery/v2.0/keys`))
  const expected = { issuer: `${instance}/${tenantId}/v2.0`, audience: clientId, algorithms: ['ES256'] }
  const { payload } = await jose.jwtVerify(assertion, keys, expected)
  if (!payload.scp.split(' ').includes('access_as_user')) throw new Error('the scope is missing')
  mark('validated')
  const authority = `${instance}/${tenantId}`
  const auth = { clientId, authority, clientSecret, knownAuthorities: [new URL(instance).host] }
  const cache = cachePlugin && { cache: { cachePlugin: cachePlugin(msal, client, payload) } }
  const application = new msal.ConfidentialClientApplication({ auth, ...cache })
  return (await application.acquireTokenOnBehalfOf({ oboAssertion: assertion, scopes })).accessToken
}

const connectRedis = async () => {
  const { Redis } = await import('ioredis')
  return new Redis({ port: Number(process.env.REDIS_PORT), host: '127.0.0.1' })
}

const sealedInRedis = async () => {
  const [{ redisStore }, client] = await Promise.all([import('midtier/redis'), connectRedis()])
  return { store: redisStore(client), keyRing: { current: 'k1', keys: { k1: process.env.TOKEN_CACHE_KEY } } }
}

/** As the guide of MSAL has it: a user's tokens are one text, found by the account. */
const inRedis = (msal, client, { oid, tid }) =>
  new msal.DistributedCachePlugin(
    { get: async (key) => (await client.get(key)) ?? '', set: (key, value) => client.set(key, value) },
    { getKey: async () => `${oid}.${tid}`, extractKey: async ({ homeAccountId }) => homeAccountId },
  )

/** Each gives the token that it acquired on behalf of whose token came. */
const contenders = {
  bare: () => '.0',
  midtier: useMidtier,
  'midtier, Redis': (instance, assertion) => useMidtier(instance, assertion, sealedInRedis),
  'jose + @azure/msal-node': useMsal,
  'jose + @azure/msal-node, Redis': (instance, assertion) => useMsal(instance, assertion, inRedis),
}

const [name, instance] = process.argv.slice(2)
const token = await contenders[name](instance, process.env.ASSERTION)
if (!/^[^.]*\.0/.test(token)) throw new Error('not the token')
mark('token')
process.stdout.write(JSON.stringify(reached), () => process.exit())
