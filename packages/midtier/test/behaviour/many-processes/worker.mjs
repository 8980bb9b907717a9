// One process of a middle tier: relays /whoami/{oid} to the downstream API for its caller, and shares its tokens through Redis.
// As a blueprint it relays /{agent}/{for whom}/whoami/{oid} by that agent: on behalf of the caller, by itself, or as the user account {oid}.
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { clientSecret, createWebApi, render } from 'midtier'
import { redisStore } from 'midtier/redis'
import { fetchKeptAlive } from './fetch-kept-alive.mjs'

/** How often each thing happened in this process. */
const counts = { l1: 0, l2: 0, authority: 0, storeFailures: 0 }

process.once('disconnect', () => process.exit()) // never outlives the test
process.once('message', (settings) => void start(settings))

async function start({ api: options, clientSecret: secret, scope, redisPort, keyRing, storeTimeoutMs }) {
  const api = createWebApi({
    ...options,
    clientCredential: clientSecret(secret),
    tokenCache: { store: redisStore(await connect(redisPort, storeTimeoutMs)), keyRing, storeTimeoutMs },
    fetch: fetchKeptAlive,
    observer: count,
  })
  await api.warmUp()
  const server = createServer((request, response) => void answer(api, scope, request, response))
  server.keepAliveTimeout = 0 // so that no idle connection is closed at the moment of its next use
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
}

/** A client that is ready, or that goes on trying when Redis is out of order. */
async function connect(port, commandTimeout) {
  const client = new Redis(port, '127.0.0.1', {
    commandTimeout,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 100,
  })
  client.on('error', () => undefined)
  await new Promise((resolve) => {
    client.once('ready', resolve)
    setTimeout(resolve, 2000)
  })
  return client
}

function count(event) {
  if (event.type === 'token_acquired') counts[event.origin] += 1
  if (event.type === 'store_failed') counts.storeFailures += 1
}

async function answer(api, scope, request, response) {
  if (request.url === '/counts') return void response.end(JSON.stringify(counts))
  try {
    const header = (name) => request.headers[name]
    const { method, url } = request
    const caller = await api.authenticate({ header, method, url }, { scopes: [scope] })
    const [, agentId, forWhom, objectId] = /^\/([^/]+)\/([^/]+)\/whoami\/(.+)$/.exec(url) ?? []
    const acting = agentId === undefined ? caller : actAs(api.agent(agentId), { forWhom, caller, objectId })
    const path = url.slice(url.indexOf('whoami/'))
    response.end(JSON.stringify(await acting.downstream('todolist').getJson(path)))
  } catch (error) {
    const rendered = render(error)
    response.writeHead(rendered?.status ?? 500, rendered?.headers).end(rendered?.body ?? String(error))
  }
}

function actAs(agent, { forWhom, caller, objectId }) {
  if (forWhom === 'caller') return agent.onBehalfOf(caller)
  return forWhom === 'account' ? agent.asUser({ objectId }) : agent
}
