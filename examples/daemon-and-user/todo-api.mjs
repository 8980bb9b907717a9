// @ts-check
// The API behind: a list for each person; an application that may read all of them gets all of them.
import express from 'express'
import { createWebApi } from 'midtier'
import { protect, renderErrors } from 'midtier/express'

const { TENANT_ID = '', CLIENT_ID = '', INSTANCE, PORT = '0' } = process.env

const api = createWebApi({ tenantId: TENANT_ID, clientId: CLIENT_ID, instance: INSTANCE })
/** @type {{ owner: string | undefined, title: string }[]} */
const todos = []

const app = express()
app.get('/todos', protect(api, { scopes: ['Tasks.ReadWrite'], roles: ['Tasks.Read.All'] }), (req, res) => {
  const { kind, objectId } = req.caller.principal
  const seen = kind === 'app' ? todos : todos.filter(({ owner }) => owner === objectId)
  res.json(seen.map(({ title }) => title))
})
app.post('/todos', protect(api, { scopes: ['Tasks.ReadWrite'] }), express.json(), (req, res) => {
  const todo = { owner: req.caller.principal.objectId, title: String(req.body.title) }
  todos.push(todo)
  res.status(201).json(todo.title)
})
app.use(renderErrors())

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
