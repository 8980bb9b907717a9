// What Koa alone has: a state whose type knows the caller, other middlewares around, and headers that Koa takes away from errors.
import Router from '@koa/router'
import Koa from 'koa'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { protect, renderErrors, sendResponse } from '../../src/adapters/koa.ts'
import type { Caller } from '../../src/web-api/caller.ts'
import { BearerError, type WebApi } from '../../src/index.ts'
import { endNoProcess, someCaller, standIn } from './express-server.ts'
import { closeAll, keep, listen } from './matrix/listening.ts'

endNoProcess()
closeAll()

const letsIn = standIn(() => Promise.resolve(someCaller)) as WebApi<'todolist'>
const refusal = (): BearerError =>
  new BearerError({ status: 401, error: 'invalid_token', reason: 'expired', description: 'Expired' })

async function serve(app: Koa): Promise<{ readonly url: string; readonly told: readonly unknown[] }> {
  const told: unknown[] = []
  app.on('error', (error) => told.push(error))
  const callback = app.callback()
  const { url } = keep(await listen((req, res) => void callback(req, res)))
  return { url, told }
}

describe('ctx.state.caller', () => {
  it('has its type behind protect, in a chain and in a route, with the names of its downstream APIs', async () => {
    const app = new Koa()
    const router = new Router()
    router.get('/', protect(letsIn), (ctx) => {
      expectTypeOf(ctx.state.caller).toEqualTypeOf<Caller<'todolist'>>()
      // @ts-expect-error -- there is no such API
      const call = (): unknown => ctx.state.caller.downstream('todolits')
      ctx.body = typeof call
    })
    app.use(router.routes())
    app.use(protect(letsIn)).use((ctx) => {
      expectTypeOf(ctx.state.caller).toEqualTypeOf<Caller<'todolist'>>()
      ctx.body = ctx.state.caller.principal.kind
    })
    const { url } = await serve(app)
    expect(await (await fetch(url)).text()).toBe('function')
    expect(await (await fetch(`${url}/chain`)).text()).toBe('user')
  })
})

describe('around protect', () => {
  it('keeps the headers of a middleware in front, such as CORS, which Koa would take from an error', async () => {
    const app = new Koa()
    app.use(async (ctx, next) => {
      ctx.set('access-control-allow-origin', 'https://app.contoso.com')
      await next()
    })
    app.use(protect(standIn(() => Promise.reject(refusal()))))
    const { url, told } = await serve(app)
    const answer = await fetch(url)
    expect([answer.status, told]).toEqual([401, []])
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.contoso.com')
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token')
  })

  it('leaves an error of a handler to a middleware behind it first', async () => {
    const app = new Koa()
    app.use(renderErrors())
    app.use(protect(letsIn))
    app.use(async (ctx, next) => {
      await next().catch(() => {
        ctx.body = 'known'
      })
    })
    app.use(() => Promise.reject(refusal()))
    expect(await (await fetch((await serve(app)).url)).text()).toBe('known')
  })

  it('leaves the status of an error of others to Koa', async () => {
    const app = new Koa()
    app.use(renderErrors())
    app.use(protect(letsIn))
    app.use((ctx) => ctx.throw(418, 'short and stout'))
    const { url, told } = await serve(app)
    const answer = await fetch(url)
    expect([answer.status, await answer.text()]).toEqual([418, 'short and stout'])
    expect(told).toHaveLength(1)
  })
})

it('lets middlewares in front work on an answer that is passed on, and guesses no type for it', async () => {
  const app = new Koa()
  app.use(async (ctx, next) => {
    await next()
    ctx.set('x-seen', String(ctx.status))
  })
  app.use((ctx) => sendResponse(ctx, new Response(new Uint8Array([1]), { status: 203 })))
  const answer = await fetch((await serve(app)).url)
  expect([answer.status, answer.headers.get('x-seen'), answer.headers.get('content-type')]).toEqual([
    203,
    '203',
    null,
  ])
})
