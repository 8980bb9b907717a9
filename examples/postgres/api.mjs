// @ts-check
// An API whose processes share, in one PostgreSQL, the tokens that they acquired and the people whose tokens they refuse.
import express from 'express'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/express'
import { postgresStore } from 'midtier/postgres'
import { Pool } from 'pg'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { DATABASE_URL = '', TOKEN_CACHE_KEY = '' } = process.env
const storeTimeoutMs = Number(process.env.STORE_TIMEOUT_MS ?? 500)
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

// Its time limits are above midtier's own, which gives up first.
const limitMs = 4 * storeTimeoutMs
const pool = new Pool({
  connectionString: DATABASE_URL,
  query_timeout: limitMs,
  connectionTimeoutMillis: limitMs,
})
pool.on('error', (error) => console.error(`PostgreSQL: ${error.message}`))

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
  tokenCache: {
    store: postgresStore(pool),
    keyRing: { current: 'k1', keys: { k1: TOKEN_CACHE_KEY } },
    storeTimeoutMs,
  },
  revocations: {},
})

const app = express()
app.use(serveHealth(api))
app.use(protect(api, { scopes: ['access_as_user'], caller: 'user' }))

app.get('/me', async ({ caller }, res) => {
  /** @type {{ displayName: string }} */
  const { displayName } = await caller.downstream('graph').getJson('me')
  res.json({ displayName })
})

// A laptop was lost: no token of before is good any longer, in whichever process.
app.post('/sign-out-everywhere', async ({ caller }, res) => {
  if (caller.account) await api.revocations.revokeUser(caller.account)
  res.sendStatus(204)
})
app.use(renderErrors())

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
