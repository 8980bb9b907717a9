import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AuthorityUnavailableError } from '../../../src/kernel/errors/errors.ts'
import {
  HttpError,
  parseRetryAfter,
  readRetryAfter,
  sendHttp,
  type HttpRequest,
} from '../../../src/kernel/http/http.ts'
import { printed, throwItsRequest } from '../printed.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  timeoutMs: 10_000,
  maxResponseBytes: 1000,
  ...more,
})

async function failure(request: HttpRequest): Promise<unknown> {
  return sendHttp(fetch, request).then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('a request to an authority', () => {
  it('gives status, headers and text, whatever the status', async () => {
    const url = await serve((_, response) =>
      response.writeHead(400, { 'x-ms-request-id': 'r1' }).end('{"error":"é"}'),
    )
    const answer = await sendHttp(fetch, get(url))
    expect([answer.status, answer.headers.get('x-ms-request-id'), answer.text]).toEqual([
      400,
      'r1',
      '{"error":"é"}',
    ])
  })

  it('reads as much as it may, and not a byte more', async () => {
    const send = (maxResponseBytes: number): Promise<{ readonly text: string }> =>
      sendHttp(() => Promise.resolve(new Response('12345')), get('https://a.example', { maxResponseBytes }))
    expect((await send(5)).text).toBe('12345')
    await expect(send(4)).rejects.toMatchObject({ kind: 'too_large' })
  })

  it('says what failed without what was sent, and no code where there is none', async () => {
    const body = 'pin=1234'
    const throwing = (): Promise<never> => Promise.reject(new TypeError(`cannot send ${body}`))
    const error: unknown = await sendHttp(
      throwing,
      get('https://a.example/', { method: 'POST', body }),
    ).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      message: 'a.example could not be reached',
      cause: { message: 'cannot send [redacted]' },
    })
  })

  it('gives no text where there is no body', async () => {
    const answer = await sendHttp(
      () => Promise.resolve(new Response(null, { status: 204 })),
      get('https://a.example'),
    )
    expect([answer.status, answer.text]).toEqual([204, ''])
  })

  it('does not follow a redirect', async () => {
    let followed = 0
    const target = await serve((_, response) => {
      followed += 1
      response.end()
    })
    const url = await serve((_, response) => response.writeHead(307, { location: target }).end())
    expect(await failure(get(url))).toMatchObject({ kind: 'redirect' })
    expect(followed).toBe(0)
  })

  it.each([
    [{ status: 0, type: 'opaqueredirect' }, 'redirect'],
    [{ status: 300, type: 'default' }, 'redirect'],
    [{ status: 399 }, 'redirect'],
    [{ status: 304 }, 304],
    [{ status: 299 }, 299],
    [{ status: 400 }, 400],
  ])('takes %j of a fetch for what it is', async (members, outcome) => {
    let cancelled = 0
    const body = { cancel: () => Promise.resolve(void (cancelled += 1)) }
    const isRedirect = outcome === 'redirect'
    const given = { headers: new Headers(), body: isRedirect ? body : null, ...members }
    const answered = await sendHttp(() => Promise.resolve(given), get('https://id.example/')).catch(
      (error: unknown) => error as HttpError,
    )
    expect(answered instanceof HttpError ? answered.kind : answered.status).toBe(outcome)
    expect(cancelled).toBe(isRedirect ? 1 : 0)
  })

  it('stops reading an answer that is too long', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(5000)))
    expect(await failure(get(url))).toMatchObject({ kind: 'too_large' })
  })

  it('gives up when the time is up', async () => {
    const url = await serve(() => undefined)
    expect(await failure(get(url, { timeoutMs: 30 }))).toMatchObject({ kind: 'timeout' })
  })

  it('tells a broken connection from a time-out, and names the host alone', async () => {
    const url = await serve((request) => request.socket.destroy())
    const error = await failure(get(`${url}secret-path?token=abc`))
    expect(error).toBeInstanceOf(HttpError)
    expect(error).toMatchObject({ kind: 'network' })
    expect((error as Error).message).not.toContain('abc')
  })

  it('leaves what it sent out of its errors when a `fetch` of ones own puts the request into them', async () => {
    const request = get('https://login.example/token', {
      method: 'POST',
      headers: { authorization: 'Basic c2hvcnQ=', 'x-identity-header': 'hunter22' },
      body: 'client_secret=p%26ss+word&assertion=opaque-assertion&grant_type=x',
    })
    const error = await sendHttp(throwItsRequest, request).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'network', cause: { code: 'ECONNRESET' } })
    for (const outward of [error, new AuthorityUnavailableError('x', 1, { cause: error })] as Error[])
      expect(printed(outward)).not.toMatch(/c2hvcnQ|hunter22|p%26ss|p&ss|opaque-assertion/)
  })

  it.each([
    ['a value of the form', 'refused opaque-assertion of x'],
    ['one as it was encoded', 'refused opaque%2Fassertion of x'],
    ['a credential of a header', 'refused hunter22 of x'],
  ])('leaves %s out of an error that tells it alone, and short words in', async (_what, message) => {
    const request = get('https://login.example/token', {
      method: 'POST',
      headers: { 'x-identity-header': 'hunter22' },
      body: 'assertion=opaque-assertion&refresh_token=opaque%2Fassertion&grant_type=x',
    })
    const refuse = (): Promise<never> => Promise.reject(new Error(message))
    const { cause } = (await sendHttp(refuse, request).catch((thrown: unknown) => thrown)) as Error
    expect(String(cause)).toMatch(/refused (?!opaque|hunter).* of x$/)
  })

  it('lets the connection go when the caller gives up, at once and not when the time is up', async () => {
    const impatient = new AbortController()
    let seen: AbortSignal | undefined
    const neverAnswers = (_url: string | URL, init?: RequestInit): Promise<Response> =>
      new Promise((_resolve, reject) => {
        seen = init?.signal ?? undefined
        seen?.addEventListener('abort', () => reject(new Error('the connection is closed')))
      })
    const waiting = sendHttp(neverAnswers, get('https://login.example/', { signal: impatient.signal }))
    expect(seen?.aborted).toBe(false)
    impatient.abort(new Error('gone'))
    expect(seen?.aborted).toBe(true)
    await expect(waiting).rejects.toThrow('gone')
  })

  it("throws the caller's own reason when the caller gives up", async () => {
    const url = await serve(() => undefined)
    const impatient = new AbortController()
    const waiting = failure(get(url, { signal: impatient.signal }))
    impatient.abort(new Error('gone'))
    expect(await waiting).toMatchObject({ message: 'gone' })
  })

  describe('by a `fetch` of ones own that does not listen to its signal', () => {
    const never = new Promise<never>(() => undefined)
    const silent = (): Promise<never> => never
    const hangsInTheBody = (): Promise<Response> => Promise.resolve(new Response(new ReadableStream()))
    const deaf = [
      ['never answers', silent],
      ['never ends its answer', hangsInTheBody],
    ] as const

    it.each(deaf)('gives up when the time is up, where it %s', async (_what, fetch) => {
      const waiting = sendHttp(fetch, get('https://login.example/', { timeoutMs: 30 }))
      await expect(waiting).rejects.toMatchObject({ name: 'HttpError', kind: 'timeout' })
    })

    it.each(deaf)('gives up when the caller does, where it %s', async (_what, fetch) => {
      const impatient = new AbortController()
      const waiting = sendHttp(fetch, get('https://login.example/', { signal: impatient.signal }))
      impatient.abort(new Error('gone'))
      await expect(waiting).rejects.toThrow('gone')
    })

    it('lets go of an answer that comes when nobody waits any more', async () => {
      let arrive: (response: Response) => void = () => undefined
      const late = new Promise<Response>((resolve) => (arrive = resolve))
      const waiting = sendHttp(() => late, get('https://login.example/', { timeoutMs: 30 }))
      await expect(waiting).rejects.toMatchObject({ kind: 'timeout' })
      const letGo = new Promise<void>((resolve) => {
        arrive(new Response(new ReadableStream({ cancel: () => resolve() })))
      })
      await letGo
    })
  })
})

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 0, 1)
  it.each([
    ['120', 120],
    [' 7 ', 7],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30],
    ['Thu, 01 Jan 2020 00:00:00 GMT', 0],
    ['999999', 3600],
    ['soon', undefined],
    ['-5', 0],
    ['', undefined],
    [null, undefined],
  ])('reads %j as %j seconds', (value, seconds) => {
    // A negative number is no delay; Date.parse reads '-5' as a date long past on V8.
    expect(parseRetryAfter(value, nowMs)).toBe(seconds)
  })

  describe('in an answer', () => {
    const inHalfAMinute = {
      date: 'Thu, 01 Jan 2026 00:00:00 GMT',
      'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT',
    }
    const day = 86_400_000
    it.each([
      ['of a clock that agrees', 0, inHalfAMinute, 30],
      ['while our clock is days ahead', 2 * day, inHalfAMinute, 30],
      ['while our clock is days behind', -2 * day, inHalfAMinute, 30],
      ['without a Date, by our clock', -30_000, { 'retry-after': inHalfAMinute['retry-after'] }, 60],
      ['with a Date that is none, by our clock', -30_000, { ...inHalfAMinute, date: 'today' }, 60],
      ['in seconds, which need no clock', 2 * day, { ...inHalfAMinute, 'retry-after': '17' }, 17],
      [
        'that is over by its own Date',
        -2 * day,
        { ...inHalfAMinute, date: 'Fri, 02 Jan 2026 00:00:00 GMT' },
        0,
      ],
      ['with a Date alone', 0, { date: inHalfAMinute.date }, undefined],
    ])('%s', (_how, wrongMs, headers, seconds) => {
      expect(readRetryAfter(new Headers(headers as Record<string, string>), nowMs + wrongMs)).toBe(seconds)
    })

    it('that never came', () => {
      expect(readRetryAfter(undefined, nowMs)).toBeUndefined()
    })
  })
})
