// @ts-check
// The names of colleagues, page by page, by the SDK of Microsoft Graph as whoever called.
import { Client, PageIterator } from '@microsoft/microsoft-graph-client'
import express from 'express'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/express'
import { graphAuthenticationProvider } from 'midtier/graph'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { CONSENT_REDIRECT_URI, GRAPH_URL = 'https://graph.microsoft.com/' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  consentRedirectUri: CONSENT_REDIRECT_URI,
})

const app = express()
app.use(serveHealth(api))
app.get('/colleagues', protect(api, { scopes: ['access_as_user'] }), async (req, res) => {
  const { authProvider, graph } = connect(req.caller)
  /** @type {import('@microsoft/microsoft-graph-client').PageCollection} */
  const first = await authProvider.relay(() => graph.api('/users').select('displayName').top(2).get())
  /** @type {string[]} */
  const names = []
  const pages = new PageIterator(graph, first, ({ displayName }) => {
    names.push(displayName)
    return names.length < 500
  })
  await authProvider.relay(() => pages.iterate())
  res.json({ names })
})
app.use(renderErrors())

/** Made for one request: a client that is kept would go on as whoever came first. @param {import('midtier').Caller} caller */
function connect(caller) {
  const scopes = ['User.ReadBasic.All']
  const hosts = [new URL(GRAPH_URL).hostname]
  const authProvider = graphAuthenticationProvider(caller, { scopes, hosts })
  const { customHosts } = authProvider
  return { authProvider, graph: Client.initWithMiddleware({ authProvider, customHosts, baseUrl: GRAPH_URL }) }
}

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
