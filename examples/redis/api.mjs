// @ts-check
// An API whose processes share the tokens that they acquire, in a Redis that can read none of them.
import express from 'express'
import { Redis } from 'ioredis'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/express'
import { redisStore } from 'midtier/redis'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/', REDIS_URL = '', TOKEN_CACHE_KEY = '' } = process.env
const storeTimeoutMs = Number(process.env.STORE_TIMEOUT_MS ?? 500)

// What Redis does not answer is a miss: nothing waits for its return, and its time limit is above midtier's own.
const redis = new Redis(REDIS_URL, {
  lazyConnect: true,
  enableOfflineQueue: false,
  commandTimeout: 4 * storeTimeoutMs,
})
redis.on('error', () => undefined) // ioredis wants a listener; midtier's log says what it means
await redis.connect().catch(() => undefined) // without it the API starts all the same, and it goes on trying

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
  tokenCache: {
    store: redisStore(redis),
    keyRing: { current: 'k1', keys: { k1: TOKEN_CACHE_KEY } },
    storeTimeoutMs,
  },
})

const app = express()
app.use(serveHealth(api))
app.use(protect(api, { scopes: ['access_as_user'], caller: 'user' }))

app.get('/me', async (req, res) => {
  /** @type {{ displayName: string }} */
  const { displayName } = await req.caller.downstream('graph').getJson('me')
  res.json({ displayName })
})

// Whatever process is asked, every process forgets what was acquired for the person.
app.post('/sign-out', async (req, res) => {
  if (req.caller.account) await api.forget(req.caller.account)
  res.sendStatus(204)
})
app.use(renderErrors())

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})

process.once('SIGTERM', () => {
  server.close(async () => {
    await api.close()
    redis.disconnect()
  })
})
