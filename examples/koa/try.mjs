// @ts-check
// Both APIs against an Entra ID on this machine, which blocks Bob from the one behind.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator } from '@midtier/emulator'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const reportsId = 'a0000000-0000-4000-8000-000000000003'
const emulator = await createEmulator()
emulator.policies.add({ kind: 'block', resource: reportsId, users: ['bob@contoso.onmicrosoft.com'] })
const entra = { TENANT_ID: 'contoso.onmicrosoft.com', INSTANCE: emulator.origin }
try {
  const url = await start('api.mjs', {
    ...entra,
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    REPORTS_URL: await start('reports-api.mjs', { ...entra, CLIENT_ID: reportsId }),
    REPORTS_SCOPE: `api://${reportsId}/.default`,
  })
  await call('Alice', `${url}/reports/sales`)
  await call('Alice', `${url}/reports/costs`)
  await call('Bob', `${url}/reports/sales`)
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
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
  const [rows, cookie, challenge] = ['x-row-count', 'set-cookie', 'www-authenticate'].map((name) =>
    answer.headers.has(name) ? answer.headers.get(name) : 'none',
  )
  console.log(`${who}: ${answer.status} ${answer.headers.get('content-type')}`)
  if (answer.status === 200) console.log(`  x-row-count ${rows}, set-cookie ${cookie}`)
  const body = await answer.text()
  if (answer.status !== 403) console.log(`  ${JSON.stringify(body)}`)
  else console.log(`  ${JSON.parse(body).reason}, challenge ${challenge}`)
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
