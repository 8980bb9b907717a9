// @ts-check
// Two processes of the API, the PostgreSQL between them, and an Entra ID on this machine. Alice has lost her laptop.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'

const { DATABASE_URL } = process.env
if (DATABASE_URL === undefined) {
  console.error('Say where a PostgreSQL is. One for a try, gone when it is stopped:')
  console.error('  docker run --rm -p 5432:5432 -e POSTGRES_PASSWORD=local postgres')
  console.error('  DATABASE_URL=postgres://postgres:local@127.0.0.1:5432/postgres npm start')
  process.exit(1)
}

const clientId = 'a0000000-0000-4000-8000-000000000002'
const onBehalfOf = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const emulator = await createEmulator()
/** @type {import('node:child_process').ChildProcess[]} */
const children = []
try {
  const environment = {
    TENANT_ID: 'contoso.onmicrosoft.com',
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
    TOKEN_CACHE_KEY: randomBytes(32).toString('base64'),
    STORE_TIMEOUT_MS: '10000', // as long as it takes, on a busy machine
  }
  const [first, second] = [await start('api.mjs', environment), await start('api.mjs', environment)]
  const laptop = await signIn()
  console.log(`first process: ${await me(first, laptop)}`)
  console.log(`second process: ${await me(second, laptop)}`)
  const revoked = await ask(first, 'sign-out-everywhere', laptop)
  console.log(`first process, signing out everywhere: ${revoked.status}`)
  let answer = await me(second, laptop)
  while (revoked.ok && answer.startsWith('200')) answer = await me(second, laptop) // it hears of that a moment later
  console.log(`second process, the lost laptop: ${answer}`)
  emulator.clock.advance(10)
  console.log(`second process, signed in again: ${await me(second, await signIn())}`)
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** @param {string} url @param {string} token */
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

/** @param {string} url @param {'me' | 'sign-out-everywhere'} path @param {string} token */
function ask(url, path, token) {
  const method = path === 'me' ? 'GET' : 'POST'
  return fetch(`${url}/${path}`, { method, headers: { authorization: `Bearer ${token}` } })
}

/** What Alice's client has then. */
function signIn() {
  const client = 'a0000000-0000-4000-8000-000000000001'
  const user = 'alice@contoso.onmicrosoft.com'
  return emulator.mint({ user, client, audience: clientId, scopes: ['access_as_user'] })
}

/** A program of this folder, and the address that it prints. @param {string} file @param {Record<string, string>} env */
async function start(file, env) {
  const child = spawn(process.execPath, [file], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  for await (const url of createInterface({ input: child.stdout })) return url
  throw new Error(`${file} did not start`)
}
