// The To Do API: a second protected web API with its own registration; keeps tasks for the person in the validated token.
import express, { type NextFunction, type Request, type Response } from 'express'
import { createWebApi } from 'midtier'
import { protect, renderErrors } from 'midtier/express'
import { openTelemetry } from 'midtier/opentelemetry'
import { readTodoApiConfiguration } from '../configuration.ts'
import { createEventLog } from '../tracing/event-log.ts'
import { allowOrigin } from '../web-server/cors.ts'
import { failToStart } from '../web-server/fail-to-start.ts'
import { listen } from '../web-server/listen.ts'
import { noStore } from '../web-server/no-store.ts'
import { notFound, Problem, renderProblems } from '../web-server/problem.ts'
import { DatabaseUnavailable, openDatabase } from './database.ts'
import { parseChanges, parseNewTask, parseTaskId, taskNotFound } from './task-input.ts'
import { openTasks, tasksPerOwner, type Owner } from './tasks.ts'

const configuration = readTodoApiConfiguration()
const database = await openDatabase(configuration).catch(failToStart)
const tasks = await openTasks(database).catch(failToStart)
const eventLog = createEventLog()

const api = createWebApi({
  instance: configuration.instance,
  tenantId: 'organizations',
  allowedTenants: configuration.allowedTenants,
  clientId: configuration.clientId,
  observer: eventLog.observer,
  telemetry: openTelemetry(),
})

const app = express()
app.disable('x-powered-by')
app.use(noStore)
app.get('/health', (_req, res) => void res.json({ status: 'ready' }))
app.get('/trace/:traceId', allowOrigin(configuration.clientOrigin), eventLog.route)

// For applications and agents by themselves, who have no list of their own: how much there is to do in their tenant.
app.get('/api/summary', protect(api, { roles: ['Tasks.Read.All'] }), async (req, res) => {
  res.json(await tasks.summarise(req.caller.principal.tenantId))
})

app.use('/api', protect(api, { scopes: ['Tasks.ReadWrite'] }), express.json({ limit: '16kb' }))

app.get('/api/tasks', async (req, res) => {
  res.json(await tasks.list(ownerOf(req)))
})

app.post('/api/tasks', async (req, res) => {
  const task = await tasks.add(ownerOf(req), parseNewTask(req.body))
  if (task === undefined)
    throw new Problem(
      409,
      'List full',
      `A list holds ${tasksPerOwner} tasks. Delete one before adding another.`,
    )
  res.status(201).json(task)
})

app.patch('/api/tasks/:id', async (req, res) => {
  const task = await tasks.change(ownerOf(req), parseTaskId(req.params.id), parseChanges(req.body))
  if (task === undefined) throw taskNotFound()
  res.json(task)
})

app.delete('/api/tasks/completed', async (req, res) => {
  await tasks.removeCompleted(ownerOf(req))
  res.status(204).end()
})

app.delete('/api/tasks/:id', async (req, res) => {
  if (!(await tasks.remove(ownerOf(req), parseTaskId(req.params.id)))) throw taskNotFound()
  res.status(204).end()
})

app.use(notFound, renderErrors(), renderOutage, renderProblems)

listen(app, { name: 'To Do API', port: configuration.port, close: () => database.close() })

function ownerOf({ caller }: Request): Owner {
  if (caller.account === undefined)
    throw new Problem(403, 'No account', 'The token names no person whose tasks these could be.')
  return caller.account
}

/** A database that is away is nobody's mistake here: 503, and the next request tries again. */
function renderOutage(error: unknown, _req: Request, _res: Response, next: NextFunction): void {
  const away = new Problem(
    503,
    'Database away',
    'The tasks cannot be reached right now. Try again in a moment.',
  )
  next(error instanceof DatabaseUnavailable ? away : error)
}
