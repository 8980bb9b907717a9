// The middle-tier API: validates its caller, and calls the To Do API and Microsoft Graph on the caller's behalf.
import express from 'express'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors } from 'midtier/express'
import { readMiddleTierConfiguration } from '../configuration.ts'
import { createEventLog } from '../tracing/event-log.ts'
import { allowOrigin } from '../web-server/cors.ts'
import { listen } from '../web-server/listen.ts'
import { noStore } from '../web-server/no-store.ts'
import { notFound, renderProblems } from '../web-server/problem.ts'
import { relayRefusals } from './relay-refusals.ts'

const configuration = readMiddleTierConfiguration()
const eventLog = createEventLog()

const api = createWebApi({
  instance: configuration.instance,
  tenantId: 'organizations',
  allowedTenants: configuration.allowedTenants,
  clientId: configuration.clientId,
  clientCredential: clientSecret(configuration.clientSecret),
  downstreamApis: {
    todolist: { baseUrl: configuration.todoApiUrl, scopes: [configuration.todoApiScope] },
    graph: { baseUrl: configuration.graphUrl, scopes: ['User.Read'] },
  },
  observer: eventLog.observer,
})

const app = express()
app.disable('x-powered-by')
app.use(allowOrigin(configuration.clientOrigin), noStore)
app.get('/health', (_req, res) => void res.json({ status: 'ready' }))
app.get('/trace/:traceId', eventLog.route)

app.use(
  ['/todolist', '/graphMeApi'],
  protect(api, { scopes: ['access_as_user'] }),
  express.json({ limit: '16kb' }),
)

app.get('/todolist', async (req, res) => {
  res.json(await req.caller.downstream('todolist').getJson('tasks'))
})

app.post('/todolist', async (req, res) => {
  res.status(201).json(await req.caller.downstream('todolist').postJson('tasks', req.body))
})

app.patch('/todolist/:id', async (req, res) => {
  res.json(
    await req.caller.downstream('todolist').patchJson(`tasks/${encodeURIComponent(req.params.id)}`, req.body),
  )
})

app.delete('/todolist/:id', async (req, res) => {
  await req.caller.downstream('todolist').delete(`tasks/${encodeURIComponent(req.params.id)}`)
  res.status(204).end()
})

app.get('/graphMeApi', async (req, res) => {
  res.json(await req.caller.downstream('graph').getJson('me'))
})

app.use(notFound, relayRefusals, renderErrors(), renderProblems)

listen(app, { name: 'Middle-tier API', port: configuration.port })
