// @ts-check
// Both APIs against an Entra ID on this machine, in which nobody has yet allowed the one to call the other.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { parseChallenges } from 'midtier'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const todoId = 'a0000000-0000-4000-8000-000000000003'
const tenantId = 'c0000000-0000-4000-8000-000000000001'
const permission = { tenantId, clientId, resourceId: todoId }
const emulator = await createEmulator()
const entra = { TENANT_ID: tenantId, INSTANCE: emulator.origin }
try {
  const todoUrl = await start('todo-api.mjs', { ...entra, CLIENT_ID: todoId })
  const url = await start('api.mjs', {
    ...entra,
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    CONSENT_REDIRECT_URI: 'https://todo.contoso.com/consented',
    TODO_URL: todoUrl,
    TODO_SCOPE: `api://${todoId}/.default`,
  })
  await emulator.directory.consents.revoke(permission)
  await call('Alice', `${url}/todos`, { title: 'Milk' })
  await emulator.directory.consents.grant({ ...permission, scopes: ['Tasks.ReadWrite'] })
  console.log('an administrator consents')
  await call('Alice', `${url}/todos`, { title: 'Milk' })
  await call('Alice', `${url}/todos`)
  await call('Bob', `${url}/todos`)
  await call('Alice, past the API in front', `${todoUrl}/todos`)
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** @param {string} who @param {string} url @param {object} [todo] */
async function call(who, url, todo) {
  const token = await emulator.mint({
    user: `${who.split(',')[0]}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
  })
  const answer = await fetch(url, {
    method: todo ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, ...(todo && { 'content-type': 'application/json' }) },
    body: todo ? JSON.stringify(todo) : null,
  })
  const body = await answer.json()
  console.log(`${who}: ${answer.status} ${answer.ok ? JSON.stringify(body) : body.reason}`)
  const consentUri = parseChallenges(answer.headers)[0]?.parameters.get('consenturi')
  if (consentUri) console.log(`  consent is asked for: ${new URL(consentUri).searchParams.get('scope')}`)
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
