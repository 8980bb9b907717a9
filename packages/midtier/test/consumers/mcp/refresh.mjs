// The official clients refresh, with `resource`; and once the metadata name the server otherwise, the session is over.
import { clients, connect } from './clients.mjs'
import { servers } from './servers.mjs'
import { Person, startWorld } from './world.mjs'

/** A person whose application wants to be refreshed. */
class Staying extends Person {
  signIn(url) {
    url.searchParams.set('scope', `${url.searchParams.get('scope')} offline_access`)
    return super.signIn(url)
  }
}

const found = {}
for (const [server, listenerOf] of Object.entries(servers))
  for (const kind of clients) {
    const { url, emulator, stop } = await startWorld(listenerOf)
    const refreshes = []
    let isMisconfigured = false
    // Looks on, and is a server that was configured anew: its metadata name the origin, which clients take, instead of its URL.
    const watching = async (input, init) => {
      const form = new URLSearchParams(init?.method === 'POST' ? String(init.body) : '')
      const answer = await fetch(input, init)
      if (form.get('grant_type') === 'refresh_token')
        refreshes.push([
          form.get('resource')?.replace(url, 'the server').replace(new URL(url).origin, 'the origin'),
          form.get('scope'),
          answer.status,
        ])
      if (!isMisconfigured || !String(input).includes('/oauth-protected-resource')) return answer
      const metadata = await answer.json()
      return Response.json({ ...metadata, resource: new URL(metadata.resource).origin })
    }
    const alice = new Staying('alice@contoso.onmicrosoft.com')
    const client = await connect(kind, url, alice, { fetch: watching })
    const answers = []
    for (let hour = 0; hour < 3; hour += 1) {
      answers.push(await client.call('whoami'))
      emulator.clock.advance(2 * 3600)
    }
    isMisconfigured = true
    const died = await client
      .call('whoami')
      .catch((error) => /AADSTS\d+/.exec(String(error))?.[0] ?? String(error))
    found[`${kind} to ${server}`] = { answers, signIns: alice.signIns.length, refreshes, died }
    await client.close()
    await stop()
  }
console.log(JSON.stringify(found))
