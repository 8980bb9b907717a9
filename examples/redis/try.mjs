// @ts-check
// Two processes of the API, the Redis between them, which is stopped in the end, and an Entra ID on this machine.
import { randomBytes } from 'node:crypto'
import { createEmulator } from '@midtier/emulator'
import { startNode, startRedis, stopAll } from './processes.mjs'

const clientId = 'a0000000-0000-4000-8000-000000000002'
const onBehalfOf = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const emulator = await createEmulator()
try {
  await run()
} finally {
  await stopAll()
  await emulator.stop()
}

async function run() {
  const { REDIS_URL } = process.env
  const redis = REDIS_URL ? { url: REDIS_URL } : await startRedis()
  const environment = {
    TENANT_ID: 'contoso.onmicrosoft.com',
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
    REDIS_URL: redis.url,
    TOKEN_CACHE_KEY: randomBytes(32).toString('base64'),
    STORE_TIMEOUT_MS: '10000', // as long as it takes, on a busy machine
  }
  const [first, second] = [await startNode('api.mjs', environment), await startNode('api.mjs', environment)]
  const [alice, bob] = [await tokenOf('alice'), await tokenOf('bob')]
  console.log(`first process, nobody: ${await me(first)}`)
  console.log(`first process, Alice: ${await me(first, alice)}`)
  console.log(`second process, Alice: ${await me(second, alice)}`)
  const signedOut = await ask(first, 'sign-out', alice)
  console.log(`first process, Alice signs out: ${signedOut.status}`)
  let answer = await me(second, alice)
  while (signedOut.ok && answer.endsWith('cache')) answer = await me(second, alice) // it hears of that a moment later
  console.log(`second process, Alice: ${answer}`)
  if (!('stop' in redis)) return // somebody else's goes on
  await redis.stop()
  console.log('Redis is gone')
  console.log(`first process, Bob: ${await me(first, bob)}`)
  console.log(`first process, Bob: ${await me(first, bob)}`)
  console.log(`second process, Bob: ${await me(second, bob)}`)
}

/** @param {string} url @param {string} [token] */
async function me(url, token) {
  const before = countExchanges()
  const answer = await ask(url, 'me', token)
  const { displayName, reason } = await answer.json()
  if (!answer.ok) return `${answer.status} ${reason}`
  return `${answer.status} ${displayName}, ${countExchanges() > before ? 'by an exchange' : 'from the cache'}`
}

function countExchanges() {
  return emulator.requests.list({ grantType: onBehalfOf }).length
}

/** @param {string} url @param {'me' | 'sign-out'} path @param {string} [token] */
function ask(url, path, token) {
  const headers = token ? { authorization: `Bearer ${token}` } : new Headers()
  return fetch(`${url}/${path}`, { method: path === 'me' ? 'GET' : 'POST', headers })
}

/** What a client has once the person has signed in. @param {string} name */
function tokenOf(name) {
  const client = 'a0000000-0000-4000-8000-000000000001'
  const user = `${name}@contoso.onmicrosoft.com`
  return emulator.mint({ user, client, audience: clientId, scopes: ['access_as_user'] })
}
