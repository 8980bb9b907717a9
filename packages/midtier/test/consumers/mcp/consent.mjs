// A consent that is missing, by the way each client offers: a page that it opens, or words with the address.
import { clients, connect } from './clients.mjs'
import { sdk1, servers } from './servers.mjs'
import { Person, startWorld } from './world.mjs'

const all = {
  ...servers,
  'sdk 1.32 that answers with JSON': (api) => sdk1(api, { enableJsonResponse: true }),
}
const found = {}
for (const [server, listenerOf] of Object.entries(all))
  for (const kind of [...clients, 'client 2.4, 2026-07-28'])
    for (const opens of [true, false]) {
      if (server.startsWith('sdk 1') && kind.includes('2026')) continue
      const { url, stop } = await startWorld(listenerOf, { consented: false })
      const alice = new Person('alice@contoso.onmicrosoft.com')
      const opened = []
      const open = async (address) => void opened.push((await alice.signIn(new URL(address))).code !== null)
      const client = await connect(kind, url, alice, {}, opens ? open : undefined)
      const first = await client.call('whoami')
      const second = await client.call('whoami')
      found[`${kind} ${opens ? 'that opens pages ' : ''}to ${server}`] = [
        first.replace(/https?:\S+/, 'ADDRESS'),
        opened.length,
        second.replace(/https?:\S+/, 'ADDRESS'),
      ]
      await client.close()
      await stop()
    }
console.log(JSON.stringify(found))
