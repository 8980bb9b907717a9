// The answers that adapters have in common, and what they make of a request: on both sides of every limit.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkAnswer, webRequest } from '../../../src/adapters/shared/web-exchange.ts'
import { checkApi, checkHandler, misplaced, refuseArguments } from '../../../src/adapters/shared/check-use.ts'
import { createHealthAnswers, type ServeHealthOptions } from '../../../src/adapters/shared/health-answer.ts'
import { missingProtect, readsMissingCaller } from '../../../src/adapters/shared/missing-caller.ts'
import { addHeaders } from '../../../src/adapters/shared/outgoing-response.ts'
import { pathOf } from '../../../src/adapters/shared/plain-answer.ts'
import { rawHeader } from '../../../src/adapters/shared/raw-header.ts'
import type { WebApi } from '../../../src/index.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it.each([
  ['/todos', '/todos'],
  ['/todos?a=b', '/todos'],
  ['/todos#a', '/todos'],
  ['/', '/'],
  ['https://api.example/todos?a', '/todos'],
  ['https://api.example/?a', '/'],
  ['http://[::1]:8080/a/b', '/a/b'],
  ['/todos?a\nb', '/todos'],
])('the path of %s is %s', (url, path) => {
  expect(pathOf(url)).toBe(path)
})

describe('a handler that reads a caller who is not there', () => {
  const read = (message: string): boolean => readsMissingCaller(new TypeError(message))

  it.each([
    'principal',
    'account',
    'downstream',
    'fetch',
    'relayed',
    'acquireToken',
    'acquireTokenSilent',
    'acquireTokenOnBehalfOf',
  ])('is known by %s', (member) => {
    expect(read(`Cannot read properties of undefined (reading '${member}')`)).toBe(true)
    expect(read(`Cannot destructure property '${member}' of 'req.caller' as it is undefined.`)).toBe(true)
  })

  it.each([
    "Cannot read properties of undefined (reading 'name')",
    "Cannot read properties of null (reading 'principal')",
    "Cannot destructure property 'name' of 'x' as it is undefined.",
    'x is not a function',
    '',
  ])('is not known by %j', (message) => {
    expect(read(message)).toBe(false)
  })

  it('throws a TypeError, and nothing else does', () => {
    expect(readsMissingCaller(new Error("Cannot read properties of undefined (reading 'principal')"))).toBe(
      false,
    )
    expect(readsMissingCaller(undefined)).toBe(false)
  })

  it('is told where, as far as that is known', () => {
    const place = { name: 'req.caller', remedy: 'write it' }
    const cause = new TypeError('x')
    expect(missingProtect(place, 'GET', '/todos')).toMatchObject({
      option: 'req.caller',
      message: 'req.caller: is read on GET /todos without protect in front: write it',
    })
    const told = missingProtect(place, 'GET', undefined, cause)
    expect(told.message).toBe('req.caller: is read on a GET request without protect in front: write it')
    expect((told.cause as Error).message).toBe('x')
    expect('cause' in missingProtect(place, 'GET', undefined)).toBe(false)
  })
})

describe('headers of an answer that is passed on', () => {
  const added = (headers: Record<string, string>, said: Record<string, string | string[]>) => {
    const all: Record<string, unknown> = { ...said }
    addHeaders(new Headers(headers), {
      get: (name) => said[name],
      set: (name, value) => void (all[name] = value),
    })
    return all
  }

  it.each<[Record<string, string>, Record<string, string | string[]>, Record<string, unknown>]>([
    [{ etag: 'a', 'content-type': 'b' }, {}, { etag: 'a', 'content-type': 'b' }],
    [{ etag: 'a' }, { etag: 'b' }, { etag: 'a' }],
    [{ vary: 'Accept' }, {}, { vary: 'Accept' }],
    [{ vary: 'Accept' }, { vary: 'Origin' }, { vary: 'Origin, Accept' }],
    [{ vary: 'Accept' }, { vary: ['Origin', 'Host'] }, { vary: 'Origin,Host, Accept' }],
    [{ 'cache-control': 'max-age=9' }, {}, { 'cache-control': 'max-age=9' }],
    [{ 'cache-control': 'max-age=9' }, { 'cache-control': 'private' }, { 'cache-control': 'max-age=9' }],
    [
      { 'cache-control': 'max-age=9' },
      { 'cache-control': 'private, No-Store' },
      { 'cache-control': 'private, No-Store' },
    ],
    [{ etag: 'a' }, { 'cache-control': 'no-store' }, { etag: 'a', 'cache-control': 'no-store' }],
  ])('%j beside %j are %j', (headers, said, all) => {
    expect(added(headers, said)).toEqual(all)
  })
})

