// What Express answers by itself when a handler throws an error of this library and nobody put `renderErrors()` behind it.
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AuthorityUnavailableError,
  BearerError,
  ConfigurationError,
  DownstreamError,
  InteractionRequiredError,
  type MidtierError,
} from '../../src/index.ts'
import { handle, protect, renderErrors } from '../../src/adapters/express.ts'
import { flavours } from './express-flavours.ts'
import { endNoProcess, serve, someCaller, standIn } from './express-server.ts'

endNoProcess()

const said = vi.fn()
beforeEach(() => {
  said.mockReset()
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(said)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const letsIn = standIn(() => Promise.resolve(someCaller))

const facts = { error: 'interaction_required', errorNumbers: [], status: 400, scopes: ['User.Read'] }
const refusal = {
  status: 401,
  error: 'invalid_token',
  reason: 'signature',
  description: 'not genuine',
} as const

/** What is thrown, and the status with which `renderErrors()` answers it. */
const thrown: readonly (readonly [MidtierError, number])[] = [
  [new BearerError(refusal), 401],
  [new InteractionRequiredError('sign in', 'sign_in_required', facts), 401],
  [new ConfigurationError('option', 'is wrong'), 500],
  [new DownstreamError('todolist', 'answered 404', 404), 404],
  [new DownstreamError('todolist', 'did not answer', undefined), 502],
  [new AuthorityUnavailableError('down', 7), 503],
]

describe.each(flavours)('without renderErrors(), $name', ({ express, wrap }) => {
  it.each(thrown)(
    'is answered by a page without a challenge, with 500 or the status of a BearerError, and is not logged, but for what handle says: %s',
    async (error, status) => {
      const ofHandle = wrap === handle ? 1 : 0 // it has seen the application
      const app = express()
      app.get(
        '/',
        wrap(() => Promise.reject(error)),
      )
      const bare = await fetch(await serve(app))
      expect(bare.status).toBe(error instanceof BearerError ? 401 : 500)
      expect(bare.headers.get('content-type')).toMatch(/^text\/html/)
      for (const name of ['www-authenticate', 'retry-after']) expect(bare.headers.get(name)).toBeNull()
      expect(await bare.text()).toMatch(new RegExp(`${error.message}<br> &nbsp; &nbsp;at `)) // the stack
      expect(said).toHaveBeenCalledTimes(ofHandle)
      app.use(renderErrors())
      const rendered = await fetch(await serve(app))
      expect(rendered.status).toBe(status)
      expect(rendered.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(said).toHaveBeenCalledTimes(ofHandle + (status < 500 ? 0 : 1))
    },
  )

  it('is said once, by the first request that is protected', async () => {
    const app = express()
    const router = express.Router()
    router.get('/', protect(letsIn), (_req, res) => void res.end())
    app.use(router)
    const url = await serve(app)
    for (let turn = 0; turn < 2; turn++) expect((await fetch(url)).status).toBe(200)
    expect(said.mock.calls).toEqual([[expect.stringContaining('write app.use(renderErrors())')]])
  })

  it.each(['an application', 'a router', 'a route', 'the application around'])(
    'is not said where %s has an error handler',
    async (place) => {
      const ours = renderErrors()
      const outer = express()
      const app = express()
      const router = express.Router()
      const end: RequestHandler = (_req, res) => void res.end()
      if (place === 'a route') router.get('/', protect(letsIn), end, ours)
      else router.get('/', protect(letsIn), end)
      if (place === 'a router') router.use(ours)
      app.use(router)
      if (place === 'an application') app.use(ours)
      outer.use(app)
      if (place === 'the application around') outer.use(ours)
      expect((await fetch(await serve(outer))).status).toBe(200)
      expect(said).not.toHaveBeenCalled()
    },
  )

  it.each(['in front of the routes', 'in front of a router', 'in front of what protects the rest'])(
    'is said where it stands %s, and nothing behind',
    async (place) => {
      const app = express()
      const end: RequestHandler = (_req, res) => void res.end()
      app.use(renderErrors())
      if (place.includes('routes')) app.get('/', protect(letsIn), end)
      else if (place.includes('router')) app.use(express.Router().get('/', protect(letsIn), end))
      else app.use(protect(letsIn)).get('/', end)
      const url = await serve(app)
      for (let turn = 0; turn < 2; turn++) expect((await fetch(url)).status).toBe(200)
      expect(said.mock.calls).toEqual([[expect.stringContaining('renderErrors()) behind the routes')]])
    },
  )

  describe('an error handler of the application in front of renderErrors()', () => {
    const asking = new InteractionRequiredError('sign in', 'sign_in_required', facts)
    const missing = new DownstreamError('todolist', 'answered 404', 404)

    async function ask(error: Error, own: ErrorRequestHandler, place = 'app'): Promise<Response> {
      const app = express()
      const router = express.Router()
      const fail = wrap(() => Promise.reject(error))
      if (place === 'route') router.get('/', protect(letsIn), fail, own)
      else router.get('/', protect(letsIn), fail)
      if (place === 'router') router.use(own)
      app.use(router)
      if (place === 'app') app.use(own)
      app.use(renderErrors())
      const url = await serve(app)
      await fetch(url)
      return fetch(url)
    }

    it.each(['app', 'router', 'route'])(
      'is told once that it takes challenges away: of the %s',
      async (place) => {
        const answered = await ask(asking, (_error, _req, res, _next) => void res.status(500).json({}), place)
        expect([answered.status, answered.headers.get('www-authenticate')]).toEqual([500, null]) // it is the application's
        expect(said.mock.calls).toEqual([[expect.stringContaining('took the challenge of an error away')]])
      },
    )

    it.each<[string, Error, ErrorRequestHandler, number]>([
      [
        'lets errors pass',
        asking,
        (error, _req, _res, next) => {
          next(error)
        },
        401,
      ],
      [
        'lets them pass later',
        asking,
        (error, _req, _res, next) => {
          setImmediate(next, error)
        },
        401,
      ],
      [
        'challenges by itself',
        asking,
        (_error, _req, res, _next) => void res.status(401).set('WWW-Authenticate', 'Bearer').end(),
        401,
      ],
      ['answers what has no challenge', missing, (_error, _req, res, _next) => void res.sendStatus(404), 404],
      [
        'answers errors of others',
        new RangeError('own'),
        (_e, _req, res, _next) => void res.sendStatus(418),
        418,
      ],
    ])('is told nothing when it %s', async (_, error, own, status) => {
      expect((await ask(error, own)).status).toBe(status)
      expect(said).not.toHaveBeenCalled()
    })
  })
})
