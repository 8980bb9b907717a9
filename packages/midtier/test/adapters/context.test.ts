// The current caller: found below a handler without being handed on, never another request's, and nothing at all where it is off.
import { AsyncLocalStorage } from 'node:async_hooks'
import express5 from 'express'
import { describe, expect, it, vi } from 'vitest'
import {
  currentCaller,
  findCurrentCaller,
  runWithCaller,
  runWithoutCaller,
} from '../../src/adapters/context.ts'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import type { Caller } from '../../src/index.ts'
import { authorization, createApi, createWays, places, users } from './context-ways.ts'
import { flavours } from './express-flavours.ts'
import { deferred, endNoProcess, serve } from './express-server.ts'

endNoProcess()

it('is kept under a name that every copy of this package has', () => {
  const shared = globalThis as unknown as Readonly<Record<symbol, unknown>>
  const name = Symbol.for('midtier.current-caller')
  expect(runWithCaller({} as unknown as Caller, () => shared[name])).toBeInstanceOf(AsyncLocalStorage)
})

describe.each(flavours)('the current caller in $name', ({ express, wrap }) => {
  it('is that of the request, in each of 200 that are served at once, whichever way the code goes on', async () => {
    const api = createApi(runWithCaller)
    const go = createWays(users.length)
    const app = express()
    app.post(
      '/',
      protect(api),
      express.json(),
      wrap(async (req, res) => {
        res.json({ ...(await go()), body: (req.body as { oid: string }).oid })
      }),
    )
    app.use(renderErrors())
    const url = await serve(app)
    const answers = await Promise.all(
      users.map(async (oid) => {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { ...authorization(oid), 'content-type': 'application/json' },
          body: JSON.stringify({ oid }),
        })
        return (await answer.json()) as Record<string, string>
      }),
    )
    answers.forEach((answer, index) => {
      expect(Object.keys(answer)).toHaveLength(places + 1)
      expect(new Set(Object.values(answer))).toEqual(new Set([users[index]]))
    })
    expect(findCurrentCaller()).toBeUndefined()
  })

  it('is there for the error handlers of the request, and gone for the next one without protect', async () => {
    const api = createApi(runWithCaller)
    const app = express()
    const heard: unknown[] = []
    app.get('/fails', protect(api), () => {
      throw new Error('of a handler')
    })
    app.get('/public', (_req, res) => void res.json(findCurrentCaller() ?? 'nobody'))
    app.use(((_error, _req, res, _next) => {
      heard.push(findCurrentCaller()?.principal.objectId)
      res.status(500).end()
    }) satisfies express5.ErrorRequestHandler)
    const url = await serve(app)
    await fetch(`${url}/fails`, { headers: authorization(users[7]!) })
    expect(heard).toEqual([users[7]])
    expect(await (await fetch(`${url}/public`)).json()).toBe('nobody')
  })

  it('is missed with a clear error where nothing has entered a context, and rendered without details', async () => {
    const app = express()
    const told: unknown[] = []
    app.get(
      '/',
      protect(createApi()),
      wrap(async (_req, res) => void res.json(currentCaller().account)),
    )
    app.use(((error, _req, _res, next) => {
      told.push(error)
      next(error)
    }) satisfies express5.ErrorRequestHandler)
    app.use(renderErrors())
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const answer = await fetch(await serve(app), { headers: authorization(users[0]!) })
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('protect')
    expect(told).toEqual([
      expect.objectContaining({ option: 'currentCaller', code: 'configuration_invalid' }),
    ])
    expect(String(told[0])).toMatch(/put protect\(api\) in front/)
  })
})

describe('work around requests', () => {
  const caller = { principal: { objectId: 'ada' } } as unknown as Caller

  it('has a caller where it says whose it is, and the one around it again afterwards', () => {
    const other = { principal: { objectId: 'bob' } } as unknown as Caller
    runWithCaller(caller, () => {
      expect(runWithCaller(other, () => currentCaller())).toBe(other)
      expect(currentCaller()).toBe(caller)
      expect(runWithoutCaller(() => findCurrentCaller())).toBeUndefined()
      expect(() => runWithoutCaller(currentCaller)).toThrow(/AsyncResource\.bind/)
    })
    expect(findCurrentCaller()).toBeUndefined()
  })

  it('that outlives a request keeps its caller, unless it is begun without one', async () => {
    const later = deferred<undefined>()
    const [kept, without] = runWithCaller(caller, () => [
      later.promise.then(findCurrentCaller),
      runWithoutCaller(() => later.promise.then(findCurrentCaller)),
    ])
    later.resolve(undefined)
    expect(await Promise.all([kept, without])).toEqual([caller, undefined])
  })

  it('is refused without a caller', () => {
    expect(() => runWithCaller(undefined as unknown as Caller, () => undefined)).toThrow('given no caller')
  })

  it('shares the context with other copies of the package', async () => {
    vi.resetModules()
    const copy = await import('../../src/adapters/context.ts')
    expect(copy.runWithCaller).not.toBe(runWithCaller)
    expect(copy.runWithCaller(caller, () => currentCaller())).toBe(caller)
  })
})

describe('what stands in for runWithCaller', () => {
  it('is another context of the application', async () => {
    const own = new AsyncLocalStorage<string>()
    const api = createApi((caller, work) => own.run(`of ${caller.principal.objectId ?? ''}`, work))
    const app = express5()
    app.get('/', protect(api), (_req, res) => void res.json(own.getStore()))
    const answer = await fetch(await serve(app), { headers: authorization(users[3]!) })
    expect(await answer.json()).toBe(`of ${users[3] ?? ''}`)
  })
})
