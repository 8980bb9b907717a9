// @ts-check
// Reports of any size, passed through as they come: nothing of them is kept here, and who goes away stops the API behind.
import Router from '@koa/router'
import Koa from 'koa'
import { clientSecret, createWebApi } from 'midtier'
import { clientGone, protect, renderErrors, sendResponse, serveHealth } from 'midtier/koa'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { REPORTS_URL = '', REPORTS_SCOPE = '' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { reports: { baseUrl: REPORTS_URL, scopes: [REPORTS_SCOPE] } },
})

const router = new Router()
router.get('/reports/:id', protect(api, { scopes: ['access_as_user'] }), async (ctx) => {
  const path = `reports/${encodeURIComponent(ctx.params.id ?? '')}`
  const options = { signal: clientGone(ctx.res), keepHeaders: ['x-row-count'] }
  await sendResponse(ctx, await ctx.state.caller.downstream('reports').relay(path, options))
})

const app = new Koa()
app.use(renderErrors())
app.use(serveHealth(api))
app.use(router.routes())
const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
