// @ts-check
// A directory of colleagues. Nobody who calls may read the directory: the API may, and says who gets to see what of it.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/hono'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: {
    directory: { baseUrl: GRAPH_URL, scopes: ['https://graph.microsoft.com/.default'], token: 'app' },
  },
})

/** @typedef {{ displayName: string, jobTitle: string | null }} Colleague */

const app = new Hono()
app.onError(renderErrors())
app.use(serveHealth(api))
app.get(
  '/colleagues',
  protect(api, { scopes: ['access_as_user'], roles: ['People.Find'], match: 'both' }),
  async (c) => {
    const path = 'users?$select=displayName,jobTitle&$orderby=displayName&$top=3'
    /** @type {{ value: Colleague[] }} */
    const { value } = await c.var.caller.downstream('directory').getJson(path)
    return c.json(value.map(({ displayName, jobTitle }) => ({ displayName, jobTitle })))
  },
)

serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
)
