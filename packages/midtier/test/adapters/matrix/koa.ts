// The description of Koa 3, with the router that its applications have.
import Router from '@koa/router'
import Koa, { type Middleware, type ParameterizedContext } from 'koa'
import {
  type CallerState,
  protect,
  renderErrors,
  sendResponse,
  serveHealth,
  serveResourceMetadata,
} from '../../../src/adapters/koa.ts'
import type { Adapter, Exchange, Mistake, Running } from './adapter.ts'
import { inFrontOf, listen, readAll } from './listening.ts'

function exchange(ctx: ParameterizedContext<CallerState>): Exchange {
  return {
    get caller() {
      return ctx.state.caller
    },
    body: () => readAll(ctx.req),
    answerJson: (value) => {
      ctx.type = 'json'
      ctx.body = JSON.stringify(value)
    },
    sendResponse: (response) => sendResponse(ctx, response),
    answerSlowly: async (beginning, end) => {
      ctx.respond = false
      ctx.res.writeHead(200).write(beginning)
      await end
      ctx.res.end()
    },
  }
}

/** Its own place for errors: Koa answers those itself, and tells them. */
function collecting(): { readonly app: Koa; readonly listen: () => Promise<Running> } {
  const others: unknown[] = []
  const app = new Koa()
  app.on('error', (error) => others.push(error))
  return { app, listen: () => listen((req, res) => void app.callback()(req, res), others) }
}

function uncalled(call: string, maker: unknown): Mistake {
  return {
    says: `write ${call}`,
    start: () => {
      const { app, listen } = collecting()
      app.use(renderErrors())
      app.use(maker as Middleware)
      return listen()
    },
  }
}

export const koa: Adapter = {
  name: 'Koa 3',
  answersInFront: true,
  failsLate: 'handler',
  forgotten: 'answered by protect',
  start: ({ routes, metadataOf, healthOf, inFront, withoutRenderErrors }) => {
    const { app, listen } = collecting()
    app.use(async (ctx, next) => {
      inFront?.(inFrontOf(ctx.res))
      await next()
    })
    if (withoutRenderErrors === undefined) app.use(renderErrors())
    if (metadataOf !== undefined) app.use(serveResourceMetadata(metadataOf))
    if (healthOf !== undefined) app.use(serveHealth(...healthOf))
    const router = new Router()
    for (const { path, method = 'GET', protect: guard, handle } of routes)
      router.register(
        path,
        [method],
        [
          ...(guard === undefined ? [] : [protect(...guard)]),
          async (ctx: ParameterizedContext<CallerState>) => {
            await handle(exchange(ctx))
          },
        ],
      )
    app.use(router.routes())
    return listen()
  },
  mistakes: {
    'an uncalled protect': uncalled('protect(api)', protect),
    'an uncalled serveHealth': uncalled('serveHealth(api)', serveHealth),
    'an uncalled serveResourceMetadata': uncalled('serveResourceMetadata(api)', serveResourceMetadata),
    'an uncalled renderErrors': uncalled('renderErrors()', renderErrors),
    'renderErrors as a listener': {
      says: 'write app.use(renderErrors())',
      start: () => {
        new Koa().on('error', renderErrors()).emit('error', new Error('of a handler'), {})
        throw new Error('not refused')
      },
    },
    'protect of what is no API': {
      says: 'write protect(api)',
      start: () => {
        protect({} as never)
        throw new Error('not refused')
      },
    },
  },
}
