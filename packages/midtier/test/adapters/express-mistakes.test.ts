// What is easily written wrong with Express, and what says so: a missing protect, a missing call.
import type { ErrorRequestHandler, Express, Request, Response } from 'express'
import { describe, expect, it } from 'vitest'
import {
  findCaller,
  handle,
  protect,
  renderErrors,
  serveResourceMetadata,
} from '../../src/adapters/express.ts'
import { type Caller, ConfigurationError, type WebApi } from '../../src/index.ts'
import { flavours } from './express-flavours.ts'
import { begin, deferred, endNoProcess, serve, settle, someCaller, standIn } from './express-server.ts'

endNoProcess()

const letsIn = protect(standIn(() => Promise.resolve(someCaller)))
const refuses = protect(standIn(() => Promise.reject(new Error('refused'))))

describe.each(flavours)('$name', ({ express, wrap }) => {
  function errorsOf(app: Express): unknown[] {
    const errors: unknown[] = []
    const collect: ErrorRequestHandler = (error: unknown, _req, res, next) => {
      errors.push(error)
      if (res.headersSent) next(error)
      else res.status(500).send()
    }
    app.use(collect)
    return errors
  }

  describe('req.caller on a route without protect', () => {
    const reads: [string, (req: Request) => unknown][] = [
      ['a member', (req) => req.caller.principal],
      ['a call', (req) => req.caller.downstream('graph')],
      ['what is taken apart', ({ caller: { account } }) => account],
    ]

    it.each(reads)('says so from the first request on, by %s', async (_, read) => {
      const app = express()
      app.get('/seen', letsIn, (req, res) => void res.json(read(req) ?? null))
      app.get(
        '/forgotten/:id',
        wrap((req, res) => void res.json(read(req))),
      )
      const seen: unknown[] = []
      const explain = renderErrors()
      app.use(((error, req, res, next) => {
        explain(error, req, res, (passed: unknown) => {
          seen.push(passed)
          next(passed)
        })
      }) satisfies ErrorRequestHandler)
      const url = await serve(app)
      const first = await fetch(`${url}/forgotten/ada`)
      expect(first.status).toBe(500)
      expect(first.headers.get('content-type')).toContain('problem+json') // an error of ours
      expect((await fetch(`${url}/forgotten/ada`)).headers.get('content-type')).toContain('problem+json')
      expect(seen).toEqual([])
    })

    it('names the route as it is written, and not the person in its path', async () => {
      const app = express()
      const sub = express.Router()
      app.get('/first', letsIn, (_req, res) => void res.send())
      sub.get(
        '/people/:name',
        wrap((req, res) => void res.json(req.caller.principal)),
      )
      app.use('/api', sub)
      const errors = errorsOf(app)
      const url = await serve(app)
      await fetch(`${url}/first`)
      await fetch(`${url}/api/people/ada`)
      expect(errors).toMatchObject([{ code: 'configuration_invalid', option: 'req.caller' }])
      expect(String(errors[0])).toContain('GET /api/people/:name without protect')
      expect(String(errors[0])).not.toContain('ada')
    })

    it('is undefined, and nothing is thrown, for whoever looks with findCaller', async () => {
      const app = express()
      const found: unknown[] = []
      app.get('/in', letsIn, (req, res) => void res.json(found.push(findCaller(req))))
      app.get('/open', (req, res) => void res.json(found.push(findCaller(req))))
      const url = await serve(app)
      await fetch(`${url}/in`)
      await fetch(`${url}/open`)
      expect(found).toEqual([someCaller, undefined])
    })

    it('throws nothing at a listener that runs when the request is over', async () => {
      const app = express()
      const over: (string | undefined)[] = []
      app.use((req, res, next) => {
        res.once('close', () => over.push((req.caller as Caller | undefined)?.principal.objectId))
        next()
      })
      const arrived = deferred<Response>()
      app.get('/in', letsIn, (_req, res) => void res.send())
      app.get('/open', (_req, res) => void res.send())
      app.get('/slow', (_req, res) => {
        arrived.resolve(res)
      })
      const url = await serve(app)
      await fetch(`${url}/in`)
      await fetch(`${url}/open`)
      const client = begin(`${url}/slow`)
      const closed = new Promise((resolve) => void arrived.promise.then((res) => res.once('close', resolve)))
      await arrived.promise
      client.destroy()
      await closed
      await settle()
      expect(over).toEqual(['ada', undefined, undefined])
    })

    it('is no mistake in an error handler behind a protect that refused', async () => {
      const app = express()
      app.get('/in', letsIn, (_req, res) => void res.send())
      app.get('/', refuses)
      const seen: unknown[] = []
      app.use(((_error, req, res, _next) => {
        seen.push(req.caller)
        res.status(500).send()
      }) satisfies ErrorRequestHandler)
      const url = await serve(app)
      await fetch(`${url}/in`)
      await fetch(url)
      expect(seen).toEqual([undefined])
    })

    it('leaves alone a TypeError about something else, and a caller that somebody else put there', async () => {
      const app = express()
      app.get('/other', () => {
        const nothing = undefined as unknown as { readonly name: string }
        return nothing.name.length
      })
      app.get(
        '/own',
        letsIn,
        (req, _res, next) => {
          req.caller = { principal: { objectId: 'own' } } as unknown as Caller
          next()
        },
        (req, res) => void res.json(req.caller.principal.objectId),
      )
      app.use(renderErrors())
      const errors = errorsOf(app)
      const url = await serve(app)
      await fetch(`${url}/other`)
      expect(errors).toMatchObject([expect.any(TypeError)])
      expect(await (await fetch(`${url}/own`)).json()).toBe('own')
    })
  })

  it('an application that was frozen has its callers all the same', async () => {
    const app = express()
    Object.freeze(app.request)
    app.get('/', letsIn, (req, res) => void res.json(req.caller.principal))
    expect(await (await fetch(await serve(app))).json()).toEqual(someCaller.principal)
  })

  describe('a middleware that was handed over without being called', () => {
    const makers: [string, unknown][] = [
      ['protect(api)', protect],
      ['handle(async (req, res) => { … })', handle],
      ['renderErrors()', renderErrors],
      ['serveResourceMetadata(api)', serveResourceMetadata],
    ]

    it.each(makers)('is refused by app.use where %s is meant', (call, maker) => {
      const app = express()
      expect(() => app.use(maker as never)).toThrow(ConfigurationError)
      expect(() => app.use('/api', maker as never)).toThrow(`write ${call}`)
    })

    it.each(makers)(
      'fails every request of a route or a router, instead of letting it hang: %s',
      async (call, maker) => {
        const app = express()
        app.get('/route', maker as never)
        const router = express.Router()
        router.use(maker as never)
        app.use('/router', router)
        const errors = errorsOf(app)
        const url = await serve(app)
        expect((await fetch(`${url}/route`)).status).toBe(500)
        expect((await fetch(`${url}/router`)).status).toBe(500)
        expect(errors).toMatchObject([{ code: 'configuration_invalid' }, { code: 'configuration_invalid' }])
        for (const error of errors) expect(String(error)).toContain(call)
      },
    )
  })
})

describe('what is written before there is a request', () => {
  it.each([undefined, null, {}, 'api', () => undefined])(
    'protect refuses %j where the API belongs',
    (api) => {
      expect(() => protect(api as WebApi)).toThrow(/^api: .*protect\(api\)/)
      expect(() => serveResourceMetadata(api as WebApi)).toThrow(/^api: /)
    },
  )

  it.each([
    ['nothing', undefined],
    ['an object', {}],
    ['an error handler', (_error: unknown, _req: unknown, _res: unknown, _next: unknown) => undefined],
  ])('handle refuses %s', (_, handler) => {
    expect(() => handle(handler as never)).toThrow(ConfigurationError)
  })
})
