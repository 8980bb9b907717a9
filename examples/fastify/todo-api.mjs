// @ts-check
// The To Do API behind: an API like any other, whose callers are people by way of the API in front.
import Fastify from 'fastify'
import { createWebApi } from 'midtier'
import { protect, renderErrors } from 'midtier/fastify'

const { TENANT_ID = '', CLIENT_ID = '', INSTANCE, PORT = '0' } = process.env

const api = createWebApi({ tenantId: TENANT_ID, clientId: CLIENT_ID, instance: INSTANCE })
/** By account, never by name. @type {Map<string | undefined, string[]>} */
const lists = new Map()

const todo = { type: 'object', required: ['title'], properties: { title: { type: 'string' } } }

const app = Fastify()
app.register(renderErrors())
app.addHook('onRequest', protect(api, { scopes: ['Tasks.ReadWrite'], caller: 'user' }))
app.get('/todos', (request) => lists.get(request.caller.account?.id) ?? [])
app.post('/todos', { schema: { body: todo } }, async (request, reply) => {
  const { title } = /** @type {{ title: string }} */ (request.body)
  const { account } = request.caller
  lists.set(account?.id, [...(lists.get(account?.id) ?? []), title])
  return reply.code(201).send({ title })
})
console.log(await app.listen({ port: Number(PORT), host: '127.0.0.1' }))
