// @ts-check
// The API against an Entra ID and a key vault on this machine. Alice may read the secret, Bob may not.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createEmulator, defaultDirectory } from '@midtier/emulator'
import { parseChallenges } from 'midtier'
import { startVault } from './vault.mjs'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const tenantId = 'c0000000-0000-4000-8000-000000000001'
const clientId = 'a0000000-0000-4000-8000-000000000002'
const vaultId = 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093' // Azure Key Vault, in every tenant
const alice = 'c0000000-0000-4000-8000-0000000000a1'

const folder = await mkdtemp(join(tmpdir(), 'example-azure-sdk-'))
const emulator = await createEmulator({
  directory: {
    ...defaultDirectory,
    applications: [
      ...defaultDirectory.applications,
      {
        id: vaultId,
        displayName: 'Azure Key Vault',
        identifierUris: ['https://vault.azure.net'],
        scopes: [{ value: 'user_impersonation' }],
      },
    ],
    consents: [{ tenantId, clientId, resourceId: vaultId, scopes: ['user_impersonation'] }],
  },
})
const entra = { tenantId, clientId: vaultId, instance: emulator.origin }
const vault = await startVault(entra, { database: [alice] })
const trusted = join(folder, 'vault.pem')
await writeFile(trusted, vault.certificate)
try {
  const url = await start('api.mjs', {
    TENANT_ID: tenantId,
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    VAULT_URL: vault.url,
    NODE_EXTRA_CA_CERTS: trusted,
    NODE_OPTIONS: `--import ${new URL('vault-is-here.mjs', import.meta.url)}`,
  })
  await call('Alice', `${url}/secrets/database`)
  await call('Bob', `${url}/secrets/database`)
  emulator.policies.add({ kind: 'require_mfa', resource: vaultId })
  console.log('the vault wants a second factor')
  await call('Alice', `${url}/secrets/database`)
} finally {
  for (const child of children) child.kill()
  vault.close()
  await emulator.stop()
  await rm(folder, { recursive: true })
}

/** @param {string} who @param {string} url */
async function call(who, url) {
  const token = await emulator.mint({
    user: `${who}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
  })
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const { value, reason } = await answer.json()
  const [challenge] = parseChallenges(answer.headers)
  console.log(
    `${who}: ${answer.status} ${value ?? reason}, challenge ${challenge?.parameters.get('error') ?? 'none'}`,
  )
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
