// Answers of other APIs, passed on: their bodies in pieces, and of their headers what is theirs to say.
import { get } from 'node:http'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { deferred, endNoProcess, settle, someCaller, standIn } from '../express-server.ts'
import type { Route } from './adapter.ts'
import { adapters } from './adapters.ts'
import { closeAll, slowBody, start } from './listening.ts'
import { createWorld, silentConsole, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())
endNoProcess()
closeAll()

const letsIn = standIn(() => Promise.resolve(someCaller))

describe.each(adapters)('$name', (adapter) => {
  const serve = async (make: () => Response): Promise<string> => {
    const handle: Route['handle'] = ({ sendResponse }) => sendResponse(make())
    return (await start(adapter, { routes: [{ path: '/', protect: [letsIn], handle }] })).url
  }

  it('relays an answer of a downstream API without what is not its to say', async () => {
    const { url } = await start(adapter, {
      routes: [
        {
          path: '/',
          protect: [world.api],
          handle: async ({ caller, sendResponse }) =>
            sendResponse(await caller.downstream('todolist').relay('report')),
        },
      ],
    })
    const answer = await fetch(url, { headers: { authorization: `Bearer ${await world.token()}` } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/csv')
    expect(answer.headers.get('etag')).toBe('"1"')
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.headers.get('vary')).toContain('Authorization')
    expect(await answer.text()).toBe('a,b')
  })

  it('passes nothing of a raw answer on that would not be relayed', async () => {
    const url = await serve(() => {
      const headers = {
        'content-type': 'text/plain',
        'content-encoding': 'gzip',
        'www-authenticate': 'Bearer evil',
        'access-control-allow-origin': '*',
        location: 'https://evil.example/',
        'set-cookie': 'session=evil',
      }
      return new Response('decoded', { status: 206, headers })
    })
    const answer = await fetch(url)
    expect(answer.status).toBe(206)
    expect(await answer.text()).toBe('decoded')
    for (const name of [
      'content-encoding',
      'www-authenticate',
      'access-control-allow-origin',
      'location',
      'set-cookie',
    ])
      expect([name, answer.headers.get(name)]).toEqual([name, null])
  })

  it('sends an answer without a body', async () => {
    const answer = await fetch(await serve(() => new Response(null, { status: 204 })))
    expect([answer.status, await answer.text()]).toEqual([204, ''])
  })

  it('answers 502 for an answer that is about this API and not about its caller', async () => {
    const printed = silentConsole()
    const answer = await fetch(await serve(() => new Response('who are you', { status: 401 })))
    expect(answer.status).toBe(502)
    expect(answer.headers.get('www-authenticate')).toBeNull()
    expect(printed.said()).toContain('downstream_failed')
    vi.restoreAllMocks()
  })

  it('sends the first piece before the last is there', async () => {
    const url = await serve(() => new Response(slowBody('first', new Promise(() => undefined))))
    const answer = await fetch(url)
    const { value } = (await answer.body?.getReader().read()) ?? {}
    expect(new TextDecoder().decode(value)).toBe('first')
  })

  it('breaks off with a body that breaks off', async () => {
    silentConsole()
    const end = deferred<undefined>()
    const answer = await fetch(await serve(() => new Response(slowBody('half', end.promise))))
    expect(answer.status).toBe(200)
    end.reject(new Error('the API broke off'))
    await expect(answer.text()).rejects.toThrow()
    await settle()
    vi.restoreAllMocks()
  })

  it('stops reading when the client goes away', async () => {
    let stop: () => void
    const stopped = new Promise<void>((resolve) => (stop = resolve))
    const url = await serve(
      () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              await new Promise((resolve) => setImmediate(resolve))
              controller.enqueue(new Uint8Array(1024))
            },
            cancel: () => {
              stop()
            },
          }),
        ),
    )
    const client = get(url).on('error', () => undefined)
    const [answer] = (await once(client, 'response')) as [{ on(event: 'error', hear: () => void): void }]
    answer.on('error', () => undefined)
    client.destroy()
    await stopped
  })
})
