// @ts-check
// The API against an Entra ID on this machine, where its certificate is uploaded late, and renewed while the API runs.
import { spawn } from 'node:child_process'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'
import { generate } from 'selfsigned'

const clientId = 'a0000000-0000-4000-8000-000000000002'
const folder = await mkdtemp(join(tmpdir(), 'example-certificate-'))
const path = join(folder, 'certificate.pem')
const emulator = await createEmulator()

const ending = await createCertificate(20)
upload()
await install(ending)
const { child, url } = await start('api.mjs', {
  TENANT_ID: 'contoso.onmicrosoft.com',
  CLIENT_ID: clientId,
  CERTIFICATE_PATH: path,
  INSTANCE: emulator.origin,
  GRAPH_URL: `${emulator.origin}/v1.0/`,
})
try {
  await call('Alice', 'alice')
  upload(ending)
  console.log('the certificate is uploaded')
  await call('Alice', 'alice')
  await showCredential()
  const renewed = await createCertificate(365)
  upload(ending, renewed)
  await install(renewed)
  upload(renewed)
  console.log('the certificate is renewed: uploaded, then put into the file, then the old one is removed')
  await call('Bob', 'bob')
  await showCredential()
} finally {
  child.kill()
  await emulator.stop()
  await rm(folder, { recursive: true })
}

/** @param {number} days */
function createCertificate(days) {
  const notAfterDate = new Date(Date.now() + days * 24 * 3600_000)
  return generate([{ name: 'commonName', value: 'api' }], { algorithm: 'sha256', notAfterDate })
}

/** In one step, so that nobody reads half of it. @param {{ cert: string, private: string }} certificate */
async function install(certificate) {
  await writeFile(`${path}.new`, `${certificate.cert}\n${certificate.private}`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** As the portal shows the registration afterwards: these, and no secret. @param {{ cert: string }[]} uploaded */
function upload(...uploaded) {
  const data = emulator.directory.toData()
  const applications = data.applications.map((each) =>
    each.id === clientId ? { ...each, secrets: [], certificates: uploaded.map(({ cert }) => cert) } : each,
  )
  emulator.directory.replace({ ...data, applications })
}

/** @param {string} who @param {string} name */
async function call(who, name) {
  const client = 'a0000000-0000-4000-8000-000000000001'
  const user = `${name}@contoso.onmicrosoft.com`
  const token = await emulator.mint({ user, client, audience: clientId, scopes: ['access_as_user'] })
  const answer = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })
  const { displayName, title } = await answer.json()
  console.log(`${who}: ${answer.status} ${displayName ?? title}`)
}

async function showCredential() {
  const client = 'a0000000-0000-4000-8000-000000000004'
  const token = await emulator.mint({ client, audience: clientId, roles: ['Operations'] })
  const answer = await fetch(`${url}/credential`, { headers: { authorization: `Bearer ${token}` } })
  const { kind, endsSoon } = await answer.json()
  console.log(`Operations: ${answer.status} ${kind}, ${endsSoon ? 'ends within 30 days' : 'good for long'}`)
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
