// The description of Hono 4, on its server for Node.
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import {
  type CallerEnv,
  protect,
  renderErrors,
  sendResponse,
  serveHealth,
  serveResourceMetadata,
} from '../../../src/adapters/hono.ts'
import type { Adapter, Application, Exchange, Mistake, Running } from './adapter.ts'
import { inFrontOf, listen, slowBody } from './listening.ts'

function exchange(c: Context<CallerEnv>): Exchange {
  return {
    get caller() {
      return c.var.caller
    },
    body: () => c.req.text(),
    answerJson: (value) => c.json(value as object),
    sendResponse: (response) => sendResponse(c, response),
    answerSlowly: (beginning, end) => c.body(slowBody(beginning, end)),
  }
}

const pass: MiddlewareHandler = (_c, next) => next()

function listenTo(
  app: Hono<CallerEnv>,
  others: unknown[] = [],
  inFront?: Application['inFront'],
): Promise<Running> {
  const listener = getRequestListener(app.fetch)
  return listen((req, res) => {
    inFront?.(inFrontOf(res))
    void listener(req, res)
  }, others)
}

function uncalled(call: string, maker: unknown): Mistake {
  return {
    says: `write ${call}`,
    start: () => {
      const app = new Hono<CallerEnv>()
      app.get('/', maker as never)
      app.onError(renderErrors())
      return listenTo(app)
    },
  }
}

export const hono: Adapter = {
  name: 'Hono 4',
  answersInFront: false,
  failsLate: 'stream',
  forgotten: 'answered by protect',
  start: ({ routes, metadataOf, healthOf, inFront, withoutRenderErrors }) => {
    const others: unknown[] = []
    const app = new Hono<CallerEnv>()
    if (metadataOf !== undefined) app.use(serveResourceMetadata(metadataOf))
    if (healthOf !== undefined) app.use(serveHealth(...healthOf))
    for (const { path, method = 'GET', protect: guard, handle } of routes)
      app.on(
        method,
        path,
        guard === undefined ? pass : protect(...guard),
        async (c) => (await handle(exchange(c))) as Response,
      )
    const ofApplication = (error: unknown, c: Context): Response => {
      others.push(error)
      return c.text('of the application', 500)
    }
    app.onError(withoutRenderErrors ? ofApplication : renderErrors(ofApplication))
    return listenTo(app, others, inFront)
  },
  mistakes: {
    'an uncalled protect': uncalled('protect(api)', protect),
    'an uncalled serveHealth': uncalled('serveHealth(api)', serveHealth),
    'an uncalled serveResourceMetadata': uncalled('serveResourceMetadata(api)', serveResourceMetadata),
    'renderErrors as a middleware': {
      says: 'write app.onError(renderErrors())',
      start: (api) => {
        const app = new Hono<CallerEnv>()
        app.use(renderErrors() as never)
        app.get('/', protect(api), (c) => c.text('handled'))
        return listenTo(app)
      },
    },
    'protect of what is no API': {
      says: 'write protect(api)',
      start: () => {
        protect({} as never)
        throw new Error('not refused')
      },
    },
    'an uncalled renderErrors': {
      says: 'write renderErrors()',
      start: () => {
        const app = new Hono<CallerEnv>()
        app.onError(renderErrors as never)
        app.get('/', () => Promise.reject(new Error('of the handler')))
        return listenTo(app)
      },
    },
  },
}
