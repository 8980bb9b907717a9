// Over real HTTP, with the platform's own fetch: bodies that are sent twice, answers that stream, and calls that are given up.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DownstreamBody } from '../../src/call/request/request-body.ts'
import { systemSleep } from '../../src/kernel/time/sleep.ts'
import { collect } from '../collect.ts'
import { callApi, failureOf, type CalledApi } from './called-api.ts'

const claims = btoa('{"access_token":{"nbf":{"essential":true,"value":"1"}}}')

let server: Server
let url: string
let visits: { readonly token: string; readonly type: string | undefined; readonly length: number }[] = []
let answer: (response: ServerResponse, visit: number) => void = () => undefined

async function visited(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let length = 0
  for await (const chunk of request) length += (chunk as Buffer).length
  const { authorization = '', 'content-type': type } = request.headers
  visits.push({ token: authorization, type, length })
  answer(response, visits.length)
}

const challengeFirst = (response: ServerResponse, visit: number): void => {
  if (visit > 1) response.end('{}')
  else
    response
      .writeHead(401, { 'www-authenticate': `Bearer error="insufficient_claims", claims="${claims}"` })
      .end()
}

beforeAll(async () => {
  server = createServer(
    (request, response) => void visited(request, response).catch(() => response.destroy()),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
beforeEach(() => {
  visits = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const overHttp = (more: Partial<Parameters<typeof callApi>[1]> = {}): CalledApi =>
  callApi([], { baseUrl: new URL(url), ...more }, { fetch: globalThis.fetch, sleep: systemSleep })

describe('a body over real HTTP', () => {
  const mebibyte = new Uint8Array(1024 * 1024).fill(65)

  it.each<[string, () => DownstreamBody]>([
    ['bytes', () => mebibyte],
    ['a Blob', () => new Blob([mebibyte])],
    ['a function that makes a stream', () => () => new Blob([mebibyte]).stream()],
    ['a function that makes a Node stream', () => () => Readable.from([Buffer.from(mebibyte)])],
  ])('arrives whole with both tokens: %s', async (_, body) => {
    answer = challengeFirst
    await overHttp().api.put('picture', body())
    expect(visits.map(({ token, length }) => [token, length])).toEqual([
      ['Bearer token-1', mebibyte.length],
      ['Bearer token-2', mebibyte.length],
    ])
  })

  it('keeps its media type when it is sent again', async () => {
    answer = challengeFirst
    const form = new FormData()
    form.append('picture', new Blob([mebibyte], { type: 'image/png' }), 'a.png')
    await overHttp().api.post('pictures', form)
    expect(visits.map(({ type }) => type?.split(';')[0])).toEqual([
      'multipart/form-data',
      'multipart/form-data',
    ])
  })
})

describe('a retry over real HTTP', () => {
  it('comes after the API said so, with the same request', async () => {
    answer = (response, visit) =>
      void response.writeHead(visit === 1 ? 503 : 200, { 'retry-after': '0' }).end('{}')
    await overHttp().api.putJson('todos/1', { done: true })
    expect(visits).toHaveLength(2)
    expect(visits[1]).toEqual(visits[0])
  })
})

describe('an answer over real HTTP', () => {
  // The platform gives up the body of an answer that nobody holds any more.
  it.each(['get', 'fetch', 'relay'] as const)(
    'has its whole body however late it is read: %s',
    async (method) => {
      answer = (response) => response.end('whole')
      const response = await overHttp().api[method]('report')
      await collect()
      expect(await response.text()).toBe('whole')
    },
  )
})

describe('a call that is given up over real HTTP', () => {
  it('closes the connection to the API, before the answer and within its body', async () => {
    for (const begin of [false, true]) {
      let began: () => void
      const reached = new Promise<void>((resolve) => (began = resolve))
      const closed = new Promise<void>((resolve) => {
        answer = (response) => {
          response.once('close', resolve)
          if (begin) response.write('first ')
          began()
        }
      })
      const handler = new AbortController()
      const text = overHttp()
        .api.get('report', { signal: handler.signal })
        .then((response) => response.text())
      await reached
      handler.abort(new Error('not wanted any more'))
      expect(await failureOf(text)).toBeInstanceOf(Error)
      await closed
    }
  })

  it.each(['before anybody reads', 'while nobody reads on'])(
    'closes the connection to the API %s',
    async (when) => {
      const closed = new Promise<void>((resolve) => {
        answer = (response) => {
          response.once('close', resolve)
          response.write('first ')
        }
      })
      const handler = new AbortController()
      const response = await overHttp().api.get('report', { signal: handler.signal })
      const reader = response.body?.getReader()
      if (when === 'while nobody reads on') await reader?.read()
      const reason = new Error('not wanted any more')
      handler.abort(reason)
      await closed
      expect(await failureOf(reader?.read() ?? Promise.resolve())).toBe(reason)
    },
  )

  it('closes the connection when its time is over', async () => {
    let answered = 0
    const closed = new Promise<void>((resolve) => {
      answer = (response) => {
        answered += 1
        response.once('close', resolve)
      }
    })
    // On a busy machine the time may be over before the request has reached anybody.
    for (let timeoutMs = 50; answered === 0; timeoutMs *= 2)
      await expect(overHttp({ timeoutMs }).api.getJson('todos')).rejects.toThrow(`within ${timeoutMs} ms`)
    await closed
  })
})
