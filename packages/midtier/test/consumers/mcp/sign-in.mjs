import { clients, connect } from './clients.mjs'
import { servers } from './servers.mjs'
import { Person, startWorld } from './world.mjs'

const found = {}
for (const [server, listenerOf] of Object.entries(servers))
  for (const kind of clients) {
    const { url, emulator, stop } = await startWorld(listenerOf)
    const alice = new Person('alice@contoso.onmicrosoft.com')
    const client = await connect(kind, url, alice)
    const tools = await client.tools()
    const before = await client.call('whoami')
    const sent = await client.call('send')
    emulator.clock.advance(2 * 3600)
    const after = await client.call('whoami')
    found[`${kind} to ${server}`] = {
      tools,
      answers: [before, sent, after],
      signIns: alice.signIns.map(({ scope, resource }) => [
        scope
          .split(' ')
          .map((each) => each.replace(url + '/', ''))
          .sort()
          .join(' '),
        resource === url,
      ]),
    }
    await client.close()
    await stop()
  }
console.log(JSON.stringify(found))
