// @ts-check
// An API that asks Microsoft Graph as its caller, and has no secret with which it could be imitated.
import express from 'express'
import { createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/express'
import { clientCredential } from './credential.mjs'

// The names that the webhook of Azure Workload Identity gives to pods.
const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_AUTHORITY_HOST, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

const api = createWebApi({
  tenantId: AZURE_TENANT_ID,
  clientId: AZURE_CLIENT_ID,
  clientCredential,
  instance: AZURE_AUTHORITY_HOST,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
})

const app = express()
app.use(serveHealth(api))
app.get('/me', protect(api, { scopes: ['access_as_user'] }), async (req, res) => {
  /** @type {{ displayName: string }} */
  const { displayName } = await req.caller.downstream('graph').getJson('me')
  res.json({ displayName })
})
app.use(renderErrors())

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
