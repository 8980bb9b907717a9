// The middle-tier API on Express: validates its caller, and calls the To Do API and Microsoft Graph on the caller's behalf.
import express, { type Request, type RequestHandler, type Response } from 'express'
import { protect, renderErrors, sendResponse } from 'midtier/express'
import { allowOrigin } from '../web-server/cors.ts'
import { listen } from '../web-server/listen.ts'
import { noStore } from '../web-server/no-store.ts'
import { notFound, renderProblems } from '../web-server/problem.ts'
import { assistant } from './assistant.ts'
import * as middleTier from './web-api.ts'

const { api, configuration, eventLog, heedCaller } = middleTier

const app = express()
app.disable('x-powered-by')
app.use(allowOrigin(configuration.clientOrigin), noStore)
app.get('/health', (_req, res) => void res.json({ status: 'ready' }))
app.get('/trace/:traceId', eventLog.route)
app.use((req, _res, next) => eventLog.during(req.get('traceparent'), next))

const signedIn = protect(api, middleTier.signedIn)
const steppedUp = protect(api, middleTier.steppedUp)
const demo: RequestHandler = async (req, _res, next) => {
  await heedCaller?.(req.caller)
  next()
}

app.delete('/todolist/completed', steppedUp, demo, (req: Request, res: Response) =>
  relay(req, res, 'tasks/completed'),
)

app.use(['/todolist', '/graphMeApi'], signedIn, demo, express.json({ limit: middleTier.bodyLimitBytes }))

app.get('/todolist', async (req, res) => {
  res.json(await req.caller.downstream('todolist').getJson('tasks'))
})

app.post('/todolist', (req, res) => relay(req, res, 'tasks'))
app.patch('/todolist/:id', (req, res) => relay(req, res, `tasks/${encodeURIComponent(req.params.id)}`))
app.delete('/todolist/:id', (req, res) => relay(req, res, `tasks/${encodeURIComponent(req.params.id)}`))

app.get('/graphMeApi', async (req, res) => {
  res.json(await req.caller.downstream('graph').getJson('me'))
})

if (assistant !== undefined) {
  const { api: blueprint, asked, heedCaller: heedAsker, readFor, summarise } = assistant
  app.use('/assistant', protect(blueprint, asked))
  app.get('/assistant/tasks', async (req, res) => {
    await heedAsker(req.caller)
    res.json(await readFor(req.caller))
  })
  app.get('/assistant/summary', async (req, res) => {
    res.json(await summarise(req.get('traceparent')))
  })
}

app.use(notFound, renderErrors(), renderProblems)

listen(app, { name: 'Middle-tier API', port: configuration.port })

async function relay(request: Request, response: Response, path: string): Promise<void> {
  await sendResponse(response, await middleTier.relayTask(request.caller, request, path))
}
