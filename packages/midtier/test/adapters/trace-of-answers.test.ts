// Every answer that is the owner's to fix is found in the log by its trace id: that of the request, wherever the failure came from.
import express from 'express'
import { describe, expect, it } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import { answer, ConfigurationError, createWebApi, type WebApi } from '../../src/index.ts'
import { parseTraceId } from '../../src/kernel/trace-context.ts'
import { endNoProcess, serve, someCaller } from './express-server.ts'

endNoProcess()

const incoming = 'a'.repeat(32)
const traceparent = `00-${incoming}-${'b'.repeat(16)}-01`

interface Answered {
  readonly body: string | undefined
  readonly logged: unknown
  readonly protected: string | undefined
  readonly detail: string
}

/** The trace ids of one failure: in the answer, in the log, and as `protect` used it. */
async function fail(
  handler: (api: WebApi) => Promise<unknown>,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const logged: unknown[] = []
  const log = (fields: Readonly<Record<string, unknown>>): void => void logged.push(fields['traceId'])
  const api = createWebApi({
    tenantId: 'c0000000-0000-4000-8000-000000000001',
    clientId: 'a0000000-0000-4000-8000-000000000002',
    logger: { error: log, warn: log },
  })
  let used: string | undefined
  const gate: WebApi = {
    ...api,
    authenticate: (request) => {
      const header = request.header('traceparent')
      used = typeof header === 'string' ? parseTraceId(header) : undefined
      return Promise.resolve(someCaller)
    },
  }
  const app = express()
  app.get('/', protect(gate), async (_req, res) => res.json(await handler(api)))
  app.use(renderErrors())
  const response = await fetch(await serve(app), { headers })
  expect(response.status).toBe(500)
  const { traceId, detail } = (await response.json()) as { traceId?: string; detail: string }
  return { body: traceId, logged: logged[0], protected: used, detail }
}

const scopes = ['api://todo/.default']

describe.each<[string, (api: WebApi) => Promise<unknown>]>([
  ['an app-only token', (api) => api.acquireTokenForClient({ scopes })],
  ['forgetting an account', (api) => api.forget({ id: '' })],
])('a failure of what belongs to no caller: %s', (_, handler) => {
  it('has the trace id of the incoming request in the answer and in the log', async () => {
    const told = await fail(handler, { traceparent })
    expect(told).toMatchObject({ body: incoming, logged: incoming, protected: incoming })
  })

  it('has the one that protect used where the request came without', async () => {
    const { body, logged, protected: used } = await fail(handler)
    expect(body).toMatch(/^[0-9a-f]{32}$/)
    expect([logged, used]).toEqual([body, body])
  })
})

it('what is not set up is not told as the fault of another API', async () => {
  const { detail } = await fail(() => Promise.reject(new ConfigurationError('resource', 'is missing')))
  expect(detail).toBe('This API is not set up as it has to be; its log says what to do.')
})

it('a failure on a route without protect has the trace id of the incoming request', async () => {
  const app = express()
  app.get('/', () => {
    throw new ConfigurationError('resource', 'is missing')
  })
  app.use(renderErrors())
  const response = await fetch(await serve(app), { headers: { traceparent } })
  expect(await response.json()).toMatchObject({ status: 500, traceId: incoming })
})

it('an adapter of your own says the trace id, and has a fresh one otherwise', () => {
  const error = new ConfigurationError('resource', 'is missing')
  expect(JSON.parse(answer(error, incoming)!.body)).toMatchObject({ traceId: incoming })
  expect(JSON.parse(answer(error)!.body)).toHaveProperty('traceId', expect.stringMatching(/^[0-9a-f]{32}$/))
})
