// Servers that do the same: a request is validated, has a token on behalf of its caller, and is answered; `/todos` calls the downstream
// API with that token before. Each gives a listener for node:http. The ceiling of a framework does it for anybody.
import { accessTokenLength, clientId, clientSecretText, tenantId, userScope } from '../acquire-tokens.mjs'
import { callApi, createPeer } from './peers.mjs'

export const answer = JSON.stringify({ hello: 'world' })
const said = JSON.parse(answer)
const requirements = { scopes: ['access_as_user'] }
const scopes = [userScope]
const room = 50_000

/** `world` says where things are: `{ instance, apiUrl }`. */
export function createListener(framework, kind, world) {
  if (kind === 'ceiling') return ceilings[framework](world)
  return kind === 'midtier' ? protectedServers[framework](world) : createPeer(kind, world, said)
}

const ceilings = {
  'node:http': (world) => async (request, response) => {
    send(response, request.url === '/' ? said : await fetchTodos(world))
  },
  Express: async (world) => {
    const { default: express } = await import('express')
    const app = express()
    app.get('/', (_, response) => void response.json(said))
    app.get('/todos', async (_, response) => void response.json(await fetchTodos(world)))
    return app
  },
  Fastify: async (world) => {
    const { fastify } = await import('fastify')
    const app = fastify()
    app.get('/', async () => said)
    app.get('/todos', () => fetchTodos(world))
    await app.ready()
    return app.routing
  },
  Hono: async (world) => {
    const { Hono } = await import('hono')
    const { getRequestListener } = await import('@hono/node-server')
    const app = new Hono()
    app.get('/', (c) => c.json(said))
    app.get('/todos', async (c) => c.json(await fetchTodos(world)))
    return getRequestListener(app.fetch)
  },
}

const protectedServers = {
  'node:http': async (world) => {
    const { protect, renderErrors } = await import('midtier/node-http')
    const handle = async (request, response, caller) => send(response, await answerFor(caller, request.url))
    return renderErrors(protect(await createApi(world), requirements, handle))
  },
  Express: async (world) => {
    const { protect, renderErrors } = await import('midtier/express')
    const { default: express } = await import('express')
    const app = express()
    const guard = protect(await createApi(world), requirements)
    for (const path of ['/', '/todos'])
      app.get(path, guard, async (request, response) => {
        response.json(await answerFor(request.caller, path))
      })
    app.use(renderErrors())
    return app
  },
  Fastify: async (world) => {
    const { protect, renderErrors } = await import('midtier/fastify')
    const { fastify } = await import('fastify')
    const app = fastify()
    await app.register(renderErrors())
    const onRequest = protect(await createApi(world), requirements)
    for (const path of ['/', '/todos'])
      app.get(path, { onRequest }, (request) => answerFor(request.caller, path))
    await app.ready()
    return app.routing
  },
  Hono: async (world) => {
    const { protect, renderErrors } = await import('midtier/hono')
    const { Hono } = await import('hono')
    const { getRequestListener } = await import('@hono/node-server')
    const app = new Hono()
    app.onError(renderErrors())
    const guard = protect(await createApi(world), requirements)
    for (const path of ['/', '/todos'])
      app.get(path, guard, async (c) => c.json(await answerFor(c.get('caller'), path)))
    return getRequestListener(app.fetch)
  },
}

async function createApi({ instance, apiUrl }) {
  const { clientSecret, createWebApi } = await import('midtier')
  return createWebApi({
    tenantId,
    clientId,
    instance,
    clientCredential: clientSecret(clientSecretText),
    maxCachedTokens: room,
    tokenCache: { maxEntries: room, maxBytes: 2 ** 30 },
    downstreamApis: { todolist: { baseUrl: apiUrl, scopes } },
  })
}

async function answerFor(caller, path) {
  if (path !== '/') return caller.downstream('todolist').getJson('todos')
  const { accessToken } = await caller.acquireToken({ scopes })
  if (accessToken.length === 0) throw new Error('there is no token')
  return said
}

const send = (response, value) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(value))
}

/** The same call, with a token that nobody had to acquire. */
function fetchTodos({ apiUrl }) {
  return callApi(apiUrl, 'x'.repeat(accessTokenLength))
}
