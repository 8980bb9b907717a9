// @ts-check
// The API: one route for a person, by a scope, and for an application without one, by an app role.
import express from 'express'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/express'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { TODO_URL = '', TODO_SCOPE = '' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: {
    // A person's own token for a person; this API's own, with its app roles, for an application.
    todolist: { baseUrl: TODO_URL, scopes: [TODO_SCOPE], token: 'either' },
  },
})

const app = express()
app.use(serveHealth(api))

// People are measured by the scope, applications by the role: neither stands in for the other.
const mayRead = protect(api, { scopes: ['access_as_user'], roles: ['Todos.Read.All'] })
app.get('/todos', mayRead, async ({ caller }, res) => {
  res.json(await caller.downstream('todolist').getJson('todos'))
})

// For people alone: there is nobody for whom an application could write.
const mayWrite = protect(api, { scopes: ['access_as_user'], caller: 'user' })
app.post('/todos', mayWrite, express.json(), async ({ caller, body }, res) => {
  res.status(201).json(await caller.downstream('todolist').postJson('todos', { title: body?.title }))
})
app.use(renderErrors())

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
