// Where a token may stand in a request of Node, of a function in a cloud, or of a test: with the packages that people use for those.
import type { IncomingMessage } from 'node:http'
import { createRequest, createResponse } from 'node-mocks-http'
import serverless from 'serverless-http'
import { describe, expect, it } from 'vitest'
import { protect } from '../../src/adapters/express.ts'
import { rawHeader } from '../../src/adapters/shared/raw-header.ts'
import type { Caller, WebApi } from '../../src/index.ts'
import { sendRaw } from '../hostile-tokens/raw-request.ts'
import { flavours } from './express-flavours.ts'
import { endNoProcess, serve, standIn } from './express-server.ts'

const request = (rawHeaders: string[] | undefined, headers: Record<string, unknown>): IncomingMessage =>
  ({ rawHeaders, headers }) as unknown as IncomingMessage

describe('the value of a header', () => {
  const rows: [string, string[] | undefined, Record<string, unknown>, unknown][] = [
    ['what came', ['Authorization', 'a'], { authorization: 'a' }, 'a'],
    ['what a middleware put in its place', ['Authorization', 'a'], { authorization: 'b' }, 'b'],
    ['nothing, when a middleware took it away', ['Authorization', 'a'], {}, undefined],
    ['what a middleware put where nothing was', ['Accept', '*/*'], { authorization: 'b' }, 'b'],
    ['what an adapter gives without raw headers', [], { authorization: 'a' }, 'a'],
    ['what a stand-in gives that has no raw headers at all', undefined, { authorization: 'a' }, 'a'],
    [
      'all that came, of two',
      ['Authorization', 'a', 'authorization', 'b'],
      { authorization: 'a' },
      ['a', 'b'],
    ],
    [
      'all that came, of two, whatever a middleware put in their place',
      ['Authorization', 'a', 'authorization', 'b'],
      { authorization: 'c' },
      ['a', 'b'],
    ],
    [
      'all that came, of two, when a middleware took them away',
      ['Authorization', 'a', 'authorization', 'a'],
      {},
      ['a', 'a'],
    ],
    ['several, when an adapter gives several', [], { authorization: ['a', 'b'] }, ['a', 'b']],
    ['nothing', [], {}, undefined],
  ]

  it.each(rows)('is %s', (_, rawHeaders, headers, value) => {
    expect(rawHeader(request(rawHeaders, headers), 'Authorization')).toEqual(value)
  })
})

endNoProcess()

/** Lets in who sends `Bearer good`, and tells what it was asked with. */
function goodOnly(): { api: WebApi; asked: unknown[] } {
  const asked: unknown[] = []
  const api = standIn((incoming) => {
    const value = incoming.header('authorization')
    asked.push(value)
    if (value === 'Bearer good')
      return Promise.resolve({ principal: { objectId: 'ada' } } as unknown as Caller)
    return Promise.reject(new Error(`refused: ${JSON.stringify(value)}`))
  })
  return { api, asked }
}

describe.each(flavours)('$name', ({ express }) => {
  function whoami(api: WebApi) {
    const app = express()
    app.set('env', 'test')
    app.use((req, _res, next) => {
      const session = /session=(\w+)/.exec(req.headers.cookie ?? '')?.[1]
      if (session !== undefined) req.headers.authorization = `Bearer ${session}`
      next()
    })
    app.get('/', protect(api), (req, res) => void res.json(req.caller.principal.objectId))
    return app
  }

  it('lets in a token that a middleware takes from a cookie', async () => {
    const url = await serve(whoami(goodOnly().api))
    expect((await fetch(url, { headers: { cookie: 'session=good' } })).status).toBe(200)
    const both = { authorization: 'Bearer other', cookie: 'session=good' }
    expect((await fetch(url, { headers: both })).status).toBe(200)
  })

  it('refuses two fields, also when a middleware has put a good token in their place', async () => {
    const { api, asked } = goodOnly()
    const url = new URL(await serve(whoami(api)))
    const lines = ['Cookie: session=good', 'Authorization: Bearer good', 'Authorization: Bearer good']
    await sendRaw(Number(url.port), { start: 'GET /', lines, body: '' })
    expect(asked).toEqual([['Bearer good', 'Bearer good']])
  })

  it.each([
    [{ authorization: 'Bearer good' }, 200],
    [{ Authorization: 'Bearer good' }, 200],
    [{ Authorization: 'Bearer bad' }, 500],
    [{}, 500],
  ])(
    'serves a function behind serverless-http, whose event has the headers %j',
    async (headers, statusCode) => {
      const invoke = serverless(whoami(goodOnly().api))
      const event = {
        httpMethod: 'GET',
        path: '/',
        headers,
        body: '',
        requestContext: { identity: { sourceIp: '127.0.0.1' } },
      }
      expect(await invoke(event, {})).toMatchObject({ statusCode })
    },
  )

  it('refuses two fields that an event brings', async () => {
    const { api, asked } = goodOnly()
    const event = {
      httpMethod: 'GET',
      path: '/',
      headers: {},
      multiValueHeaders: { Authorization: ['Bearer good', 'Bearer good'] },
      body: '',
      requestContext: { identity: { sourceIp: '127.0.0.1' } },
    }
    expect(await serverless(whoami(api))(event, {})).toMatchObject({ statusCode: 500 })
    expect(asked).toEqual(['Bearer good, Bearer good']) // which is no token
  })
})

describe('a middleware tested by itself with node-mocks-http', () => {
  it('reads the headers of the mock, and answers into it', async () => {
    const admit = protect(goodOnly().api)
    const req = createRequest({ headers: { Authorization: 'Bearer good' } })
    const res = createResponse()
    await new Promise<void>((resolve, reject) => {
      admit(req, res, (error?: unknown) => {
        if (error === undefined) resolve()
        else reject(new Error('refused', { cause: error }))
      })
    })
    expect(req.caller.principal.objectId).toBe('ada')
  })
})
