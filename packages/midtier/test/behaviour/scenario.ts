// A middle tier on Express, a To Do API that echoes whose token it got, and the emulator between them: all over real HTTP.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator, type Emulator } from '@midtier/emulator'
import express5, { type Express, type RequestHandler } from 'express'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import {
  clientSecret,
  createWebApi,
  type ObservedEvent,
  type WebApi,
  type WebApiOptions,
} from '../../src/index.ts'

export const ids = {
  contoso: 'c0000000-0000-4000-8000-000000000001',
  fabrikam: 'f0000000-0000-4000-8000-000000000001',
  webClient: 'a0000000-0000-4000-8000-000000000001',
  middleTier: 'a0000000-0000-4000-8000-000000000002',
  todoApi: 'a0000000-0000-4000-8000-000000000003',
  daemon: 'a0000000-0000-4000-8000-000000000004',
  alice: 'c0000000-0000-4000-8000-0000000000a1',
} as const

export const alice = 'alice@contoso.onmicrosoft.com'
export const bob = 'bob@contoso.onmicrosoft.com'

export interface Scenario {
  readonly emulator: Emulator
  readonly api: WebApi
  readonly app: Express
  readonly url: string
  readonly events: ObservedEvent[]
  /** An access token for the middle tier. */
  token(user?: string, more?: Partial<Parameters<Emulator['mint']>[0]>): Promise<string>
  get(path: string, token?: string, headers?: Record<string, string>): Promise<Response>
  stop(): Promise<void>
}

/** The options of the middle tier against an emulator and a To Do API. */
export function middleTierOptions(emulator: Emulator, todoUrl: string): WebApiOptions {
  return {
    tenantId: 'organizations',
    allowedTenants: [ids.contoso, ids.fabrikam],
    clientId: ids.middleTier,
    instance: emulator.origin,
    clientCredential: clientSecret('middle-tier-secret-for-local-use-only'),
    downstreamApis: {
      todolist: { baseUrl: `${todoUrl}/api/`, scopes: [`api://${ids.todoApi}/.default`] },
      graph: { baseUrl: `${emulator.origin}/v1.0/`, scopes: ['User.Read'] },
    },
    clock: { nowMs: () => emulator.clock.now() },
  }
}

export async function listen(app: Express): Promise<{ server: Server; url: string }> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** The framework of the middle tier; how it takes an asynchronous handler. */
export interface Framework {
  readonly express: typeof express5
  readonly wrap: (handler: (...given: Parameters<RequestHandler>) => unknown) => RequestHandler
}

const framework5: Framework = { express: express5, wrap: (handler) => handler }

export async function startScenario(
  more: Partial<WebApiOptions> | ((emulator: Emulator) => Partial<WebApiOptions>) = {},
  { express, wrap }: Framework = framework5,
): Promise<Scenario> {
  const emulator = await createEmulator()
  const events: ObservedEvent[] = []

  const todoApi = createWebApi({
    tenantId: 'organizations',
    allowedTenants: null,
    clientId: ids.todoApi,
    instance: emulator.origin,
    clock: { nowMs: () => emulator.clock.now() },
  })
  const todoApp = express5()
  todoApp.get('/api/whoami', protect(todoApi, { scopes: ['Tasks.ReadWrite'] }), (req, res) => {
    res.json({ account: req.caller.account?.id, client: req.caller.principal.clientId })
  })
  todoApp.get('/api/gone', (_req, res) => void res.status(410).json({}))
  todoApp.get('/api/broken', (_req, res) => void res.status(500).send('a secret stack'))
  const todo = await listen(todoApp)

  const api = createWebApi({
    ...middleTierOptions(emulator, todo.url),
    observer: (event) => events.push(event),
    ...(typeof more === 'function' ? more(emulator) : more),
  })
  const app = express()
  const signedIn = protect(api, { scopes: ['access_as_user'] })
  app.get(
    '/whoami',
    signedIn,
    wrap(async (req, res) => void res.json(await req.caller.downstream('todolist').getJson('whoami'))),
  )
  app.get(
    '/me',
    signedIn,
    wrap(async (req, res) => void res.json(await req.caller.downstream('graph').getJson('me'))),
  )
  app.get(
    '/downstream/:path',
    signedIn,
    wrap(async (req, res) => {
      res.json(await req.caller.downstream('todolist').getJson(String(req.params['path'])))
    }),
  )
  app.get(
    '/silent',
    signedIn,
    wrap(async (req, res) => void res.json(await req.caller.acquireTokenSilent({ scopes: ['User.Read'] }))),
  )
  app.get(
    '/several',
    signedIn,
    wrap(async (req, res) => {
      res.json(
        await req.caller.acquireToken({ scopes: ['User.Read', `api://${ids.todoApi}/Tasks.ReadWrite`] }),
      )
    }),
  )
  app.get(
    '/mail',
    signedIn,
    wrap(async (req, res) => void res.json(await req.caller.acquireToken({ scopes: ['Mail.Read'] }))),
  )
  app.get(
    '/anyone',
    protect(api),
    wrap(async (req, res) => void res.json(await req.caller.acquireToken({ scopes: ['User.Read'] }))),
  )
  app.use(renderErrors())
  const { server, url } = await listen(app)

  return {
    emulator,
    api,
    app,
    url,
    events,
    token: (user = alice, request = {}) =>
      emulator.mint({
        user,
        client: ids.webClient,
        audience: ids.middleTier,
        scopes: ['access_as_user'],
        ...request,
      }),
    get: (path, token, headers = {}) =>
      fetch(url + path, {
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      }),
    async stop() {
      for (const open of [server, todo.server]) {
        open.closeAllConnections()
        open.close()
      }
      await api.close()
      await todoApi.close()
      await emulator.stop()
    },
  }
}
