// @ts-check
// The API against an Entra ID on this machine: Alice reads, wants to pay, and is asked for more than her password.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { findClaimsChallenge, parseChallenges } from 'midtier'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const emulator = await createEmulator()
try {
  const url = await start('server.mjs', {
    TENANT_ID: 'contoso.onmicrosoft.com',
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
  })
  await call('Alice', `${url}/account`, await tokenOf())
  await call('Alice', `${url}/payments`, await tokenOf(), { amount: 70 })
  await call('Alice, stepped up', `${url}/payments`, await tokenOf({ acrs: ['c1'] }), { amount: 70 })
  await call(
    'Alice, by a client that knows no challenges',
    `${url}/payments`,
    await tokenOf({ xms_cc: [] }),
    {
      amount: 70,
    },
  )
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** @param {string} who @param {string} url @param {string} token @param {object} [sent] */
async function call(who, url, token, sent) {
  const answer = await fetch(url, {
    method: sent ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}` },
    body: sent ? JSON.stringify(sent) : null,
  })
  const body = await answer.json()
  console.log(`${who}: ${answer.status} ${answer.ok ? JSON.stringify(body) : body.reason}`)
  const challenges = parseChallenges(answer.headers)
  const claims = findClaimsChallenge(challenges)?.claims
  if (!answer.ok) console.log(`  ${challenges[0]?.parameters.get('error')}, claims ${claims ?? 'none'}`)
}

/** What a client of MSAL with the capability `cp1` has for Alice. @param {Record<string, unknown>} [claims] */
function tokenOf(claims = {}) {
  return emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
    claims: { xms_cc: ['cp1'], ...claims },
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
