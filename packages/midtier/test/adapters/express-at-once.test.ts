// A request whose token is remembered goes on at once, in every version of Express; and only where there is somebody to answer.
import type { ErrorRequestHandler, Request, Response } from 'express'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { findCaller, protect, renderErrors } from '../../src/adapters/express.ts'
import { createWebApi, type WebApi } from '../../src/index.ts'
import { createClock, createFakeAuthority, serveEntra } from '../authority/fake-authority.ts'
import { clientId, createSigner, signToken, tenantId, userClaims } from '../jwt/token-builder.ts'
import { flavours } from './express-flavours.ts'
import { begin, deferred, endNoProcess, serve, settle } from './express-server.ts'

const signer = createSigner('key-1')
const authorization = `Bearer ${signToken({ claims: userClaims(), signer })}`
const signedIn = { headers: { authorization } }
let api: WebApi

beforeAll(async () => {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  api = createWebApi({ tenantId, clientId, fetch: authority.fetch, clock: createClock() })
  const header = (name: string) => (name === 'authorization' ? authorization : undefined)
  for (let use = 0; use < 2; use++) await api.authenticate({ header, method: 'GET', url: '/' })
})

endNoProcess()

describe.each(flavours)('$name', ({ express }) => {
  it('runs the handler before protect comes back, as whom the API is called', async () => {
    const app = express()
    const steps: string[] = []
    const admit = protect(api, { scopes: ['access_as_user'] })
    app.use((req, res, next) => {
      admit(req, res, next)
      steps.push('back')
    })
    app.get('/', (req, res) => {
      steps.push(req.caller.principal.tenantId)
      res.send('handled')
    })
    expect(await (await fetch(await serve(app), signedIn)).text()).toBe('handled')
    expect(steps).toEqual([tenantId, 'back'])
  })

  it('has no caller any more where a second protect refuses', async () => {
    const app = express()
    const found: unknown[] = []
    app.use((req, res, next) => {
      res.on('finish', () => found.push(findCaller(req)))
      next()
    })
    app.get('/', protect(api), protect(api, { scopes: ['other'] }))
    app.use(renderErrors())
    expect((await fetch(await serve(app), signedIn)).status).toBe(403)
    await vi.waitFor(() => {
      expect(found).toEqual([undefined])
    })
  })

  it('refuses two fields, whichever of them is good', async () => {
    const app = express()
    const handled = vi.fn((_req: Request, res: Response) => void res.send('handled'))
    app.get('/', protect(api), handled)
    const url = await serve(app)
    const status = new Promise((resolve) => {
      begin(url, ['host', 'api', 'authorization', authorization, 'authorization', 'Bearer x']).on(
        'response',
        (answer) => {
          resolve(answer.resume().statusCode)
        },
      )
    })
    expect(await status).toBe(400)
    expect(handled).not.toHaveBeenCalled()
  })

  it('passes on what the handler throws, as Express does', async () => {
    const app = express()
    app.get('/', protect(api), () => {
      throw new RangeError('of the handler')
    })
    app.use(((error, _req, res, _next) => void res.status(500).send(String(error))) as ErrorRequestHandler)
    expect(await (await fetch(await serve(app), signedIn)).text()).toBe('RangeError: of the handler')
  })

  it('goes no further where somebody has answered already', async () => {
    const app = express()
    app.use((_req, res, next) => {
      res.send('answered')
      next()
    })
    const handled = vi.fn()
    app.get('/', protect(api), handled)
    expect(await (await fetch(await serve(app), signedIn)).text()).toBe('answered')
    await settle()
    expect(handled).not.toHaveBeenCalled()
  })

  it('goes no further where the client has gone', async () => {
    const app = express()
    const arrived = deferred<undefined>()
    const passed = deferred<undefined>()
    app.use((_req, res, next) => {
      res.once('close', () => {
        next()
        passed.resolve(undefined)
      })
      arrived.resolve(undefined)
    })
    const handled = vi.fn()
    app.get('/', protect(api), handled)
    const client = begin(await serve(app), { authorization })
    await arrived.promise
    client.destroy()
    await passed.promise
    await settle()
    expect(handled).not.toHaveBeenCalled()
  })
})
