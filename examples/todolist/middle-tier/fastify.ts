// The middle-tier API on Fastify: the same as on Express, route by route.
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { protect, renderErrors, sendResponse } from 'midtier/fastify'
import { crossOriginHeaders } from '../web-server/cors.ts'
import { failToStart } from '../web-server/fail-to-start.ts'
import { listen } from '../web-server/listen.ts'
import { storeNothing } from '../web-server/no-store.ts'
import { buildNotFound, buildProblemAnswer } from '../web-server/problem.ts'
import { assistant } from './assistant.ts'
import * as middleTier from './web-api.ts'

const { api, configuration, eventLog, heedCaller } = middleTier

const app = fastify({ bodyLimit: middleTier.bodyLimitBytes })
app.addHook('onRequest', async ({ method, headers: { origin } }, reply) => {
  reply.headers({ ...storeNothing, ...crossOriginHeaders(configuration.clientOrigin, { method, origin }) })
  if (method === 'OPTIONS') await reply.code(204).send()
})
app.setNotFoundHandler(() => {
  throw buildNotFound()
})
app.setErrorHandler((error, _request, reply) => {
  const { status, headers, body } = buildProblemAnswer(error)
  return reply.code(status).headers(headers).send(body)
})

app.get('/health', () => ({ status: 'ready' }))
app.get<Trace>('/trace/:traceId', ({ params, query }) => eventLog.read(params.traceId, query.call))
app.register(serveCallers)

await Promise.resolve(app.ready()).catch(failToStart)
listen((request, response) => app.routing(request, response), {
  name: 'Middle-tier API',
  port: configuration.port,
  close: () => app.close(),
})

interface Trace {
  Params: { traceId: string }
  Querystring: { call?: string }
}

async function serveCallers(routes: FastifyInstance): Promise<void> {
  // Once more in front of the handlers: a body arrives in events of the connection, which belong to no call.
  routes.addHook('onRequest', followed).addHook('preHandler', followed)
  await routes.register(renderErrors()) // what it does not know goes on to the error handler above

  const demo = async ({ caller }: FastifyRequest): Promise<void> => heedCaller?.(caller)
  const signedIn = { onRequest: [protect(api, middleTier.signedIn), demo] }
  const steppedUp = { onRequest: [protect(api, middleTier.steppedUp), demo] }

  routes.delete('/todolist/completed', steppedUp, (request, reply) =>
    relay(request, reply, 'tasks/completed'),
  )

  routes.get('/todolist', signedIn, ({ caller }) => caller.downstream('todolist').getJson('tasks'))

  routes.post('/todolist', signedIn, (request, reply) => relay(request, reply, 'tasks'))
  routes.patch<OneTask>('/todolist/:id', signedIn, relayOne)
  routes.delete<OneTask>('/todolist/:id', signedIn, relayOne)

  routes.get('/graphMeApi', signedIn, ({ caller }) => caller.downstream('graph').getJson('me'))

  if (assistant !== undefined) {
    const { api: blueprint, asked, heedCaller: heedAsker, readFor, summarise } = assistant
    const asking = { onRequest: protect(blueprint, asked) }
    routes.get('/assistant/tasks', asking, async ({ caller }) => {
      await heedAsker(caller)
      return readFor(caller)
    })
    routes.get('/assistant/summary', asking, ({ headers }) => summarise(headers['traceparent']?.toString()))
  }
}

/** Notes whose events come next. */
function followed({ headers }: FastifyRequest, _reply: FastifyReply, next: () => void): void {
  eventLog.during(headers['traceparent']?.toString(), next)
}

interface OneTask {
  Params: { id: string }
}

function relayOne(request: FastifyRequest<OneTask>, reply: FastifyReply): Promise<void> {
  return relay(request, reply, `tasks/${encodeURIComponent(request.params.id)}`)
}

async function relay(request: FastifyRequest, reply: FastifyReply, path: string): Promise<void> {
  await sendResponse(reply, await middleTier.relayTask(request.caller, request, path))
}
