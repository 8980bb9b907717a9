// @ts-check
// The API that the client calls. It keeps nothing: the to-do list of whoever calls lies behind it.
import Fastify from 'fastify'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/fastify'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { TODO_URL = '', TODO_SCOPE = '', CONSENT_REDIRECT_URI } = process.env

const app = Fastify({ logger: { level: 'warn', stream: process.stderr } })
const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  consentRedirectUri: CONSENT_REDIRECT_URI,
  downstreamApis: { todo: { baseUrl: TODO_URL, scopes: [TODO_SCOPE] } },
  logger: app.log,
})

app.register(renderErrors())
app.register(serveHealth(api))
app.register(async (todos) => {
  todos.addHook('onRequest', protect(api, { scopes: ['access_as_user'] }))
  todos.get('/todos', (request) => request.caller.downstream('todo').getJson('todos'))
  todos.post('/todos', async (request, reply) => {
    const created = await request.caller.downstream('todo').postJson('todos', request.body)
    return reply.code(201).send(created)
  })
})
console.log(await app.listen({ port: Number(PORT), host: '127.0.0.1' }))
