// @ts-check
// The API in a pod and on App Service, as far as it can tell: the cluster that signs its tokens is here, and so is an Entra ID.
import { spawn } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createEmulator, defaultDirectory } from '@midtier/emulator'

const clientId = 'a0000000-0000-4000-8000-000000000002'
const issuer = 'https://oidc.cluster.contoso.com'
const subject = 'system:serviceaccount:todo:api'
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const folder = await mkdtemp(join(tmpdir(), 'example-workload-identity-'))
const path = join(folder, 'azure-identity-token')
const emulator = await createEmulator({ directory: createDirectory() })
const entra = {
  AZURE_TENANT_ID: 'contoso.onmicrosoft.com',
  AZURE_CLIENT_ID: clientId,
  AZURE_AUTHORITY_HOST: emulator.origin,
  GRAPH_URL: `${emulator.origin}/v1.0/`,
}
/** @type {import('node:child_process').ChildProcess[]} */
const children = []
try {
  await project('system:serviceaccount:default:default')
  const pod = await start('api.mjs', { ...entra, AZURE_FEDERATED_TOKEN_FILE: path })
  await call('in a pod of another service account', pod)
  await project(subject)
  await call('in a pod of its service account', pod)
  await project(subject)
  await call('when the token was rotated', pod)
  await project(subject, -3600)
  await call('when nobody rotates it any more', pod)
  const identity = { IDENTITY_ENDPOINT: `${emulator.origin}/msi/token` }
  const header = 'identity-header-for-local-use-only'
  const appService = await start('api.mjs', { ...entra, ...identity, IDENTITY_HEADER: header })
  await call('on App Service, by its managed identity', appService)
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
  await rm(folder, { recursive: true })
}

/** The ready-made directory, in which the API has no secret, and trusts this cluster beside its managed identity. */
function createDirectory() {
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'cluster', alg: 'RS256' }] }
  const applications = defaultDirectory.applications.map((each) => {
    if (each.id !== clientId) return each
    const { federatedCredentials = [] } = each
    return {
      ...each,
      secrets: [],
      federatedCredentials: [...federatedCredentials, { issuer, subject, jwks }],
    }
  })
  return { ...defaultDirectory, applications }
}

/** What the kubelet does for a pod, and does again before the token ends. @param {string} sub @param {number} [seconds] How long it is good. */
async function project(sub, seconds = 3600) {
  const now = Math.floor(Date.now() / 1000)
  const times = { iat: now - 60, nbf: now - 60, exp: now + seconds }
  const claims = { iss: issuer, sub, aud: ['api://AzureADTokenExchange'], ...times }
  const input = [{ alg: 'RS256', kid: 'cluster' }, claims].map(encode).join('.')
  const signature = sign('sha256', Buffer.from(input), privateKey).toString('base64url')
  await writeFile(`${path}.new`, `${input}.${signature}`)
  await rename(`${path}.new`, path)
}

/** @param {object} value */
function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** @param {string} where @param {string} url */
async function call(where, url) {
  const client = 'a0000000-0000-4000-8000-000000000001'
  const user = 'alice@contoso.onmicrosoft.com'
  const token = await emulator.mint({ user, client, audience: clientId, scopes: ['access_as_user'] })
  const answer = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })
  const { displayName, title } = await answer.json()
  console.log(`${where}: ${answer.status} ${displayName ?? title}`)
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
