// Upgrades on a real server, with ws as it is: refused as HTTP before the upgrade, and closed when the token ends.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { findCurrentCaller, runWithCaller } from '../../src/adapters/context.ts'
import { protect, whenExpired, type UpgradeListener } from '../../src/adapters/websocket.ts'
import type { Caller } from '../../src/web-api/caller.ts'
import { ConfigurationError, InteractionRequiredError } from '../../src/index.ts'
import { deferred, endNoProcess, settle, someCaller, standIn } from './express-server.ts'
import { createWorld, scope, silentConsole, trace, traceparent, type World } from './matrix/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())
endNoProcess()

const sockets = new WebSocketServer({ noServer: true })
const servers: Server[] = []
const clients: Socket[] = []
beforeEach(() => {
  vi.restoreAllMocks()
})
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
  for (const socket of sockets.clients) socket.terminate()
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function serve(upgrade: UpgradeListener): Promise<number> {
  const server = createServer().on('upgrade', upgrade)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

type Upgrade = Parameters<typeof protect>[2]

/** Says who called, and who it is that a service finds. */
const greet: Upgrade = (request, socket, head, caller) => {
  sockets.handleUpgrade(request, socket, head, (ws) => {
    ws.send(caller.principal.objectId ?? 'nobody')
    ws.send(findCurrentCaller()?.principal.objectId ?? 'nobody')
  })
}

/** An upgrade as it goes over the wire, and everything that comes back until the server ends it. */
async function askRaw(port: number, lines: readonly string[] = []): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  clients.push(socket)
  const head = ['GET / HTTP/1.1', 'Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket', ...lines]
  const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']
  socket.write(`${[...head, ...key].join('\r\n')}\r\n\r\n`)
  let text = ''
  socket.on('data', (piece) => (text += piece.toString()))
  await once(socket, 'close')
  return text
}

const letsIn = standIn(() => Promise.resolve(someCaller))

describe('an upgrade', () => {
  it('is done for who brings a valid token, as the current caller where that was asked for', async () => {
    const api = world.createApi({ runWithCaller })
    const port = await serve(protect(api, { scopes: [scope] }, greet))
    const headers = { authorization: `Bearer ${await world.token()}` }
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { headers })
    const heard: string[] = []
    await new Promise<void>((resolve) => {
      client.on('message', (data: Buffer) => {
        if (heard.push(data.toString()) === 2) resolve()
      })
    })
    expect(heard).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), heard[0]])
  })

  it('is refused as HTTP, with the challenge and its connection closed', async () => {
    const upgrade = vi.fn<Upgrade>()
    const port = await serve(protect(world.api, { scopes: [scope] }, upgrade))
    const answer = await askRaw(port, ['Authorization: Bearer rubbish', `traceparent: ${traceparent}`])
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/)
    expect(head).toMatch(/\r\nwww-authenticate: Bearer .*error="invalid_token"/i)
    expect(head).toMatch(/\r\nconnection: close(\r\n|$)/i)
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
    expect(JSON.parse(body)).toMatchObject({ status: 401, traceId: trace })
    expect(upgrade).not.toHaveBeenCalled()
  })

  it('takes no token but that in Authorization, and no two of them', async () => {
    const port = await serve(protect(world.api, {}, greet))
    const token = await world.token()
    expect(await askRaw(port, [`Sec-WebSocket-Protocol: bearer, ${token}`])).toMatch(/^HTTP\/1\.1 401 /)
    const doubled = [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`]
    expect(await askRaw(port, doubled)).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('is refused as ws sees it', async () => {
    const port = await serve(protect(world.api, {}, greet))
    const client = new WebSocket(`ws://127.0.0.1:${port}`)
    const [, response] = (await once(client, 'unexpected-response')) as [
      unknown,
      { statusCode: number; headers: Record<string, string> },
    ]
    expect([response.statusCode, response.headers['www-authenticate']]).toEqual([
      401,
      expect.stringMatching(/^Bearer/),
    ])
    client.on('error', () => undefined).terminate()
  })

  it('that fails by an error of ours before anything was sent is answered so', async () => {
    const error = new InteractionRequiredError('x', 'sign_in_required', {
      error: 'interaction_required',
      errorNumbers: [50076],
      status: 400,
      scopes: ['User.Read'],
    })
    const answer = await askRaw(await serve(protect(letsIn, {}, () => Promise.reject(error))))
    expect(answer).toMatch(/^HTTP\/1\.1 401 [\s\S]*www-authenticate: Bearer/i)
  })

  it('that fails by an error of others is a 500 without a word, and is printed', async () => {
    const printed = silentConsole()
    const port = await serve(protect(letsIn, {}, () => Promise.reject(new RangeError('a secret'))))
    const answer = await askRaw(port)
    expect(answer).toMatch(/^HTTP\/1\.1 500 /)
    expect(answer).not.toContain('secret')
    expect(printed.said()).toContain('an upgrade failed')
  })

  it('that fails when it is done has its connection closed, and no HTTP behind it', async () => {
    silentConsole()
    const port = await serve(
      protect(letsIn, {}, (request, socket, head, caller) => {
        greet(request, socket, head, caller)
        throw new Error('too late')
      }),
    )
    const answer = await askRaw(port)
    expect(answer).toMatch(/^(HTTP\/1\.1 101 |$)/)
    expect(answer).not.toContain('HTTP/1.1 500')
  })

  it('is nobody’s when the client has gone: nothing is upgraded, and nothing ends the process', async () => {
    const decision = deferred<Caller>()
    const arrived = deferred<undefined>()
    const upgrade = vi.fn<Upgrade>()
    const api = standIn(() => {
      arrived.resolve(undefined)
      return decision.promise
    })
    const gone = deferred<undefined>()
    const admit = protect(api, {}, upgrade)
    const port = await serve((request, socket, head) => {
      socket.once('close', () => {
        gone.resolve(undefined)
      })
      admit(request, socket, head)
    })
    void askRaw(port)
    await arrived.promise
    for (const client of clients) client.resetAndDestroy()
    await gone.promise
    decision.resolve(someCaller)
    await settle()
    expect(upgrade).not.toHaveBeenCalled()
  })

  it('has to be written right', () => {
    expect(() => protect(letsIn, {}, undefined as never)).toThrow(ConfigurationError)
    expect(() => protect({} as never, {}, greet)).toThrow('write protect(api')
  })
})

