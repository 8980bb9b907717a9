// The API that people call, whose agent acts in three ways, and the Trips API behind it, which says whom it saw.
import { protect, renderErrors } from 'midtier/node-http'

const send = (res, body) => res.setHeader('content-type', 'application/json').end(JSON.stringify(body))

/** Which agent acts is said here, never by a request. People alone may ask it: an agent that asks agents is another story. */
export function createAgentListener(api, { agentId, accountName }) {
  const agent = api.agent(agentId)
  const account = agent.asUser({ userPrincipalName: accountName })
  const ways = {
    '/for-the-person': (caller) => agent.onBehalfOf(caller),
    '/by-itself': () => agent,
    '/through-its-account': () => account,
  }
  const serve = async (req, res, caller) => {
    const who = ways[req.url]
    if (who === undefined) return res.writeHead(404).end()
    send(res, await who(caller).downstream('trips').getJson('whoami'))
  }
  return renderErrors(protect(api, { scopes: ['access_agent'], agents: 'refuse' }, serve))
}

/** Lets this one agent in, by its scope or by its role. */
export function createTripsListener(api, agentId) {
  const required = { scopes: ['Trips.ReadWrite'], roles: ['Trips.Read.All'], agents: [agentId] }
  const serve = (_req, res, { principal }) => {
    const { objectId, agent, scopes, roles } = principal
    send(res, { objectId, agent, scopes, roles })
  }
  return renderErrors(protect(api, required, serve))
}
