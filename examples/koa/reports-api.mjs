// @ts-check
// The API that writes the reports: slowly, row by row, and as long as somebody reads.
import { setTimeout } from 'node:timers/promises'
import { Readable } from 'node:stream'
import Router from '@koa/router'
import Koa from 'koa'
import { createWebApi } from 'midtier'
import { protect, renderErrors } from 'midtier/koa'

const { TENANT_ID = '', CLIENT_ID = '', INSTANCE, PORT = '0' } = process.env

const api = createWebApi({ tenantId: TENANT_ID, clientId: CLIENT_ID, instance: INSTANCE })

const router = new Router()
router.use(protect(api, { scopes: ['Tasks.ReadWrite'] }))
router.get('/reports/sales', (ctx) => {
  ctx.type = 'text/csv'
  ctx.set({ 'x-row-count': '3', 'set-cookie': 'session=of-this-api' })
  ctx.body = Readable.from(rows())
})

router.get('/reports/:id', (ctx) => {
  ctx.status = 404
  ctx.body = { title: `There is no report ${ctx.params.id}` }
})

async function* rows() {
  for (const row of ['north,17', 'south,23', 'west,5']) {
    yield `${row}\n`
    await setTimeout(20)
  }
}

const app = new Koa()
app.use(renderErrors())
app.use(router.routes())
const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
