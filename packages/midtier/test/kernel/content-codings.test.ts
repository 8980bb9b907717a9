import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { authorityFetch } from '../../src/kernel/http/authority-fetch.node.ts'
import {
  type AuthorityFetch,
  type HttpError,
  type HttpResponse,
  sendHttp,
} from '../../src/kernel/http/http.ts'

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

const limit = 10_000

async function answerWith(coding: string | undefined, body: Buffer, status = 200): Promise<string> {
  server = createServer((_, response) => {
    response.writeHead(status, coding === undefined ? {} : { 'content-encoding': coding })
    response.end(body)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
}

function get(url: string, by: AuthorityFetch = authorityFetch): Promise<HttpResponse> {
  return sendHttp(by, { method: 'GET', url, headers: {}, timeoutMs: 10_000, maxResponseBytes: limit })
}

const refusalOf = (sending: Promise<unknown>): Promise<HttpError> =>
  sending.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error as HttpError,
  )

const said = Buffer.from('{"access_token":"é"}')

// The last three are more than `fetch` has to understand, and what gateways nonetheless send.
describe.each([
  ['gzip', gzipSync(said)],
  ['deflate', deflateSync(said)],
  ['br', brotliCompressSync(said)],
  ['GZIP', gzipSync(said)],
  ['x-gzip', gzipSync(said)],
  ['gzip, br', brotliCompressSync(gzipSync(said))],
  ['deflate, gzip, br', brotliCompressSync(gzipSync(deflateSync(said)))],
  ['identity', said],
  ['', said],
  [undefined, said],
  ['gzip', Buffer.alloc(0)],
  ['br', Buffer.alloc(0)],
] as const)('an answer in the coding %s', (coding, body) => {
  const text = body.byteLength === 0 ? '' : said.toString()

  it('is read as it was meant', async () => {
    expect((await get(await answerWith(coding, body))).text).toBe(text)
  })

  it('is read as the platform reads it', async () => {
    const byFetch = (await get(await answerWith(coding, body), (url, request) => fetch(url, request))).text
    expect(byFetch).toBe(text)
  })
})

it('reads deflate without its wrapping, which some send', async () => {
  expect((await get(await answerWith('deflate', deflateRawSync(said)))).text).toBe(said.toString())
})

it('keeps the status and the headers of a compressed refusal', async () => {
  const { status, headers } = await get(await answerWith('gzip', gzipSync(said), 400))
  expect([status, headers.get('content-encoding')]).toEqual([400, 'gzip'])
})

describe.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('an answer that unfolds from %s', (coding, compress) => {
  it('to the last byte that is allowed, is read', async () => {
    const { text } = await get(await answerWith(coding, compress(Buffer.alloc(limit, 'x'))))
    expect(text).toHaveLength(limit)
  })

  it('into one byte more, is refused', async () => {
    const url = await answerWith(coding, compress(Buffer.alloc(limit + 1, 'x')))
    expect((await refusalOf(get(url))).kind).toBe('too_large')
  })

  it('into a thousand times its length, is refused', async () => {
    const bomb = compress(Buffer.alloc(8 * 1024 * 1024, 'x'))
    expect(bomb.byteLength).toBeLessThan(limit)
    expect((await refusalOf(get(await answerWith(coding, bomb)))).kind).toBe('too_large')
  })

  it('and is none, is refused', async () => {
    expect((await refusalOf(get(await answerWith(coding, said)))).kind).toBe('network')
  })
})

it('refuses an answer that is a bomb inside a bomb', async () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(8 * 1024 * 1024, 'x')))
  expect((await refusalOf(get(await answerWith('gzip, gzip', bomb)))).kind).toBe('too_large')
})

it.each(['zip', 'gzip, zip', 'toString', 'gzip, gzip, gzip, gzip'])(
  'refuses an answer in the coding %s, which nobody reads',
  async (coding) => {
    const refusal = await refusalOf(get(await answerWith(coding, gzipSync(said))))
    expect([refusal.kind, (refusal.cause as Error).message]).toEqual([
      'network',
      'The answer is in a content coding that is not understood',
    ])
  },
)
