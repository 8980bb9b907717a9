// Where `renderErrors()` and error handlers stand, and in which order: no challenge is lost by it, and nothing of the authority gets out.
import Fastify, { type FastifyInstance, type RouteHandlerMethod } from 'fastify'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/fastify.ts'
import { InteractionRequiredError } from '../../src/index.ts'
import { endNoProcess, settle, someCaller, standIn } from './express-server.ts'

endNoProcess()

const guarded = { onRequest: protect(standIn(() => Promise.resolve(someCaller))) }
const facts = { error: 'interaction_required', errorNumbers: [50076], status: 400, scopes: ['User.Read'] }
const ours = new InteractionRequiredError('AADSTS50076: a secret of the authority', 'sign_in_required', facts)
const fails = (): Promise<never> => Promise.reject(ours)
const fails500 = { title: 'of the application' }

async function expectChallenge(app: FastifyInstance, url = '/'): Promise<void> {
  const { statusCode, headers, body } = await app.inject(url)
  expect([statusCode, headers['content-type'], headers['www-authenticate']]).toEqual([
    401,
    expect.stringContaining('application/problem+json'),
    expect.stringContaining('error="invalid_token"'),
  ])
  expect(body).not.toContain('secret')
}

describe('renderErrors() holds for the routes of where it is registered, and of what is inside', () => {
  const places: [string, (app: FastifyInstance) => unknown][] = [
    ['in front of the routes', (app) => app.register(renderErrors()).get('/', guarded, fails)],
    ['behind the routes', (app) => app.get('/', guarded, fails).register(renderErrors())],
    [
      'behind routes that are there already',
      async (app) => {
        app.get('/', guarded, fails)
        await app.after()
        await app.register(renderErrors())
      },
    ],
    ['behind a plugin with routes', (app) => app.register(area).register(renderErrors())],
    ['in front of a plugin with routes', (app) => app.register(renderErrors()).register(area)],
  ]
  const area = (inner: FastifyInstance, _options: unknown, done: () => void): void => {
    inner.addHook('onRequest', guarded.onRequest)
    inner.get('/', fails)
    done()
  }

  it.each(places)('%s', async (_, build) => {
    const app = Fastify()
    await build(app)
    await expectChallenge(app)
  })
})

describe('an error handler of the application', () => {
  const handlers: [string, Parameters<FastifyInstance['setErrorHandler']>[0]][] = [
    ['that answers everything', (_error, _request, reply) => reply.code(500).send(fails500)],
    ['that answers by what it returns', () => fails500],
    ['that answers by a promise', () => Promise.resolve(fails500)],
    ['that answers later', async (_error, _request, reply) => settle().then(() => reply.send(fails500))],
    [
      'that passes on what it does not know',
      async (error) => {
        await settle()
        throw error
      },
    ],
    [
      'that throws what it does not know',
      (error) => {
        throw error
      },
    ],
    ['that sends the error', (error, _request, reply) => reply.send(error)],
  ]
  const places: [string, (app: FastifyInstance, own: (inner: FastifyInstance) => void) => unknown][] = [
    [
      'in front',
      (app, own) => {
        own(app)
        app.register(renderErrors())
      },
    ],
    [
      'behind',
      async (app, own) => {
        await app.register(renderErrors())
        own(app)
      },
    ],
    [
      'in the plugin of the route',
      (app, own) =>
        app.register(renderErrors()).register((inner, _options, done) => {
          own(inner)
          inner.get('/inside', guarded, fails)
          done()
        }),
    ],
  ]

  describe.each(handlers)('%s', (_, handler) => {
    it.each(places)('takes no challenge away, %s', async (place, build) => {
      const app = Fastify()
      await build(app, (where) => void where.setErrorHandler(handler))
      app.get('/', guarded, fails)
      await expectChallenge(app, place.includes('plugin') ? '/inside' : '/')
    })
  })

  it('gets the errors of others', async () => {
    const app = Fastify()
    await app.register(renderErrors())
    app.setErrorHandler((_error, _request, reply) => reply.code(418).send(fails500))
    app.get('/', guarded, () => Promise.reject(new RangeError('own')))
    const { statusCode, json } = await app.inject('/')
    expect([statusCode, json()]).toEqual([418, fails500])
  })

  it('and the onError hooks are told of ours as well', async () => {
    const app = Fastify()
    const told: unknown[] = []
    app.addHook('onError', (_request, _reply, error, done) => {
      told.push(error)
      done()
    })
    await app.register(renderErrors())
    app.setErrorHandler((error, _request, reply) => reply.send({ told: told.push(error) }))
    app.get('/', guarded, fails)
    await expectChallenge(app)
    expect(told).toEqual([ours, ours])
  })

  it('that fails by itself is not hushed up, nor is a stream left open that it answers by', async () => {
    const lines: string[] = []
    const app = Fastify({ logger: { level: 'error', stream: { write: (line) => void lines.push(line) } } })
    const page = Readable.from(['page'])
    await app.register(renderErrors())
    app.setErrorHandler((_error, request, reply) => {
      if (request.url === '/page') return reply.send(page)
      throw new RangeError('a bug of the handler')
    })
    for (const url of ['/', '/page']) app.get(url, guarded, fails)
    await expectChallenge(app)
    await expectChallenge(app, '/page')
    expect(lines.join()).toContain('a bug of the handler')
    expect(page.destroyed).toBe(true)
  })
})

