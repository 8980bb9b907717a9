// One route that answers a JSON text, on each framework: for anybody, behind `protect` of its adapter, or behind a middleware that does
// something with the Authorization field. Each gives a listener for node:http.
import { createRequire } from 'node:module'

const said = { hello: 'world' }
const text = JSON.stringify(said)

/** By name: a maker of the listener. With an API the route is behind it; with `look`, behind what calls that. */
export const servers = {
  'node:http': async ({ api, look }) => {
    const { protect, renderErrors } = await import('midtier/node-http')
    const answer = (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(text)
    }
    if (api !== undefined) return renderErrors(protect(api, {}, answer))
    if (look === undefined) return answer
    return (request, response) => {
      look(request.headers.authorization)
      answer(request, response)
    }
  },
  'Express 5': async ({ api, look }) => {
    const { protect, renderErrors } = await import('midtier/express')
    const { default: express } = await import('express')
    const app = express()
    const looking = (request, _, next) => {
      look(request.headers.authorization)
      next()
    }
    app.get('/', ...guards(api && protect(api), look && looking), (_, response) => void response.json(said))
    if (api !== undefined) app.use(renderErrors())
    return app
  },
  'Fastify 5': async ({ api, look }) => {
    const { protect, renderErrors } = await import('midtier/fastify')
    const { fastify } = await import('fastify')
    const app = fastify()
    if (api !== undefined) await app.register(renderErrors())
    const looking = async ({ headers }) => look(headers.authorization)
    app.get('/', { onRequest: guards(api && protect(api), look && looking) }, async () => said)
    await app.ready()
    return app.routing
  },
  'Hono 4': async ({ api, look }) => {
    const { protect, renderErrors } = await import('midtier/hono')
    const { Hono } = await import('hono')
    const { getRequestListener } = await import('@hono/node-server')
    const app = new Hono()
    if (api !== undefined) app.onError(renderErrors())
    const looking = async (c, next) => {
      look(c.req.raw.headers.get('authorization'))
      await next()
    }
    app.get('/', ...guards(api && protect(api), look && looking), (c) => c.json(said))
    return getRequestListener(app.fetch)
  },
  'Koa 3': async ({ api, look }) => {
    const { protect, renderErrors } = await import('midtier/koa')
    const { default: Koa } = await import('koa')
    const app = new Koa()
    const looking = async (ctx, next) => {
      look(ctx.req.headers.authorization)
      await next()
    }
    if (api !== undefined) app.use(renderErrors())
    for (const guard of guards(api && protect(api), look && looking)) app.use(guard)
    app.use((ctx) => {
      ctx.body = said
    })
    return app.callback()
  },
  'Nest 11 on Express': (guarded) => serveNest(guarded, 'express'),
  'Nest 11 on Fastify': (guarded) => serveNest(guarded, 'fastify'),
}

const guards = (...given) => given.filter((guard) => guard !== undefined)

async function serveNest({ api, look }, platform) {
  await import('reflect-metadata')
  // What its modules are by `require`, which is how a program of Nest 11 has them.
  const require = createRequire(import.meta.url)
  const { Controller, Get, Module, UseGuards } = require('@nestjs/common')
  const { NestFactory } = require('@nestjs/core')
  const { MidtierModule, Protect } = require('midtier/nest')
  class Root {
    hello() {
      return said
    }
  }
  const decorate = (decorator) =>
    decorator(Root.prototype, 'hello', Object.getOwnPropertyDescriptor(Root.prototype, 'hello'))
  decorate(Get())
  const looking = {
    canActivate: async (context) => {
      look(context.switchToHttp().getRequest().headers.authorization)
      return true
    },
  }
  for (const guard of guards(api && Protect(), look && UseGuards(looking))) decorate(guard)
  Controller()(Root)
  class App {}
  Module({ imports: api === undefined ? [] : [MidtierModule.forRoot(api)], controllers: [Root] })(App)
  const adapter =
    platform === 'fastify'
      ? new (require('@nestjs/platform-fastify').FastifyAdapter)()
      : new (require('@nestjs/platform-express').ExpressAdapter)()
  const app = await NestFactory.create(App, adapter, { logger: false })
  await app.init()
  const instance = adapter.getInstance()
  if (platform === 'express') return instance
  await instance.ready()
  return instance.routing
}
