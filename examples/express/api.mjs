// @ts-check
// An API that asks Microsoft Graph for its caller, as its caller.
import express from 'express'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/express'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
})

const app = express()
app.use(serveHealth(api))
app.get('/me', protect(api, { scopes: ['access_as_user'] }), async (req, res) => {
  /** @type {{ displayName: string, jobTitle: string | null }} */
  const { displayName, jobTitle } = await req.caller.downstream('graph').getJson('me')
  res.json({ displayName, jobTitle })
})
app.use(renderErrors())

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
