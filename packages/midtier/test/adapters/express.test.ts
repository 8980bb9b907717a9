// What Express does with a request while protect waits, and with a handler that fails: in every version, and never the end of the process.
import type { ErrorRequestHandler, Express, NextFunction, Request, Response } from 'express'
import { describe, expect, it, vi } from 'vitest'
import { handle, protect, renderErrors } from '../../src/adapters/express.ts'
import type { Caller } from '../../src/web-api/caller.ts'
import { AuthorityUnavailableError, BearerError, createWebApi } from '../../src/index.ts'
import { clientId, createSigner, signToken, tenantId, userClaims } from '../jwt/token-builder.ts'
import { flavours } from './express-flavours.ts'
import {
  begin,
  deferred,
  type Deferred,
  endNoProcess,
  serve,
  settle,
  someCaller,
  standIn,
} from './express-server.ts'

const refusal = (): BearerError =>
  new BearerError({ status: 401, error: 'invalid_token', reason: 'expired', description: 'Expired' })

/** An error handler of the application: what reached it, and whether somebody had answered by then. */
function errorsOf(app: Express): unknown[] {
  const errors: unknown[] = []
  const collect: ErrorRequestHandler = (error: unknown, _req, res, next) => {
    errors.push(error)
    if (res.headersSent) next(error)
    else res.status(500).send('of the application')
  }
  app.use(collect)
  return errors
}

endNoProcess()

describe.each(flavours)('$name', ({ express, wrap }) => {
  /** An application whose requests wait at `protect` until the test decides, with a way to answer them before. */
  async function waitingAtTheGate() {
    const arrived = deferred<Response>()
    const decision = deferred<Caller>()
    const app = express()
    app.use((_req, res, next) => {
      arrived.resolve(res)
      next()
    })
    const handled = vi.fn((_req: Request, res: Response) => void res.send('handled'))
    app.get('/', protect(standIn(() => decision.promise)), handled)
    app.use(renderErrors())
    const errors = errorsOf(app)
    return { url: await serve(app), arrived: arrived.promise, decision, handled, errors }
  }

  describe('a request that a time limit has answered while protect waited', () => {
    const outcomes: [string, (decision: Deferred<Caller>) => void][] = [
      ['is refused', ({ reject }) => reject(refusal())],
      ['fails in the outage of the authority', ({ reject }) => reject(new AuthorityUnavailableError('x', 1))],
      ['fails with an error of somebody else', ({ reject }) => reject(new TypeError('own check'))],
      ['is let in', ({ resolve }) => resolve(someCaller)],
    ]

    it.each(outcomes)('has its answer, and nothing else, when it %s', async (_, decide) => {
      const { url, arrived, decision, handled, errors } = await waitingAtTheGate()
      const answer = fetch(url)
      ;(await arrived).status(503).send('timed out')
      expect(await (await answer).text()).toBe('timed out')
      decide(decision)
      await settle()
      expect(handled).not.toHaveBeenCalled()
      expect(errors).toEqual([])
    })

    it.each(outcomes)('keeps an answer that has begun, when it %s', async (_, decide) => {
      const { url, arrived, decision, handled, errors } = await waitingAtTheGate()
      const answer = fetch(url)
      const response = await arrived
      response.status(503).write('timed ')
      decide(decision)
      await settle()
      response.end('out')
      expect(await (await answer).text()).toBe('timed out')
      expect(handled).not.toHaveBeenCalled()
      expect(errors).toEqual([])
    })

    it.each(outcomes)('goes no further when its client has gone and it %s', async (_, decide) => {
      const { url, arrived, decision, handled, errors } = await waitingAtTheGate()
      const client = begin(url)
      const response = await arrived
      const closed = new Promise((resolve) => response.once('close', resolve))
      client.destroy()
      await closed
      decide(decision)
      await settle()
      expect(handled).not.toHaveBeenCalled()
      expect(errors).toEqual([])
    })
  })

  it('answers nothing late when the authority fails long after a time limit', async () => {
    const [asked, outage] = [deferred<undefined>(), deferred<Response>()]
    const api = createWebApi({
      tenantId,
      clientId,
      fetch: () => {
        asked.resolve(undefined)
        return outage.promise as never
      },
    })
    const app = express()
    const arrived = deferred<Response>()
    app.use((_req, res, next) => {
      arrived.resolve(res)
      next()
    })
    app.get('/', protect(api), (_req, res) => void res.send('handled'))
    app.use(renderErrors())
    const url = await serve(app)
    const authorization = `Bearer ${signToken({ claims: userClaims(), signer: createSigner('a') })}`
    const answer = fetch(url, { headers: { authorization } })
    await asked.promise
    ;(await arrived.promise).status(503).send('timed out')
    expect((await answer).status).toBe(503)
    outage.reject(new TypeError('fetch failed'))
    await settle()
    expect((await fetch(url)).status).toBe(401)
  })

  it('lets a request whose headers were sent on purpose go on, and closes the connection when it is refused', async () => {
    const app = express()
    app.use((_req, res, next) => {
      res.flushHeaders()
      next()
    })
    app.get(
      '/in',
      protect(standIn(() => Promise.resolve(someCaller))),
      (_req, res) => void res.end('handled'),
    )
    app.get('/out', protect(standIn(() => Promise.reject(refusal()))), (_req, res) => void res.end('handled'))
    app.use(renderErrors())
    const url = await serve(app)
    expect(await (await fetch(`${url}/in`)).text()).toBe('handled')
    await expect(fetch(`${url}/out`).then((answer) => answer.text())).rejects.toThrow()
  })

  it.each([undefined, null, '', 0, false, 'route', 'router'])(
    'lets nobody in when the check of a route fails with %j, which Express takes for no error',
    async (reason) => {
      const app = express()
      const router = express.Router()
      const handled = vi.fn((_req: Request, res: Response) => void res.send('handled'))
      router.use(protect(standIn(() => Promise.reject(reason as unknown as Error))))
      router.get('/', handled)
      app.use(router)
      app.get('/', handled)
      const errors = errorsOf(app)
      expect((await fetch(await serve(app))).status).toBe(500)
      expect(handled).not.toHaveBeenCalled()
      expect(errors).toEqual([expect.any(Error)])
    },
  )

  it('passes on a refusal that cannot be sent', async () => {
    const app = express()
    app.use((_req, res, next) => {
      const send = res.send.bind(res)
      res.send = (body) => {
        if (res.statusCode === 401) throw new Error('no body today')
        return send(body)
      }
      next()
    })
    app.get('/', protect(standIn(() => Promise.reject(refusal()))))
    const errors = errorsOf(app)
    expect((await fetch(await serve(app))).status).toBe(500)
    expect(errors).toMatchObject([{ message: 'no body today' }])
  })

  it('passes on what the following handlers throw, as Express does', async () => {
    const app = express()
    app.get('/', protect(standIn(() => Promise.resolve(someCaller))), () => {
      throw new Error('of the handler')
    })
    const errors = errorsOf(app)
    expect((await fetch(await serve(app))).status).toBe(500)
    expect(errors).toMatchObject([{ message: 'of the handler' }])
  })

  describe('an asynchronous handler', () => {
    async function failing(handler: (req: Request, res: Response, next: NextFunction) => unknown) {
      const app = express()
      app.get('/', wrap(handler))
      app.get('/', (_req, res) => void res.send('the next handler'))
      app.use(renderErrors())
      const errors = errorsOf(app)
      return { url: await serve(app), errors }
    }

    it('is answered as an error of this library says', async () => {
      const { url } = await failing(async () => Promise.reject(refusal()))
      const answer = await fetch(url)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token')
    })

    it('has its own errors answered by the application', async () => {
      const { url, errors } = await failing(async () => Promise.reject(new Error('own')))
      expect((await fetch(url)).status).toBe(500)
      expect(errors).toMatchObject([{ message: 'own' }])
    })

    it('may throw before its first wait', async () => {
      const { url } = await failing(() => {
        throw refusal()
      })
      expect((await fetch(url)).status).toBe(401)
    })

    it.each<unknown>([undefined, null, 0])('is answered when it rejects with %j', async (reason) => {
      const { url } = await failing(async () => {
        await Promise.resolve()
        throw reason
      })
      expect((await fetch(url)).status).toBe(500)
    })

    it('may leave the answer to the next handler', async () => {
      const { url } = await failing((_req, _res, next) => {
        next()
      })
      expect(await (await fetch(url)).text()).toBe('the next handler')
    })

    it('that fails in the middle of its answer has the connection closed, so that nobody takes half of it for all', async () => {
      const failure = deferred<undefined>()
      const { url, errors } = await failing(async (_req, res) => {
        res.write('half')
        await failure.promise
      })
      const answer = await fetch(url)
      failure.reject(refusal())
      await expect(answer.text()).rejects.toThrow()
      expect(errors).toMatchObject([{ reason: 'expired' }])
    })

    it('that fails after its answer changes nothing of that', async () => {
      const failure = deferred<undefined>()
      const { url, errors } = await failing(async (_req, res) => {
        res.send('all')
        await failure.promise
      })
      expect(await (await fetch(url)).text()).toBe('all')
      failure.reject(refusal())
      await settle()
      expect(errors).toMatchObject([{ reason: 'expired' }])
      expect(await (await fetch(url)).text()).toBe('all')
    })

    it('that fails when its client has gone is answered to nobody', async () => {
      const arrived = deferred<Response>()
      const failure = deferred<undefined>()
      const { url, errors } = await failing(async (_req, res) => {
        arrived.resolve(res)
        await failure.promise
      })
      const client = begin(url)
      const response = await arrived.promise
      const closed = new Promise((resolve) => response.once('close', resolve))
      client.destroy()
      await closed
      failure.reject(refusal())
      await settle()
      expect(response.headersSent).toBe(false)
      expect(errors).toEqual([])
    })
  })
})

