// @ts-check
// The API, and an Entra ID on this machine with two tenants: Contoso is a customer, and Fabrikam becomes one.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator, defaultDirectory } from '@midtier/emulator'
import { browse } from './browser.mjs'

const clientId = 'a0000000-0000-4000-8000-000000000002'
const graphId = '00000003-0000-0000-c000-000000000000'
const [contoso, fabrikam] = ['c0000000-0000-4000-8000-000000000001', 'f0000000-0000-4000-8000-000000000001']
const emulator = await createEmulator({ directory: createDirectory() })
const { child, url } = await start('api.mjs', {
  CLIENT_ID: clientId,
  CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
  INSTANCE: emulator.origin,
  GRAPH_URL: `${emulator.origin}/v1.0/`,
  FIRST_CUSTOMER: contoso,
})
try {
  const [alice, carol] = ['alice@contoso.onmicrosoft.com', 'carol@fabrikam.onmicrosoft.com']
  await call('Alice of Contoso', alice, 'Milk')
  await call('Carol of Fabrikam', carol)
  await forge()
  const { status, page } = await browse(`${url}/sign-up`, { username: carol, password: 'Passw0rd!' })
  console.log(`Carol signs up for Fabrikam: ${status} ${page}`)
  await call('Carol of Fabrikam', carol, 'Tea')
  await call('Alice of Contoso', alice)
  await call('Carol of Fabrikam', carol)
} finally {
  child.kill()
  await emulator.stop()
}

/** @param {string} who @param {string} user @param {string} [text] */
async function call(who, user, text) {
  const client = 'a0000000-0000-4000-8000-000000000001'
  const token = await emulator.mint({ user, client, audience: clientId, scopes: ['access_as_user'] })
  const answer = await fetch(`${url}/notes`, {
    method: text ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: text ? JSON.stringify({ text }) : null,
  })
  const { displayName, notes, reason, signUp } = text && answer.ok ? {} : await answer.json()
  const outcome = text ? `keeps ${text}` : `${displayName} sees ${notes}`
  console.log(`${who}: ${answer.status} ${reason ? `${reason}, ${signUp}` : outcome}`)
}

/** Somebody begins, and comes back without any administrator, for a tenant of their choice. */
async function forge() {
  const begun = await fetch(`${url}/sign-up`, { redirect: 'manual' })
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? ''
  const query = new URLSearchParams({ admin_consent: 'True', tenant: fabrikam, state })
  const cookie = `sign-up=${state}`
  const answer = await fetch(`${url}/signed-up?${query}`, { headers: { cookie } })
  console.log(`somebody signs up for Fabrikam: ${answer.status} ${await answer.text()}`)
}

/** The ready-made directory; in Fabrikam, nobody but Carol, for herself, has consented to the API, and she is its administrator. */
function createDirectory() {
  const { applications, users, consents = [] } = defaultDirectory
  const app = {
    redirectUris: { web: ['http://localhost/signed-up'] },
    requiredResourceAccess: [{ resourceId: graphId, scopes: ['User.Read'], roles: ['User.Read.All'] }],
    provisionedIn: [],
  }
  const carol = users.find(({ displayName }) => displayName === 'Carol Chen')
  const own = {
    tenantId: fabrikam,
    clientId,
    resourceId: graphId,
    scopes: ['User.Read'],
    userId: carol?.id ?? '',
  }
  return {
    ...defaultDirectory,
    applications: applications.map((each) => (each.id === clientId ? { ...each, ...app } : each)),
    users: users.map((each) => (each === carol ? { ...each, administrator: true } : each)),
    consents: [...consents.filter(({ tenantId }) => tenantId === contoso), own],
  }
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
