// `protect` goes into the routes of every Fastify application: other servers, loggers and type providers included. Compiled, and not run.
import { createSecureServer } from 'node:http2'
import Fastify, { type FastifyTypeProvider } from 'fastify'
import { expect, it } from 'vitest'
import { protect, renderErrors, serveResourceMetadata } from '../../src/adapters/fastify.ts'
import type { WebApi } from '../../src/index.ts'

interface Provider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends { type: 'string' } ? string : unknown
}

function compile(api: WebApi): void {
  const plain = Fastify()
  plain.register(renderErrors()).register(serveResourceMetadata(api))
  plain.get('/', { onRequest: protect(api) }, (request) => request.caller.principal.clientId)
  plain.get<{ Params: { id: string } }>('/:id', { onRequest: [protect(api)] }, (request) => request.params.id)
  plain.addHook('onRequest', protect(api, { scopes: ['a'] }))

  const typed = Fastify().withTypeProvider<Provider>()
  typed.register(renderErrors())
  typed.get('/', { onRequest: protect(api), schema: { body: { type: 'string' } } }, (request) =>
    request.body.toUpperCase(),
  )

  const second = Fastify({ http2: true, https: {} })
  second.register(renderErrors())
  second.get('/', { onRequest: protect(api) }, (request) => request.caller.principal.clientId)

  const own = Fastify({ serverFactory: (handler) => createSecureServer({}, handler as never) as never })
  own.get('/', { onRequest: protect(api) }, (request) => request.caller.principal.clientId)

  const logging = Fastify({
    loggerInstance: { ...plain.log, level: 'info', special: () => undefined },
  })
  logging.register(renderErrors())
  logging.get('/', { onRequest: protect(api) }, (request) => request.caller.principal.clientId)
}

it('compiles', () => {
  expect(compile).toBeTypeOf('function')
})