describe('the end of a token', () => {
  /** A clock and timers that a test moves. */
  function timers(expiresInMs: number) {
    const start = 1_700_000_000_000
    const time = { wallMs: start, passedMs: 0 }
    let due: { readonly durationMs: number; readonly work: () => void } | undefined
    const waits: number[] = []
    const clock = { nowMs: () => time.wallMs, passedMs: () => time.passedMs }
    const later = (durationMs: number, work: () => void): (() => void) => {
      due = { durationMs, work }
      waits.push(durationMs)
      return () => {
        due = undefined
      }
    }
    const ring = (wallMs?: number): void => {
      const { durationMs, work } = due ?? { durationMs: 0, work: () => undefined }
      due = undefined
      time.passedMs += durationMs
      time.wallMs += wallMs ?? durationMs
      work()
    }
    const caller = { principal: { expiresAtMs: start + expiresInMs } as Caller['principal'] }
    return { caller, options: { clock, later }, ring, waits, isWaiting: () => due !== undefined }
  }

  it('is told once, by timers of a minute at most', () => {
    const { caller, options, ring, waits, isWaiting } = timers(150_000)
    const work = vi.fn()
    whenExpired(caller, work, options)
    for (let turn = 0; turn < 3; turn++) ring()
    expect(work).not.toHaveBeenCalled()
    ring()
    expect(work).toHaveBeenCalledOnce()
    expect(waits).toEqual([0, 60_000, 60_000, 30_000])
    expect(isWaiting()).toBe(false)
  })

  it('is not put off by a clock that is set back, and comes with one that is set on', () => {
    for (const shiftMs of [-3_600_000, 3_600_000]) {
      const { caller, options, ring } = timers(600_000)
      const work = vi.fn()
      whenExpired(caller, work, options)
      ring()
      ring(shiftMs)
      for (let turn = 0; turn < 10; turn++) ring()
      expect([shiftMs, work.mock.calls.length]).toEqual([shiftMs, 1])
    }
  })

  it('is told of a token that has ended already, and not before it can be stopped', () => {
    const { caller, options, ring } = timers(-1)
    const work = vi.fn()
    whenExpired(caller, work, options)
    expect(work).not.toHaveBeenCalled()
    ring()
    expect(work).toHaveBeenCalledOnce()
  })

  it('is not told when the connection has ended before', () => {
    const { caller, options, ring, isWaiting } = timers(150_000)
    const work = vi.fn()
    const stop = whenExpired(caller, work, options)
    ring()
    stop()
    expect(isWaiting()).toBe(false)
    ring()
    expect(work).not.toHaveBeenCalled()
  })

  it('closes a connection of ws', async () => {
    const { caller, options, ring } = timers(0)
    const port = await serve(
      protect(letsIn, {}, (request, socket, head) => {
        sockets.handleUpgrade(request, socket, head, (ws) => {
          const stop = whenExpired(caller, () => ws.close(4401, 'The token has expired'), options)
          ws.once('close', stop)
          ring()
        })
      }),
    )
    const [code, reason] = (await once(new WebSocket(`ws://127.0.0.1:${port}`), 'close')) as [number, Buffer]
    expect([code, reason.toString()]).toEqual([4401, 'The token has expired'])
  })
})
