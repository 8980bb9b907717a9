// What is Fastify's own: hooks of a whole application, error handlers inside of ours, headers that a plugin replaced, and its logger.
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import {
  findCaller,
  protect,
  renderErrors,
  sendResponse,
  serveHealth,
  serveResourceMetadata,
} from '../../src/adapters/fastify.ts'
import type { Caller } from '../../src/web-api/caller.ts'
import { BearerError, createWebApi } from '../../src/index.ts'
import { clientId, tenantId } from '../jwt/token-builder.ts'
import { endNoProcess, someCaller, standIn } from './express-server.ts'

endNoProcess()

const known = '/.well-known/oauth-protected-resource'
const letsIn = standIn(() => Promise.resolve(someCaller))
const refusal = (): BearerError =>
  new BearerError({ status: 401, error: 'invalid_token', reason: 'expired', description: 'Expired' })

function application(): FastifyInstance {
  const app = Fastify()
  app.register(renderErrors())
  return app
}

it('ends the reading of an answer that comes when another was sent', async () => {
  const app = application()
  let ended = false
  app.get('/', async (_request, reply) => {
    await reply.send('sent before')
    await sendResponse(reply, new Response(new ReadableStream({ cancel: () => void (ended = true) })))
    return reply
  })
  expect((await app.inject('/')).body).toBe('sent before')
  expect(ended).toBe(true)
})

describe('a hook of the whole application', () => {
  const api = createWebApi({
    tenantId,
    clientId,
    resource: { identifier: 'https://api.contoso.com/mcp' },
    fetch: () => Promise.reject(new TypeError('nobody is asked')),
    logger: false,
  })
  const app = application()
  app.addHook('onRequest', protect(api))
  app.register(serveResourceMetadata(api))
  app.register(serveHealth(api, { path: '/ready' }), { prefix: '/internal' })
  app.get('/', () => 'handled')
  app.get(`${known}-of-mine`, () => 'handled')

  it('protects every route, and what is no route', async () => {
    for (const url of ['/', '/nowhere', `${known}-of-mine`])
      expect((await app.inject(url)).statusCode).toBe(401)
  })

  it('leaves the metadata to everybody', async () => {
    expect((await app.inject(`${known}/mcp`)).statusCode).toBe(200)
    expect((await app.inject({ method: 'OPTIONS', url: known })).statusCode).toBe(204)
  })

  it('leaves probes to everybody, below the prefix of where they are registered', async () => {
    expect((await app.inject('/internal/livez?verbose')).statusCode).toBe(200)
    expect((await app.inject('/internal/ready')).statusCode).toBe(503)
    for (const url of ['/livez', '/ready', '/internal/readyz'])
      expect((await app.inject(url)).statusCode).toBe(401)
  })
})

it('protects the routes of a plugin, and no others', async () => {
  const app = application()
  app.register((area, _options, done) => {
    area.addHook('onRequest', protect(standIn(() => Promise.reject(refusal()))))
    area.get('/in', () => 'handled')
    done()
  })
  app.get('/', () => 'handled')
  expect((await app.inject('/in')).statusCode).toBe(401)
  expect((await app.inject('/')).statusCode).toBe(200)
})

it('asks an error handler inside first, and answers what that throws', async () => {
  const app = application()
  app.register((area, _options, done) => {
    area.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof RangeError)) throw error
      return reply.code(422).send()
    })
    area.get('/own', () => Promise.reject(new RangeError('own')))
    area.get('/ours', { onRequest: protect(letsIn) }, () => Promise.reject(refusal()))
    done()
  })
  expect((await app.inject('/own')).statusCode).toBe(422)
  const { statusCode, headers } = await app.inject('/ours')
  expect([statusCode, headers['www-authenticate']]).toEqual([401, expect.stringContaining('invalid_token')])
})

it('may be registered twice', async () => {
  const app = application()
  app.register((area, _options, done) => {
    area.register(renderErrors())
    area.get('/', { onRequest: protect(letsIn) }, (request) => request.caller.principal)
    done()
  })
  expect((await app.inject('/')).statusCode).toBe(200)
})

it('has its caller in a plugin that decorates requests by the same name, and takes no other there', async () => {
  const app = application()
  app.register((area, _options, done) => {
    area.decorateRequest('caller' as 'ip', null as never)
    area.get('/', { onRequest: protect(letsIn) }, (request) => request.caller.principal)
    area.get('/other', (request) => {
      request.caller = someCaller
      return 'handled'
    })
    done()
  })
  expect((await app.inject('/')).json()).toEqual(someCaller.principal)
  expect((await app.inject('/other')).statusCode).toBe(500)
})

it('reads a token that a plugin has put in the place of a cookie', async () => {
  const app = application()
  app.addHook('onRequest', (request, _reply, done) => {
    request.headers = { authorization: 'Bearer of-the-cookie' }
    done()
  })
  const asked: unknown[] = []
  const api = standIn((request) => {
    asked.push(request.header('authorization'))
    return Promise.resolve(someCaller)
  })
  app.get('/', { onRequest: protect(api) }, () => 'handled')
  await app.inject('/')
  expect(asked).toEqual(['Bearer of-the-cookie'])
})

it('tells who called where requests of all routes are seen, and throws nothing there', async () => {
  const app = application()
  const found: (Caller | undefined)[] = []
  app.addHook('onResponse', (request, _reply, done) => {
    found.push(findCaller(request))
    done()
  })
  app.get('/in', { onRequest: protect(letsIn) }, () => 'handled')
  app.get('/out', { onRequest: protect(standIn(() => Promise.reject(refusal()))) }, () => 'handled')
  app.get('/open', () => 'handled')
  for (const url of ['/in', '/out', '/open']) await app.inject(url)
  expect(found).toEqual([someCaller, undefined, undefined])
})

it('names the route that protect is missing from, and not the person in its path', async () => {
  const app = Fastify()
  const errors: unknown[] = []
  app.setErrorHandler((error, _request, reply) => {
    errors.push(error)
    return reply.code(500).send()
  })
  app.register((area, _options, done) => {
    area.register(renderErrors())
    area.get('/people/:name', (request) => {
      try {
        return request.caller.principal
      } catch (error) {
        throw new Error(String(error), { cause: error }) // past ours
      }
    })
    done()
  })
  await app.inject('/people/ada')
  expect(String(errors[0])).toContain('GET /people/:name without protect')
  expect(String(errors[0])).not.toContain('ada')
})
