// @ts-check
// The API, its worker, the To Do API that this calls, and an Entra ID on this machine, where Bob's sessions are revoked meanwhile.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEmulator, defaultDirectory } from '@midtier/emulator'
import { createWebApi } from 'midtier'
import { protect } from 'midtier/node-http'
import { startNode, startRedis, stopAll } from './processes.mjs'

const [clientId, todoApiId] = ['a0000000-0000-4000-8000-000000000002', 'a0000000-0000-4000-8000-000000000003']
const tenantId = 'contoso.onmicrosoft.com'
// No token of the request is good for the job any longer: as if hours lay between them.
const applications = defaultDirectory.applications.map((each) =>
  each.id === todoApiId ? { ...each, accessTokenLifetimeSeconds: 1 } : each,
)
const emulator = await createEmulator({ directory: { ...defaultDirectory, applications } })
const todoApi = createWebApi({ tenantId, clientId: todoApiId, instance: emulator.origin })
const todos = createServer(
  protect(todoApi, { scopes: ['Tasks.ReadWrite'] }, (_req, res, { principal }) => {
    res.end(
      JSON.stringify([`Milk for ${emulator.directory.findUser(principal.objectId ?? '')?.displayName}`]),
    )
  }),
)
await once(todos.listen(0, '127.0.0.1'), 'listening')
try {
  await run()
} finally {
  await stopAll()
  todos.close()
  await emulator.stop()
}

async function run() {
  const { port } = /** @type {import('node:net').AddressInfo} */ (todos.address())
  const environment = {
    TENANT_ID: tenantId,
    CLIENT_ID: clientId,
    CLIENT_SECRET: 'middle-tier-secret-for-local-use-only',
    INSTANCE: emulator.origin,
    TODO_URL: `http://127.0.0.1:${port}`,
    TODO_SCOPE: `api://${todoApiId}/.default`,
    REDIS_URL: process.env.REDIS_URL || (await startRedis()).url,
    TOKEN_CACHE_KEY: randomBytes(32).toString('base64'),
    STORE_TIMEOUT_MS: '10000', // as long as it takes, on a busy machine
  }
  const url = await startNode('api.mjs', environment)
  const [alice, bob] = [await tokenOf('alice'), await tokenOf('bob')]
  const forAlice = await post('Alice', `${url}/reports`, alice)
  const forBob = await post('Bob', `${url}/reports`, bob)

  const user = emulator.directory.findUser('bob@contoso.onmicrosoft.com')
  if (user) emulator.directory.revokeSessions(user, emulator.clock.now())
  emulator.clock.advance(60)
  console.log("Bob's sessions are revoked; now the worker comes")
  await startNode('worker.mjs', environment)
  await outcome('Alice', `${url}${forAlice}`, alice)
  await outcome('Bob', `${url}${forBob}`, bob)
  await post('Bob, again', `${url}${forBob}/retry`, bob)
  const signedIn = await tokenOf('bob')
  await post('Bob, signed in again', `${url}${forBob}/retry`, signedIn)
  await outcome('Bob', `${url}${forBob}`, signedIn)
}

/** @param {string} who @param {string} url @param {string} token */
async function post(who, url, token) {
  const answer = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  const { state, reason } = await answer.json()
  console.log(`${who}: ${answer.status} ${state ?? reason}`)
  return answer.headers.get('location')
}

/** What has become of a job. @param {string} who @param {string} url @param {string} token */
async function outcome(who, url, token) {
  for (;;) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    const { state, report, reason } = await answer.json()
    if (state === 'completed') return console.log(`${who}: completed, ${report.todos}`)
    if (state === 'failed') return console.log(`${who}: failed, ${reason}`)
    await sleep(50)
  }
}

/** What a client has once the person has signed in. @param {string} name */
function tokenOf(name) {
  const client = 'a0000000-0000-4000-8000-000000000001'
  const user = `${name}@contoso.onmicrosoft.com`
  return emulator.mint({ user, client, audience: clientId, scopes: ['access_as_user'] })
}
