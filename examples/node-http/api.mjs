// @ts-check
// An API on Node's own server: no framework, and no dependency but midtier.
import { createServer } from 'node:http'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/node-http'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
})

const me = protect(api, { scopes: ['access_as_user'] }, async (_req, res, caller) => {
  /** @type {{ displayName: string }} */
  const { displayName } = await caller.downstream('graph').getJson('me')
  res.setHeader('content-type', 'application/json').end(JSON.stringify({ displayName }))
})
const routes = serveHealth(api, {}, (req, res) => {
  const [path] = (req.url ?? '').split('?', 1)
  return path === '/me' ? me(req, res) : res.writeHead(404).end()
})

const server = createServer(renderErrors(routes)).listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
