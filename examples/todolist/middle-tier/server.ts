// The middle-tier API: validates its caller, and calls the To Do API and Microsoft Graph on the caller's behalf.
import express, { type Request, type Response } from 'express'
import { clientSecret, createWebApi, requireAuthContext } from 'midtier'
import { protect, renderErrors, sendResponse } from 'midtier/express'
import { readMiddleTierConfiguration } from '../configuration.ts'
import { createEventLog } from '../tracing/event-log.ts'
import { allowOrigin } from '../web-server/cors.ts'
import { listen } from '../web-server/listen.ts'
import { noStore } from '../web-server/no-store.ts'
import { notFound, renderProblems } from '../web-server/problem.ts'
import { heedChanges } from './heed-changes.ts'

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

const signedIn = protect(api, { scopes: ['access_as_user'] })
// What cannot be undone takes more than a sign-in: the person has to have confirmed who they are.
const steppedUp = protect(api, { scopes: ['access_as_user'], ...requireAuthContext('c1') })
const demo = configuration.emulatorUrl === undefined ? [] : [heedChanges(api, configuration.emulatorUrl)]

app.delete('/todolist/completed', steppedUp, demo, (req: Request, res: Response) =>
  relay(req, res, 'tasks/completed'),
)

app.use(['/todolist', '/graphMeApi'], signedIn, demo, express.json({ limit: '16kb' }))

app.get('/todolist', async (req, res) => {
  res.json(await req.caller.downstream('todolist').getJson('tasks'))
})

app.post('/todolist', (req, res) => relay(req, res, 'tasks'))
app.patch('/todolist/:id', (req, res) => relay(req, res, `tasks/${encodeURIComponent(req.params.id)}`))
app.delete('/todolist/:id', (req, res) => relay(req, res, `tasks/${encodeURIComponent(req.params.id)}`))

app.get('/graphMeApi', async (req, res) => {
  res.json(await req.caller.downstream('graph').getJson('me'))
})

app.use(notFound, renderErrors(), renderProblems)

listen(app, { name: 'Middle-tier API', port: configuration.port })

/** What the To Do API says about a task, a refusal of its content included, is the caller's to read: passed on as it came. */
async function relay({ caller, method, body }: Request, response: Response, path: string): Promise<void> {
  const content =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  await sendResponse(response, await caller.downstream('todolist').relay(path, { method, ...content }))
}
