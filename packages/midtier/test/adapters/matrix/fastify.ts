// The description of Fastify 5.
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import {
  protect,
  renderErrors,
  sendResponse,
  serveHealth,
  serveResourceMetadata,
} from '../../../src/adapters/fastify.ts'
import type { Adapter, Exchange, Mistake, Running } from './adapter.ts'
import { inFrontOf, readAll, urlOf } from './listening.ts'

function exchange(request: FastifyRequest, reply: FastifyReply): Exchange {
  return {
    get caller() {
      return request.caller
    },
    body: () => readAll(request.body as AsyncIterable<unknown>),
    answerJson: (value) => reply.type('application/json').send(JSON.stringify(value)),
    sendResponse: (response) => sendResponse(reply, response),
    answerSlowly: async (beginning, end) => {
      reply.raw.write(beginning)
      await end
      reply.raw.end()
      reply.hijack()
    },
  }
}

async function listenTo(app: FastifyInstance, others: unknown[] = []): Promise<Running> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    url: urlOf(app.server),
    others,
    close: () => {
      app.server.closeAllConnections()
      void app.close()
    },
  }
}

function build(): FastifyInstance {
  const app = Fastify()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload)
  })
  return app
}

/** With an error handler of the application around everything. */
function collecting(): { readonly app: FastifyInstance; readonly others: unknown[] } {
  const others: unknown[] = []
  const app = build()
  app.setErrorHandler((error, _request, reply) => {
    others.push(error)
    if (reply.raw.headersSent) throw error
    return reply.code(500).send('of the application')
  })
  return { app, others }
}

function hooked(says: string, hooks: (api: Parameters<typeof protect>[0]) => object): Mistake {
  return {
    says,
    start: (api) => {
      const { app, others } = collecting()
      app.register(async (inner) => {
        await inner.register(renderErrors())
        inner.post('/', { ...hooks(api) }, () => 'handled')
        inner.get('/', { ...hooks(api) }, () => 'handled')
      })
      return listenTo(app, others)
    },
  }
}

function registered(says: string, plugin: unknown): Mistake {
  return { says, start: () => listenTo(build().register(plugin as never)) }
}

export const fastify: Adapter = {
  name: 'Fastify 5',
  answersInFront: true,
  failsLate: 'handler',
  forgotten: 'refused by protect',
  start: ({ routes, metadataOf, healthOf, inFront, withoutRenderErrors }) => {
    const { app, others } = collecting()
    app.addHook('onRequest', (_request, reply, done) => {
      inFront?.(inFrontOf(reply.raw))
      done()
    })
    app.register(async (inner) => {
      if (withoutRenderErrors === undefined) await inner.register(renderErrors())
      if (metadataOf !== undefined) await inner.register(serveResourceMetadata(metadataOf))
      if (healthOf !== undefined) await inner.register(serveHealth(...healthOf))
      for (const { path, method = 'GET', protect: guard, handle } of routes)
        inner.route({
          url: path,
          method,
          onRequest: guard === undefined ? [] : [protect(...guard)],
          handler: async (request, reply) => handle(exchange(request, reply)),
        })
    })
    return listenTo(app, others)
  },
  mistakes: {
    'an uncalled protect': hooked('write protect(api)', () => ({ onRequest: protect })),
    'protect after the body was read': hooked('onRequest', (api) => ({ preHandler: protect(api) })),
    'protect where the body is about to be read': hooked('onRequest', (api) => ({
      preParsing: protect(api),
    })),
    'protect when the answer is ready': hooked('onRequest', (api) => ({ onSend: protect(api) })),
    'protect as a plugin': {
      says: 'write app.addHook("onRequest", protect(api))',
      start: (api) => {
        const { app, others } = collecting()
        app.register(renderErrors()).register(protect(api) as never)
        return listenTo(app, others)
      },
    },
    'a caller that the application has decorated requests with': {
      says: 'take decorateRequest("caller", …) of yours away',
      start: () => {
        const { app, others } = collecting()
        app.decorateRequest('caller' as 'ip', null as never)
        return listenTo(app.register(renderErrors()), others)
      },
    },
    'an uncalled renderErrors': registered('write renderErrors()', renderErrors),
    'an uncalled serveHealth': registered('write serveHealth(api)', serveHealth),
    'an uncalled serveResourceMetadata': registered(
      'write serveResourceMetadata(api)',
      serveResourceMetadata,
    ),
  },
}
