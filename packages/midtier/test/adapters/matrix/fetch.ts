// The description of web-standard handlers, on the server that Hono has for them on Node.
import { getRequestListener } from '@hono/node-server'
import {
  protect,
  renderErrors,
  sendResponse,
  serveHealth,
  serveResourceMetadata,
} from '../../../src/adapters/fetch.ts'
import type { Caller } from '../../../src/web-api/caller.ts'
import type { Adapter, Application, Exchange, Route, Running } from './adapter.ts'
import { inFrontOf, listen, slowBody } from './listening.ts'

type Handler = (request: Request) => Response | Promise<Response>

function exchange(request: Request, caller: Caller | undefined): Exchange {
  return {
    get caller() {
      if (caller === undefined) throw new TypeError('a handler without protect is given no caller')
      return caller
    },
    body: () => request.text(),
    answerJson: (value) => Response.json(value),
    sendResponse: (response) => sendResponse(response),
    answerSlowly: (beginning, end) => new Response(slowBody(beginning, end)),
  }
}

function handlerOf({ protect: guard, handle }: Route): Handler {
  if (guard === undefined) return async (request) => (await handle(exchange(request, undefined))) as Response
  const [api, requirements = {}] = guard
  return protect(
    api,
    requirements,
    async (request: Request, caller) => (await handle(exchange(request, caller))) as Response,
  )
}

function routerOf(routes: readonly Route[], withoutRenderErrors?: true): Handler {
  const handlers = routes.map((route) => ({ ...route, handler: handlerOf(route) }))
  return (request) => {
    const { pathname } = new URL(request.url)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const found = handlers.find((route) => route.path === pathname && (route.method ?? 'GET') === method)
    if (found === undefined) return new Response(null, { status: 404 })
    return (withoutRenderErrors ? found.handler : renderErrors(found.handler))(request)
  }
}

function listenTo(handler: Handler, inFront?: Application['inFront']): Promise<Running> {
  const others: unknown[] = []
  const errorHandler = (error: unknown): Response => {
    others.push(error)
    return new Response('of the platform', { status: 500 })
  }
  const listener = getRequestListener(handler, { errorHandler })
  return listen((req, res) => {
    inFront?.(inFrontOf(res))
    void listener(req, res)
  }, others)
}

export const webStandard: Adapter = {
  name: 'fetch',
  answersInFront: false,
  failsLate: 'stream',
  forgotten: 'answered by protect',
  start: ({ routes, metadataOf, healthOf, inFront, withoutRenderErrors }) => {
    const router = routerOf(routes, withoutRenderErrors)
    const served = metadataOf === undefined ? router : serveResourceMetadata(metadataOf, router)
    const probed = healthOf === undefined ? served : serveHealth(healthOf[0], healthOf[1], served)
    return listenTo(probed, inFront)
  },
  mistakes: {
    'an uncalled protect': {
      says: 'write protect(api, requirements, (request, caller) => …)',
      start: () => listenTo(renderErrors(protect as unknown as Handler)),
    },
    'a protect without a handler': {
      says: 'write protect(api, requirements, (request, caller) => …)',
      start: (api) => listenTo(protect(api, {}, undefined as unknown as Handler)),
    },
    'a handler without its return': {
      says: 'handler: gave nothing, as one without its return does: return a Response',
      start: (api) => listenTo(protect(api, {}, (() => undefined) as unknown as Handler)),
    },
    'a handler without protect and without its return': {
      says: 'return a Response',
      start: () => listenTo(renderErrors((() => Promise.resolve()) as unknown as Handler)),
    },
    'a handler that gives data': {
      says: 'handler: gave a string: return a Response',
      start: (api) => listenTo(protect(api, {}, (() => 'data') as unknown as Handler)),
    },
    'a renderErrors without a handler': {
      says: 'write renderErrors((request) => …)',
      start: () => listenTo(renderErrors(undefined as unknown as Handler)),
    },
    'an uncalled serveHealth': {
      says: 'write serveHealth(api)',
      start: () => listenTo(renderErrors(serveHealth as unknown as Handler)),
    },
    'an uncalled serveResourceMetadata': {
      says: 'write serveResourceMetadata(api)',
      start: () => listenTo(renderErrors(serveResourceMetadata as unknown as Handler)),
    },
  },
}
