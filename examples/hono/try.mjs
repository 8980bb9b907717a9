// @ts-check
// The API against an Entra ID on this machine, in which Alice has the role that it asks for, and Bob has not.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator, defaultDirectory } from '@midtier/emulator'
import { parseChallenges } from 'midtier'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const clientId = 'a0000000-0000-4000-8000-000000000002'
const tenantId = 'c0000000-0000-4000-8000-000000000001'
const graphId = '00000003-0000-0000-c000-000000000000'
const alice = 'c0000000-0000-4000-8000-0000000000a1'

const emulator = await createEmulator({
  directory: {
    ...defaultDirectory,
    applications: defaultDirectory.applications.map((application) =>
      application.id === clientId ? { ...application, appRoles: [{ value: 'People.Find' }] } : application,
    ),
    appRoleAssignments: [
      { tenantId, principalId: alice, resourceId: clientId, role: 'People.Find' },
      { tenantId, principalId: clientId, resourceId: graphId, role: 'User.Read.All' },
    ],
  },
})
try {
  const url = await start('api.mjs', {
    TENANT_ID: tenantId,
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    GRAPH_URL: `${emulator.origin}/v1.0/`,
  })
  await call('Alice', `${url}/colleagues`)
  await call('Bob', `${url}/colleagues`)
  await call('Alice, without the scope', `${url}/colleagues`, ['another_scope'])
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** @param {string} who @param {string} url @param {string[]} [scopes] */
async function call(who, url, scopes = ['access_as_user']) {
  const token = await emulator.mint({
    user: `${who.split(',')[0]}@contoso.onmicrosoft.com`,
    client: 'a0000000-0000-4000-8000-000000000001',
    audience: clientId,
    scopes,
  })
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const body = await answer.json()
  if (answer.ok)
    for (const { displayName, jobTitle } of body) console.log(`${who}: ${displayName}, ${jobTitle}`)
  else console.log(`${who}: ${answer.status} ${body.reason}: ${body.detail}`)
  const [challenge] = parseChallenges(answer.headers)
  if (challenge)
    console.log(
      `  ${challenge.parameters.get('error')}, scope ${challenge.parameters.get('scope') ?? 'none'}`,
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
