// The description of Node's own server.
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Listener,
  protect,
  renderErrors,
  sendResponse,
  serveHealth,
  serveResourceMetadata,
} from '../../../src/adapters/node-http.ts'
import type { Caller } from '../../../src/web-api/caller.ts'
import type { Adapter, Exchange, Route } from './adapter.ts'
import { inFrontOf, listen, readAll } from './listening.ts'

function exchange(req: IncomingMessage, res: ServerResponse, caller: Caller | undefined): Exchange {
  return {
    get caller() {
      if (caller === undefined) throw new TypeError('a handler without protect is given no caller')
      return caller
    },
    body: () => readAll(req),
    answerJson: (value) => {
      res.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    },
    sendResponse: (response) => sendResponse(res, response),
    answerSlowly: async (beginning, end) => {
      res.write(beginning)
      await end
      res.end()
    },
  }
}

function listenerOf({ protect: guard, handle }: Route): Listener {
  if (guard === undefined) return (req, res) => handle(exchange(req, res, undefined))
  const [api, requirements = {}] = guard
  return protect(api, requirements, (req, res, caller) => handle(exchange(req, res, caller)))
}

/** As an application routes by hand. */
function routerOf(routes: readonly Route[]): Listener {
  const listeners = routes.map((route) => ({ ...route, listener: listenerOf(route) }))
  return (req, res) => {
    const { pathname } = new URL(req.url ?? '', 'http://host')
    const method = req.method === 'HEAD' ? 'GET' : req.method
    const found = listeners.find((route) => route.path === pathname && (route.method ?? 'GET') === method)
    return found === undefined ? res.writeHead(404).end() : found.listener(req, res)
  }
}

export const nodeHttp: Adapter = {
  name: 'node:http',
  answersInFront: true,
  failsLate: 'handler',
  forgotten: 'answered by protect',
  start: ({ routes, metadataOf, healthOf, inFront, withoutRenderErrors }) => {
    const others: unknown[] = []
    const router = routerOf(routes)
    const served = metadataOf === undefined ? router : serveResourceMetadata(metadataOf, router)
    const probed = healthOf === undefined ? served : serveHealth(healthOf[0], healthOf[1], served)
    const rendered =
      withoutRenderErrors === undefined
        ? renderErrors(probed, (error, _req, res) => {
            others.push(error)
            if (res.headersSent) res.destroy()
            else res.writeHead(500).end('of the application')
          })
        : probed
    return listen((req, res) => {
      inFront?.(inFrontOf(res))
      void rendered(req, res)
    }, others)
  },
  mistakes: {
    'an uncalled protect': {
      says: 'write protect(api, requirements, (req, res, caller) => …)',
      start: () => listen(renderErrors(protect as unknown as Listener)),
    },
    'an uncalled serveHealth': {
      says: 'write serveHealth(api)',
      start: () => listen(renderErrors(serveHealth as unknown as Listener)),
    },
    'an uncalled serveResourceMetadata': {
      says: 'write serveResourceMetadata(api)',
      start: () => listen(renderErrors(serveResourceMetadata as unknown as Listener)),
    },
    'a protect without a handler': {
      says: 'write protect(api, requirements, (req, res, caller) => …)',
      start: (api) => listen(renderErrors(protect(api, {}, undefined as never))),
    },
    'a renderErrors without a listener': {
      says: 'write renderErrors(listener)',
      start: () => listen(renderErrors(undefined as never)),
    },
  },
}
