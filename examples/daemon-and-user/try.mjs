// @ts-check
// Both APIs, two people and three daemons, and an Entra ID on this machine in which the daemons have different roles.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createEmulator, defaultDirectory } from '@midtier/emulator'

const tenantId = 'c0000000-0000-4000-8000-000000000001'
const apiId = 'a0000000-0000-4000-8000-000000000002'
const todoId = 'a0000000-0000-4000-8000-000000000003'
const daemons = {
  'Nightly report': { id: 'a0000000-0000-4000-8000-0000000000e1', role: 'Todos.Read.All' },
  Monitoring: { id: 'a0000000-0000-4000-8000-0000000000e2', role: 'Health.Read' },
  Stranger: { id: 'a0000000-0000-4000-8000-0000000000e3', role: undefined },
}
const secret = 'secret-for-local-use-only'

/** @type {import('node:child_process').ChildProcess[]} */
const children = []
const emulator = await createEmulator({ directory: createDirectory() })
const entra = { TENANT_ID: tenantId, INSTANCE: emulator.origin }
try {
  const url = await start('api.mjs', {
    ...entra,
    CLIENT_ID: apiId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    TODO_URL: await start('todo-api.mjs', { ...entra, CLIENT_ID: todoId }),
    TODO_SCOPE: `api://${todoId}/.default`,
  })
  await call('Alice', url, { title: 'Milk' })
  await call('Bob', url, { title: 'Tea' })
  await call('Alice', url)
  const api = { API_URL: url, API_SCOPE: `api://${apiId}/.default` }
  for (const [name, { id }] of Object.entries(daemons))
    console.log(
      `${name}: ${await start('daemon.mjs', { ...entra, ...api, CLIENT_ID: id, CLIENT_SECRET: secret })}`,
    )
} finally {
  for (const child of children) child.kill()
  await emulator.stop()
}

/** @param {string} who @param {string} url @param {object} [todo] */
async function call(who, url, todo) {
  const client = 'a0000000-0000-4000-8000-000000000001'
  const user = `${who}@contoso.onmicrosoft.com`
  const token = await emulator.mint({ user, client, audience: apiId, scopes: ['access_as_user'] })
  const answer = await fetch(`${url}/todos`, {
    method: todo ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: todo ? JSON.stringify(todo) : null,
  })
  console.log(`${who}: ${answer.status} ${JSON.stringify(await answer.json())}`)
}

/** The ready-made directory, with app roles of the API, who has them, and the role that the API itself has with the one behind. */
function createDirectory() {
  const appRoles = [{ value: 'Todos.Read.All' }, { value: 'Health.Read' }]
  const clients = Object.entries(daemons).map(([displayName, { id }]) => ({
    ...{ id, displayName, tenantId },
    secrets: [{ value: secret }],
  }))
  const granted = Object.values(daemons).flatMap(({ id, role }) =>
    role ? [{ tenantId, principalId: id, resourceId: apiId, role }] : [],
  )
  const own = { tenantId, principalId: apiId, resourceId: todoId, role: 'Tasks.Read.All' }
  return {
    ...defaultDirectory,
    applications: [
      ...defaultDirectory.applications.map((each) => (each.id === apiId ? { ...each, appRoles } : each)),
      ...clients,
    ],
    appRoleAssignments: [...granted, own],
  }
}

/** Starts a program of this folder, and gives the first line that it prints. @param {string} file @param {Record<string, string>} env */
async function start(file, env) {
  const child = spawn(process.execPath, [file], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error(`${file} ended`)
}