describe('outside of Express, where nobody catches what next throws', () => {
  const fakeRequest = { headers: {} } as unknown as Request
  const fakeResponse = (destroy: () => void = () => undefined): Response =>
    ({ destroy, headersSent: false }) as unknown as Response

  it('protect hands the error to next, once', async () => {
    const next = vi.fn((error?: unknown) => {
      if (error === undefined) throw new Error('of the handler')
    })
    const admit = protect(standIn(() => Promise.resolve(someCaller)))
    admit(fakeRequest, fakeResponse(), next as NextFunction)
    await settle()
    expect(next.mock.calls).toMatchObject([[], [{ message: 'of the handler' }]])
  })

  it('the client is not left waiting when every error handler fails, and it is said aloud', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue()
    try {
      const destroy = vi.fn()
      const response = fakeResponse(destroy)
      const next = (): never => {
        throw new Error('again')
      }
      protect(standIn(() => Promise.reject(new Error('first'))))(fakeRequest, response, next)
      handle(() => Promise.reject(new Error('first')))(fakeRequest, response, next)
      await settle()
      expect(destroy).toHaveBeenCalledTimes(2)
      expect(said).toHaveBeenCalledTimes(2)
    } finally {
      said.mockRestore()
    }
  })

  it('handle forwards a rejection once', async () => {
    const next = vi.fn()
    handle(async () => Promise.reject(refusal()))(fakeRequest, fakeResponse(), next)
    await settle()
    expect(next).toHaveBeenCalledOnce()
  })
})
