// One process of the API: answers whose request it was and whose token it was given. Says its port, and when asked, what it weighs.
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors } from 'midtier/node-http'
import { redisStore } from 'midtier/redis'
import { clientId, clientSecretText, tenantId, userScope } from '../acquire-tokens.mjs'

process.once('message', async ({ instance, redisPort, secret, cooldownSeconds }) => {
  const client = new Redis({
    ...{ port: redisPort, host: '127.0.0.1', commandTimeout: 2_000, maxRetriesPerRequest: 1 },
    retryStrategy: () => 200,
  })
  client.on('error', () => {}) // it is killed on purpose
  const api = createWebApi({
    tenantId,
    clientId,
    instance,
    clientCredential: clientSecret(clientSecretText),
    algorithms: ['ES256'],
    maxCachedTokens: 5_000,
    signingKeys: { cooldownSeconds },
    tokenCache: {
      maxEntries: 10_000,
      store: redisStore(client),
      keyRing: { current: 'k1', keys: { k1: secret } },
    },
    logger: false,
  })
  const handle = async (_, response, caller) => {
    const { accessToken } = await caller.acquireToken({ scopes: [userScope] })
    const [tokenOf, expiresAt] = accessToken.split('.')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ caller: caller.principal.objectId, tokenOf, expiresAt: Number(expiresAt) }))
  }
  const server = createServer(renderErrors(protect(api, { scopes: ['access_as_user'] }, handle)))
  server.keepAliveTimeout = 600_000 // else it hangs up just when the next request comes
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  process.on('message', () => {
    globalThis.gc() // else it is the garbage that is weighed
    const { rss, heapUsed, external } = process.memoryUsage()
    process.send({ rss, live: heapUsed + external })
  })
  process.send({ port: server.address().port })
})
process.on('disconnect', () => process.exit())
