// @ts-check
// The API against an Entra ID on this machine, in which Alice's sessions are revoked between two calls.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { findClaimsChallenge, parseChallenges } from 'midtier'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const user = 'alice@contoso.onmicrosoft.com'
const emulator = await createEmulator()
try {
  const url = await start('api.mjs', {
    TENANT_ID: 'contoso.onmicrosoft.com',
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
  })
  const token = await signIn()
  await call('Alice', `${url}/me`, token)
  const alice = emulator.directory.findUser(user)
  if (alice) emulator.directory.revokeSessions(alice, emulator.clock.now())
  console.log('an administrator revokes her sessions')
  await call('Alice', `${url}/me`, token)
  emulator.clock.advance(60)
  await call('Alice, signed in anew', `${url}/me`, await signIn())
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** What a client has that says it understands claims challenges (`cp1`). */
function signIn() {
  const client = 'a0000000-0000-4000-8000-000000000001'
  return emulator.mint({
    user,
    client,
    audience: clientId,
    scopes: ['access_as_user'],
    capabilities: ['cp1'],
  })
}

/** @param {string} who @param {string} url @param {string} token */
async function call(who, url, token) {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const { displayName, reason, detail } = await answer.json()
  console.log(`${who}: ${answer.status} ${displayName ?? `${reason}: ${detail}`}`)
  const challenges = parseChallenges(answer.headers)
  const { access_token: wanted } = JSON.parse(findClaimsChallenge(challenges)?.claims ?? '{}')
  if (!answer.ok)
    console.log(`  ${challenges[0]?.parameters.get('error')}, wanted ${Object.keys(wanted ?? {})}`)
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
