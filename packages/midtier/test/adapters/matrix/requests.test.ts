// Requests that are more than a question and its answer: bodies, HEAD, preflights, clients that go away, and many at once.
import { once } from 'node:events'
import { request as send } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Caller } from '../../../src/web-api/caller.ts'
import { AuthorityUnavailableError, BearerError } from '../../../src/index.ts'
import { sendRaw } from '../../hostile-tokens/raw-request.ts'
import {
  begin,
  deferred,
  type Deferred,
  endNoProcess,
  settle,
  someCaller,
  standIn,
} from '../express-server.ts'
import type { InFront, Route } from './adapter.ts'
import { adapters } from './adapters.ts'
import { closeAll, start } from './listening.ts'
import { createWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())
endNoProcess()
closeAll()

const refusal = (): BearerError =>
  new BearerError({ status: 401, error: 'invalid_token', reason: 'expired', description: 'Expired' })

describe.each(adapters)('$name', (adapter) => {
  it('refuses before the body has come', async () => {
    const { url } = await start(adapter, {
      routes: [
        { path: '/', method: 'POST', protect: [world.api], handle: ({ answerJson }) => answerJson(1) },
      ],
    })
    const lines = [
      'POST / HTTP/1.1',
      'Host: 127.0.0.1',
      'Content-Type: text/plain',
      'Content-Length: 1000000',
    ]
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`${lines.join('\r\n')}\r\n\r\nno more than this`)
    const [first] = (await once(socket, 'data')) as [Buffer]
    expect(first.toString()).toMatch(/^HTTP\/1\.1 401 /)
    socket.destroy()
  })

  it('leaves the body to the handler', async () => {
    const { url } = await start(adapter, {
      routes: [
        {
          path: '/',
          method: 'POST',
          protect: [world.api],
          handle: async ({ body, answerJson }) => answerJson(await body()),
        },
      ],
    })
    const headers = { authorization: `Bearer ${await world.token()}`, 'content-type': 'text/plain' }
    const body = 'x'.repeat(100_000)
    expect(await (await fetch(url, { method: 'POST', headers, body })).json()).toBe(body)
  })

  it('answers HEAD as GET, without a body', async () => {
    const { url } = await start(adapter, {
      routes: [{ path: '/', protect: [world.api], handle: ({ answerJson }) => answerJson({ a: 1 }) }],
    })
    const port = Number(new URL(url).port)
    const refused = await sendRaw(port, { start: 'HEAD /', lines: [], body: '' })
    expect([refused.status, refused.body]).toEqual([401, ''])
    expect(refused.headers.map(([name]) => name)).toContain('www-authenticate')
    const lines = [`Authorization: Bearer ${await world.token()}`]
    const answered = await sendRaw(port, { start: 'HEAD /', lines, body: '' })
    expect([answered.status, answered.body]).toEqual([200, ''])
  })

  it('tells a preflight that what answers it belongs in front', async () => {
    const handle = vi.fn<Route['handle']>(({ answerJson }) => answerJson(1))
    const { url } = await start(adapter, {
      routes: [{ path: '/', method: 'OPTIONS', protect: [world.api], handle }],
    })
    const headers = { origin: 'https://app.contoso.com', 'access-control-request-method': 'GET' }
    // `fetch` may not ask such a question by itself.
    const question = send(url, { method: 'OPTIONS', headers }).end()
    const [answer] = (await once(question, 'response')) as [{ statusCode: number; resume(): void }]
    answer.resume()
    expect(answer.statusCode).toBe(401)
    expect(handle).not.toHaveBeenCalled()
  })

  it('never mixes two hundred callers who come at once', async () => {
    const api = standIn(async (request) => {
      const objectId = String(request.header('authorization'))
      for (let turn = Number(objectId) % 7; turn > 0; turn--) await new Promise((next) => setImmediate(next))
      return { principal: { objectId } } as unknown as Caller
    })
    const { url } = await start(adapter, {
      routes: [
        {
          path: '/',
          protect: [api],
          handle: async ({ caller, answerJson }) => {
            const before = caller.principal.objectId
            await new Promise((next) => setImmediate(next))
            return answerJson([before, caller.principal.objectId])
          },
        },
      ],
    })
    const names = Array.from({ length: 200 }, (_, index) => String(index))
    const answers = await Promise.all(
      names.map(
        async (authorization) =>
          (await fetch(url, { headers: { authorization } })).json() as Promise<unknown>,
      ),
    )
    expect(answers).toEqual(names.map((name) => [name, name]))
  })

  const outcomes: [string, (decision: Deferred<Caller>) => void][] = [
    ['is refused', ({ reject }) => reject(refusal())],
    ['fails in the outage of the authority', ({ reject }) => reject(new AuthorityUnavailableError('x', 1))],
    ['fails with an error of somebody else', ({ reject }) => reject(new TypeError('own check'))],
    ['is let in', ({ resolve }) => resolve(someCaller)],
  ]

  /** A request that waits at `protect` until the test decides. */
  async function waiting() {
    const arrived = deferred<AbortSignal | undefined>()
    const inFront = deferred<InFront>()
    const decision = deferred<Caller>()
    const handle = vi.fn<Route['handle']>(({ answerJson }) => answerJson('handled'))
    const api = standIn(() => {
      arrived.resolve(undefined)
      return decision.promise
    })
    const { url, others } = await start(adapter, {
      routes: [{ path: '/', protect: [api], handle }],
      inFront: inFront.resolve,
    })
    return { url, arrived: arrived.promise, inFront: inFront.promise, decision, handle, others }
  }

  it.each(outcomes)('runs no handler when its client has gone and the request %s', async (what, decide) => {
    const { url, arrived, inFront, decision, handle, others } = await waiting()
    const client = begin(url)
    await arrived
    const gone = new Promise((resolve) => client.once('close', resolve))
    client.destroy()
    await gone
    await (
      await inFront
    ).closed
    decide(decision)
    await settle()
    expect(handle).not.toHaveBeenCalled()
    if (!what.includes('somebody else')) expect(others).toEqual([])
  })

  const late = adapter.answersInFront ? outcomes : []
  it.each(late)('says nothing more when a time limit has answered and it %s', async (_, decide) => {
    const { url, arrived, inFront, decision, handle, others } = await waiting()
    const answer = fetch(url)
    await arrived
    ;(await inFront).answer(503, 'timed out')
    expect(await (await answer).text()).toBe('timed out')
    decide(decision)
    await settle()
    expect(handle).not.toHaveBeenCalled()
    expect(others).toEqual([])
  })

  it.each(late)('keeps an answer that something in front has begun, when it %s', async (_, decide) => {
    const { url, arrived, inFront, decision, handle, others } = await waiting()
    const answer = fetch(url)
    await arrived
    const end = (await inFront).begin(503, 'timed ')
    decide(decision)
    await settle()
    end('out')
    expect(await (await answer).text()).toBe('timed out')
    expect(handle).not.toHaveBeenCalled()
    expect(others).toEqual([])
  })
})
