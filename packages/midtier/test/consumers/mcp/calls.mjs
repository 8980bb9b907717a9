// Two people in one process: 500 calls of a tool each other's way, and one of them with the other's session id.
import { clients, connect } from './clients.mjs'
import { servers } from './servers.mjs'
import { Person, startWorld } from './world.mjs'

const count = 500
const atOnce = 20 // so that no call waits for long, however busy the machine is
const found = {}
for (const [server, listenerOf] of Object.entries(servers)) {
  const { url, stop } = await startWorld(listenerOf)
  const [alice, bob] = await Promise.all(
    ['alice', 'bob'].map((name, index) =>
      connect(clients[index], url, new Person(`${name}@contoso.onmicrosoft.com`)),
    ),
  )
  let right = 0
  for (let done = 0; done < count; done += atOnce) {
    const names = await Promise.all(
      Array.from({ length: atOnce / 2 }, () => [alice.call('whoami'), bob.call('whoami')]).flat(),
    )
    right += names.filter((name, index) => name === (index % 2 === 0 ? 'Alice Adams' : 'Bob Brown')).length
  }
  found[server] = { right, ...(await inAnothersSession(url, alice.sessionId)) }
  await Promise.all([alice.close(), bob.close()])
  await stop()
}
console.log(JSON.stringify(found))

async function inAnothersSession(url, sessionId) {
  if (sessionId === undefined) return {}
  const mallory = new Person('bob@contoso.onmicrosoft.com')
  const client = await connect(clients[0], url, mallory, { sessionId })
  try {
    return { inAnothersSession: await client.call('whoami') }
  } catch (error) {
    return { inAnothersSession: error.code }
  }
}