describe('a header of a Node request', () => {
  it.each([
    [{ headers: { authorization: 'b' } }, 'b'],
    [{ headers: { authorization: 'b' }, rawHeaders: ['Authorization', 'a'] }, 'b'],
    [
      { headers: { authorization: 'a' }, rawHeaders: ['Authorization', 'a', 'authorization', 'b'] },
      ['a', 'b'],
    ],
    [
      {
        headers: { authorization: 'a' },
        rawHeaders: ['AUTHORIZATION', 'a', 'x', 'y', 'Authorization', 'b', 'authorization', 'c'],
      },
      ['a', 'b', 'c'],
    ],
    [{ headers: {}, rawHeaders: ['Authorization', 'a'] }, undefined],
    [{ headers: {}, rawHeaders: ['Authorizations', 'a', 'authorizatiom', 'b'] }, undefined],
    [{ headers: {} }, undefined],
  ])('of %j is %j', (request, value) => {
    expect(rawHeader(request, 'Authorization')).toEqual(value)
  })
})

describe('what a handler gives', () => {
  it.each([[new Response()], [{ status: 200 }]])('may be an answer', (answer) => {
    expect(checkAnswer(answer)).toBe(answer)
  })

  it.each([
    [undefined, 'gave nothing, as one without its return does: return a Response'],
    ['text', 'gave a string: return a Response'],
    [null, 'gave a object: return a Response'],
    [7, 'gave a number: return a Response'],
  ])('is not %j', (answer, message) => {
    expect(() => checkAnswer(answer)).toThrow(`handler: ${message}`)
  })

  it('answers a request with method, URL and headers', () => {
    const request = new Request('https://api.example/a?b', { method: 'PUT', headers: { accept: 'c' } })
    const { method, url } = webRequest(request)
    expect([method, url, webRequest(request).header('accept')]).toEqual([
      'PUT',
      'https://api.example/a?b',
      'c',
    ])
  })
})

describe('an adapter that is used wrong', () => {
  it.each<[() => unknown, string]>([
    [() => checkApi(undefined, 'protect(api)'), 'api: is not what createWebApi gives: write protect(api)'],
    [() => checkApi({ authenticate: 7 } as never, 'x'), 'api: is not what createWebApi gives: write x'],
    [
      () => checkHandler(undefined, 'handle(async () => { … })'),
      'handle: takes a handler: write handle(async () => { … })',
    ],
    [
      () => refuseArguments([1], 'renderErrors()'),
      'renderErrors: was handed over without being called: write renderErrors()',
    ],
    [
      () => {
        throw misplaced('protect', 'a hook', 'app.addHook()')
      },
      'protect: is a hook, and is used as something else: write app.addHook()',
    ],
  ])('is told how: %#', (work, message) => {
    expect(work).toThrow(message)
  })

  it('and one that is used right is not', () => {
    checkApi({ authenticate: () => undefined as never }, 'x')
    checkHandler(() => undefined, 'x')
    refuseArguments([], 'x')
  })
})