describe('a handler answers as Fastify lets it', () => {
  const handlers: [string, RouteHandlerMethod, string | number][] = [
    ['at once', () => 'answer', 'answer'],
    ['by a promise', () => Promise.resolve('answer'), 'answer'],
    ['by reply.send', (_request, reply) => void reply.send('answer'), 'answer'],
    ['by a stream', (_request, reply) => reply.send(Readable.from(['answer'])), 'answer'],
    [
      'by its own hand',
      (_request, reply) => {
        reply.hijack()
        reply.raw.end('answer')
      },
      'answer',
    ],
    ['by sending an error of ours', (_request, reply) => void reply.send(ours), 401],
    [
      'by throwing an error of ours',
      () => {
        throw ours
      },
      401,
    ],
    [
      'by a stream that fails by an error of ours',
      (_request, reply) => reply.send(new Readable({ read: () => undefined }).destroy(ours)),
      401,
    ],
  ]

  it.each(handlers)('%s', async (_, handler, expected) => {
    const app = Fastify().get('/', guarded, handler)
    app.register(renderErrors())
    const { statusCode, body } = await app.inject('/')
    expect(statusCode).toBe(typeof expected === 'number' ? expected : 200)
    if (typeof expected === 'string') expect(body).toBe(expected)
  })
})

describe('protect in a hook that comes too late', () => {
  const told: string[] = []
  beforeEach(() => {
    vi.spyOn(console, 'error').mockReturnValue(undefined)
    told.length = 0
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const hooks = ['preParsing', 'preValidation', 'preHandler'] as const
  const orders: [string, (app: FastifyInstance, add: () => unknown) => unknown][] = [
    ['in front of renderErrors()', (app, add) => [add(), app.register(renderErrors())]],
    ['behind renderErrors()', (app, add) => [app.register(renderErrors()), add()]],
  ]

  describe.each(orders)('%s', (_, build) => {
    it.each(hooks)('is refused on every request, as %s of a route or of all', async (name) => {
      for (const ofAll of [false, true]) {
        const app = Fastify()
        const hook = { [name]: guarded.onRequest }
        app.addHook('onError', (_request, _reply, error, done) => {
          told.push(error.message)
          done()
        })
        build(app, () => {
          if (ofAll) app.addHook(name as 'preHandler', guarded.onRequest)
          for (const method of ['GET', 'POST'])
            app.route({ method, url: '/', ...(ofAll ? {} : hook), handler: () => 'handled' })
        })
        for (const method of ['GET', 'POST'] as const)
          expect((await app.inject({ method, url: '/' })).statusCode).toBe(500)
      }
      expect(told).toHaveLength(4)
      for (const each of told) expect(each).toContain('write { onRequest: protect(api, requirements) }')
    })
  })

  it.each(hooks)('is refused at start where the route is added behind renderErrors(): %s', async (name) => {
    const app = Fastify()
    await app.register(renderErrors())
    expect(() => app.get('/', { [name]: [guarded.onRequest] }, () => 'handled')).toThrow('onRequest')
  })
})
