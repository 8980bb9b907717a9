// @ts-check
// The API against an Entra ID on this machine, in which nobody has yet consented to what one of the fields takes.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { parseChallenges } from 'midtier'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const tenantId = 'c0000000-0000-4000-8000-000000000001'
const emulator = await createEmulator()
try {
  const url = await start('api.mjs', {
    TENANT_ID: tenantId,
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    CONSENT_REDIRECT_URI: 'https://people.contoso.com/consented',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
  })
  await ask(`${url}/graphql`, '{ me { displayName } }')
  await ask(`${url}/graphql`, '{ me { displayName } colleagues { displayName } }')
  await emulator.directory.consents.grant({
    tenantId,
    clientId,
    resourceId: '00000003-0000-0000-c000-000000000000',
    scopes: ['User.Read', 'User.ReadBasic.All'],
  })
  console.log('Alice consents')
  await ask(`${url}/graphql`, '{ me { displayName } colleagues { displayName } }')
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** @param {string} url @param {string} query */
async function ask(url, query) {
  const token = await emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
  })
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data, errors = [] } = await answer.json()
  console.log(`${query}: ${answer.status}`)
  console.log(`  ${JSON.stringify(data)}`)
  for (const { path, extensions } of errors) console.log(`  ${path}: ${extensions.reason}`)
  for (const { parameters } of parseChallenges(answer.headers))
    console.log(`  challenge: ${parameters.get('error')}, ${parameters.get('scopes')}`)
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
