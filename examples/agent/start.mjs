// `npm start`: emulator, Trips API, the agent's API and a person who asks it; then the agent is disabled, and enabled again.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createEmulator } from '@midtier/emulator'
import { clientSecret, createWebApi } from 'midtier'
import * as tenant from './directory.mjs'
import { signIn } from './person.mjs'
import { createAgentListener, createTripsListener } from './server.mjs'

const say = (who, what) => console.log(`${who.padEnd(6)} ${what}`)

const emulator = await createEmulator({ directory: tenant.directory })
const entra = {
  tenantId: tenant.tenantId,
  instance: emulator.origin,
  clock: { nowMs: () => emulator.clock.now() },
}
const trips = await listen(
  createTripsListener(createWebApi({ ...entra, clientId: tenant.tripsApiId }), tenant.agentId),
)
const api = createWebApi({
  ...entra,
  clientId: tenant.blueprintId,
  clientCredential: clientSecret(tenant.secret),
  downstreamApis: { trips: { baseUrl: trips, scopes: [`api://${tenant.tripsApiId}/Trips.ReadWrite`] } },
  logger: { error: log, warn: log },
})
const agent = await listen(
  createAgentListener(api, { agentId: tenant.agentId, accountName: tenant.accountName }),
)

const newToken = await signIn(emulator.origin, 'alice@contoso.onmicrosoft.com')
say('alice', 'signs in, and asks the agent three times. Whom the Trips API saw:')
const answers = []
for (const path of ['/for-the-person', '/by-itself', '/through-its-account'])
  answers.push([path, await (await ask(path)).json()])
printTable(
  ['alice asks', 'subject (oid)', 'client (azp)', 'agent.kind', 'permissions'],
  answers.map(([path, saw]) => [path, ...describe(saw)]),
)
const [[, { agent: actor }]] = answers
for (const name of ['id', 'blueprintId'])
  say('', `agent.${name} ${actor[name]}, ${tenant.nameOf(actor[name])}`)

emulator.directory.setAgentEnabled(tenant.agentId, false)
say('admin', 'disables the agent')
await tell('/by-itself')
await tell('/for-the-person')
emulator.directory.setAgentEnabled(tenant.agentId, true)
say('admin', 'enables it again')
await tell('/for-the-person')
process.exit()

// With a new token each time, as after an hour: what the agent had on behalf of an older one is not used for it.
async function ask(path) {
  return fetch(`${agent}${path}`, { headers: { authorization: `Bearer ${await newToken()}` } })
}

async function tell(path) {
  const answer = await ask(path)
  const { detail = 'The Trips API answered.' } = await answer.json()
  say('alice', `${path}: ${answer.status}, ${detail}`)
}

function describe({ objectId, agent: { id, kind }, scopes, roles }) {
  const permissions = [...scopes.map((scope) => `scp ${scope}`), ...roles.map((role) => `roles ${role}`)]
  return [tenant.nameOf(objectId), tenant.nameOf(id), kind, permissions.join(', ')]
}

function log(_fields, message) {
  for (const line of message.split(/ (?=Remedy: )/)) say('log', line)
}

async function listen(listener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}`
}

function printTable(head, rows) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column].length)))
  const line = (cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd()
  console.log(
    ['', line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line), ''].join('\n'),
  )
}
