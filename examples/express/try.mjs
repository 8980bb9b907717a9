// @ts-check
// The API against an Entra ID on this machine, and its callers: nobody, Alice, and Bob, of whom Graph demands a second factor.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { parseChallenges } from 'midtier'

const clientId = 'a0000000-0000-4000-8000-000000000002'
const emulator = await createEmulator()
const { child, url } = await start('api.mjs', {
  TENANT_ID: 'contoso.onmicrosoft.com',
  CLIENT_ID: clientId,
  CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
  INSTANCE: emulator.origin,
  GRAPH_URL: `${emulator.origin}/v1.0/`,
})
try {
  await call('nobody')
  await call('Alice', await tokenOf('alice'))
  emulator.policies.enable('b0000000-0000-4000-8000-000000000006') // the ready-made one: MFA for Microsoft Graph
  await call('Bob', await tokenOf('bob'))
  await call('Bob, signed in again with these claims', await tokenOf('bob', ['pwd', 'mfa']))
} finally {
  child.kill()
  await emulator.stop()
}

/** @param {string} who @param {string} [token] */
async function call(who, token) {
  const answer = await fetch(`${url}/me`, token ? { headers: { authorization: `Bearer ${token}` } } : {})
  const { displayName, jobTitle, reason } = await answer.json()
  console.log(`${who}: ${answer.status} ${answer.ok ? `${displayName}, ${jobTitle}` : reason}`)
  const [challenge] = parseChallenges(answer.headers)
  const claims = challenge?.parameters.get('claims')
  if (claims) console.log(`  ${challenge?.parameters.get('error')}: ${Buffer.from(claims, 'base64')}`)
}

/** What a client has once the person has signed in. @param {string} name @param {string[]} [amr] How. */
function tokenOf(name, amr = ['pwd']) {
  const client = 'a0000000-0000-4000-8000-000000000001'
  const user = `${name}@contoso.onmicrosoft.com`
  return emulator.mint({ user, amr, client, audience: clientId, scopes: ['access_as_user'] })
}

/** A program of this folder, and the address that it prints. @param {string} file @param {Record<string, string>} env */
async function start(file, env) {
  const child = spawn(process.execPath, [file], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const url of createInterface({ input: child.stdout })) return { child, url }
  throw new Error(`${file} did not start`)
}
