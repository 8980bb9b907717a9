// @ts-check
// The API against an Entra ID on this machine: three people, of whom Carla is in 250 groups, and then Graph fails.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator, defaultDirectory } from '@midtier/emulator'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const tenantId = 'c0000000-0000-4000-8000-000000000001'
/** @param {number} number */
const group = (number) => `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const payroll = group(7)
/** @param {number} number @param {string} name @param {string[]} groups */
const person = (number, name, groups) => ({
  id: `c0000000-0000-4000-8000-0000000001${number}`,
  tenantId,
  username: `${name.toLowerCase()}@contoso.onmicrosoft.com`,
  displayName: name,
  password: 'Passw0rd!',
  groups,
})
const emulator = await createEmulator({
  directory: {
    ...defaultDirectory,
    users: [
      person(10, 'Pat', [payroll, group(300)]),
      person(11, 'Otto', [group(300)]),
      person(
        12,
        'Carla',
        Array.from({ length: 250 }, (_, number) => group(number)),
      ),
      person(
        13,
        'Zoe',
        Array.from({ length: 250 }, (_, number) => group(number + 1000)),
      ),
    ],
    applications: defaultDirectory.applications.map((application) =>
      application.id === clientId ? { ...application, groupMembershipClaims: 'SecurityGroup' } : application,
    ),
  },
})
try {
  const url = await start('api.mjs', {
    TENANT_ID: tenantId,
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
    PAYROLL_GROUP_ID: payroll,
  })
  for (const name of ['Pat', 'Otto', 'Carla', 'Zoe']) await call(name, `${url}/salaries`)
  emulator.faults.add({ when: { endpoint: 'graph' }, then: { status: 500 } })
  console.log('Microsoft Graph fails')
  for (const name of ['Pat', 'Carla']) await call(name, `${url}/salaries`)
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** @param {string} name @param {string} url */
async function call(name, url) {
  const token = await emulator.mint({
    user: `${name}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes: ['access_as_user'],
  })
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const { salaries, reason } = await answer.json()
  const { groups } = JSON.parse(String(Buffer.from(token.split('.')[1] ?? '', 'base64url')))
  const held = groups ? `groups in the token: ${groups.length}` : 'groups in the token: none'
  console.log(`${name} (${held}): ${answer.status} ${salaries ?? reason}`)
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
