// @ts-check
// The API against an Entra ID on this machine, whose token endpoint is down for a while.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { parseChallenges } from 'midtier'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const emulator = await createEmulator()
try {
  const url = await start('dist/api.js', {
    TENANT_ID: 'contoso.onmicrosoft.com',
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
  })
  const alice = await tokenOf('alice')
  await call('nobody', `${url}/about`)
  await call('nobody', `${url}/profile`)
  await call('Alice', `${url}/profile`, alice)
  emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 503 } })
  console.log('the token endpoint is down')
  await call('Alice', `${url}/profile`, alice)
  await call('Bob', `${url}/profile`, await tokenOf('bob'))
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** @param {string} who @param {string} url @param {string} [token] */
async function call(who, url, token) {
  const answer = await fetch(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})
  const { text, detail } = await answer.json()
  console.log(`${who}: ${answer.status} ${text ?? detail}`)
  const [challenge] = parseChallenges(answer.headers)
  if (challenge) console.log(`  challenge: ${[...challenge.parameters.keys()].join(', ')}`)
  const retryAfter = answer.headers.get('retry-after')
  if (retryAfter) console.log(`  Retry-After: ${retryAfter}`)
}

/** What a client has once the person has signed in. @param {string} name */
function tokenOf(name) {
  return emulator.mint({
    user: `${name}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
  })
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