describe('answers to probes', () => {
  interface Stage {
    readonly health?: () => unknown
    readonly warmUp?: () => Promise<void>
  }
  const ready = { ready: true, issuers: [] }
  const answers = (
    options?: ServeHealthOptions,
    { health = () => ready, warmUp = () => Promise.resolve() }: Stage = {},
  ) => createHealthAnswers({ authenticate: () => undefined, health, warmUp } as unknown as WebApi, options)
  const issuers = (...retryAfterMs: readonly number[]): object => ({
    ready: false,
    issuers: [
      { ready: true, retryAfterMs: 1 },
      ...retryAfterMs.map((ms) => ({ ready: false, retryAfterMs: ms })),
    ],
  })

  it.each<[unknown, string]>([
    [{ path: 'readyz' }, 'serveHealth.path: has to be a path that begins with a slash'],
    [{ path: '/a?b' }, 'serveHealth.path: has to be a path'],
    [{ path: '/a:b' }, 'serveHealth.path: has to be a path'],
    [{ path: '/a b' }, 'serveHealth.path: has to be a path'],
    [{ path: 7 }, 'serveHealth.path: has to be a path'],
    [{ livenessPath: '*' }, 'serveHealth.livenessPath: has to be a path'],
    [{ livenessPath: '/readyz' }, 'serveHealth.livenessPath: is the path of readiness'],
    [{ path: '/x', livenessPath: '/x' }, 'serveHealth.livenessPath: is the path of readiness'],
    [{ isReady: true }, 'serveHealth.isReady: has to be a function'],
    [{ ready: '/x' }, 'serveHealth.ready: unknown option'],
  ])('are refused the options %j', (options, message) => {
    expect(() => answers(options as ServeHealthOptions)).toThrow(message)
  })

  it('are at their two paths alone, for GET and HEAD', () => {
    const { answer, paths } = answers()
    expect(paths).toEqual(['/readyz', '/livez'])
    expect(answer('GET', '/')).toBeUndefined()
    const noStore = { 'cache-control': 'no-store' }
    const json = { ...noStore, 'content-type': 'application/json; charset=utf-8' }
    for (const method of ['GET', 'HEAD']) {
      expect(answer(method, '/readyz')).toEqual({ status: 200, headers: json, body: '{"ready":true}' })
      expect(answer(method, '/livez')).toEqual({ status: 200, headers: json, body: '{"alive":true}' })
    }
    expect(answer('POST', '/livez')).toEqual({
      status: 405,
      headers: { ...noStore, allow: 'GET, HEAD' },
      body: undefined,
    })
    expect(answers({ path: '/', livenessPath: '/alive/now' }).paths).toEqual(['/', '/alive/now'])
  })

  it.each<[string, () => unknown, (() => boolean) | undefined, string[], string]>([
    ['keys', () => issuers(7_000, 2_001), undefined, ['signing_keys'], '3'],
    ['keys that may be had now', () => issuers(0), undefined, ['signing_keys'], '1'],
    ['no issuer', () => ({ ready: false, issuers: [] }), undefined, ['signing_keys'], '1'],
    ['the application', () => ready, () => false, ['application'], '5'],
    ['both', () => issuers(2_000), () => false, ['signing_keys', 'application'], '2'],
    [
      'options that are wrong',
      () => {
        throw new Error('clientId')
      },
      () => false,
      ['configuration', 'application'],
      '5',
    ],
    ['an answer that is none', () => ready, () => 'yes' as never, ['application'], '5'],
    ['a promise', () => ready, () => Promise.resolve(true) as never, ['application'], '5'],
  ])('name what is missing: %s', (_what, health, isReady, reasons, retryAfter) => {
    vi.spyOn(console, 'error').mockReturnValue()
    const given = answers({ isReady }, { health }).answer('GET', '/readyz')
    expect(given?.status).toBe(503)
    expect(JSON.parse(given?.body ?? '')).toEqual({ ready: false, reasons })
    expect(given?.headers['retry-after']).toBe(retryAfter)
  })

  it('have what is missing fetched, by one at a time, and not while the authority is to be left alone', async () => {
    const warmUp = vi.fn(() => Promise.reject(new Error('down')))
    let waits = [0]
    const { answer } = answers({}, { health: () => issuers(...waits), warmUp })
    answer('GET', '/readyz')
    answer('GET', '/readyz')
    expect(warmUp).toHaveBeenCalledTimes(1)
    await new Promise((resolve) => setImmediate(resolve))
    answer('GET', '/readyz')
    expect(warmUp).toHaveBeenCalledTimes(2)
    await new Promise((resolve) => setImmediate(resolve))
    waits = [1]
    answer('GET', '/readyz')
    answer('GET', '/livez')
    expect(warmUp).toHaveBeenCalledTimes(2)
  })

  it('print why the application failed to say, once until it is another reason', () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue()
    let why = 'one'
    const isReady = (): boolean => {
      throw new Error(why)
    }
    const { answer } = answers({ isReady })
    answer('GET', '/readyz')
    answer('GET', '/readyz')
    why = 'two'
    answer('GET', '/readyz')
    expect(printed.mock.calls.map(([what]) => what as unknown)).toEqual([
      'midtier: the probe of readiness failed:',
      'midtier: the probe of readiness failed:',
    ])
  })
})
