// @ts-check
// The API against an Entra ID on this machine, by https, in which nobody has consented to reading the names of others.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { parseChallenges } from 'midtier'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const tenantId = 'c0000000-0000-4000-8000-000000000001'
const clientId = 'a0000000-0000-4000-8000-000000000002'
const folder = await mkdtemp(join(tmpdir(), 'example-graph-sdk-'))
const trusted = join(folder, 'ca.pem')
const emulator = await createEmulator({ httpsPort: 0 }) // the SDK sends tokens by https alone
await writeFile(trusted, emulator.caCertificate ?? '')
try {
  const url = await start('api.mjs', {
    TENANT_ID: tenantId,
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    CONSENT_REDIRECT_URI: 'https://people.contoso.com/consented',
    INSTANCE: emulator.httpsOrigin ?? '',
    GRAPH_URL: `${emulator.httpsOrigin}/`,
    NODE_EXTRA_CA_CERTS: trusted,
  })
  await call(`${url}/colleagues`)
  await emulator.directory.consents.grant({
    tenantId,
    clientId,
    resourceId: '00000003-0000-0000-c000-000000000000',
    scopes: ['User.Read', 'User.ReadBasic.All'],
  })
  console.log('she consents')
  await call(`${url}/colleagues`)
  emulator.faults.add({ when: { endpoint: 'graph' }, then: { status: 429, headers: { 'retry-after': '1' } } })
  console.log('Microsoft Graph is busy')
  await call(`${url}/colleagues`)
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
  await rm(folder, { recursive: true })
}

/** @param {string} url */
async function call(url) {
  const token = await emulator.mint({
    user: 'alice@contoso.onmicrosoft.com',
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
  })
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const body = await answer.json()
  console.log(`Alice: ${answer.status} ${body.names?.join(', ') ?? body.reason ?? body.title}`)
  const [challenge] = parseChallenges(answer.headers)
  if (challenge) console.log(`  consent is asked for: ${challenge.parameters.get('scopes')}`)
  if (answer.headers.has('retry-after')) console.log(`  Retry-After: ${answer.headers.get('retry-after')}`)
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
