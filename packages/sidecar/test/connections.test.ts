// Connections that do nothing, or half of something: they cost little, go by themselves, and nobody else waits for them.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Emulator } from '@midtier/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEchoApi, type EchoApi } from './echo-api.ts'
import { type SidecarProcess, startProcess } from './process.ts'
import { alice, ids, middleTierVariables, startEmulator } from './scenario.ts'

let emulator: Emulator
let todo: EchoApi
let authorization: string
beforeAll(async () => {
  emulator = await startEmulator()
  todo = await startEchoApi()
  const who = { user: alice, client: ids.webClient, audience: ids.middleTier, scopes: ['access_as_user'] }
  authorization = `Bearer ${await emulator.mint(who)}`
})
afterAll(() => Promise.all([emulator.stop(), todo.stop()]))

/** As many as a process may have here; Node has raised its soft limit to the hard one, where that is a number. */
function affordable(wanted: number): number {
  const hard = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()
  return hard === 'unlimited' ? wanted : Math.min(wanted, Number(hard) - 500)
}

async function open(url: string, options: { readonly allowHalfOpen?: boolean } = {}): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), ...options })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function residentBytes(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1])
}

describe('ten thousand idle connections', () => {
  let sidecar: SidecarProcess
  let url: string
  const sockets: Socket[] = []
  const count = affordable(10_000)
  beforeAll(async () => {
    sidecar = startProcess({ ...middleTierVariables(emulator, todo.url), Sidecar__Metrics: 'true' })
    url = await sidecar.url
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await sidecar.stop()
  })

  it('leave everybody else served, at a few kilobytes each', async () => {
    const before = await residentBytes(url)
    while (sockets.length < count)
      sockets.push(...(await Promise.all(Array.from({ length: 250 }, () => open(url)))))
    // Some have begun to speak.
    for (const socket of sockets.slice(0, 500)) socket.write('GET /Validate HTTP/1.1\r\nHost: loc')
    for (const path of [
      '/Validate',
      '/AuthorizationHeader/todo',
      '/DownstreamApi/todo',
      '/healthz',
      '/readyz',
    ])
      expect((await fetch(url + path, { headers: { authorization } })).status, path).toBe(200)
    expect(((await residentBytes(url)) - before) / count).toBeLessThan(30_000)
  })

  it('are let go by themselves', async () => {
    const open = sockets.filter(({ closed }) => !closed)
    const gone = open.map((socket) => once(socket.resume(), 'close'))
    await Promise.all(gone)
    expect((await fetch(`${url}/Validate`, { headers: { authorization } })).status).toBe(200)
  })

  it('do not keep it from stopping', async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => open(url)))
    sidecar.kill('SIGTERM')
    expect(await sidecar.ended).toBe(0)
    expect(sidecar.output()).not.toMatch(/error|unexpected/i)
  })
})

describe('a connection that is open by half', () => {
  let sidecar: SidecarProcess
  let slow: Server
  let url: string
  const asked: Promise<unknown>[] = []
  beforeAll(async () => {
    slow = createServer((request) => {
      asked.push(once(request.socket, 'close')) // and never an answer
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    sidecar = startProcess({
      ...middleTierVariables(emulator, todo.url),
      DownstreamApis__slow__BaseUrl: `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`,
      DownstreamApis__slow__Scopes__0: `api://${ids.todoApi}/Tasks.ReadWrite`,
    })
    url = await sidecar.url
  })
  afterAll(async () => {
    await sidecar.stop()
    slow.closeAllConnections()
    slow.close()
  })
  const head = (path: string, ...more: string[]): string =>
    [`GET ${path} HTTP/1.1`, 'Host: localhost', `Authorization: ${authorization}`, ...more, '', ''].join(
      '\r\n',
    )

  it.each([
    ['in the middle of its head', 'GET /Validate HTTP/1.1\r\nHost'],
    [
      'in the middle of its body',
      'POST /DownstreamApiUnauthenticated/todo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf',
    ],
  ])('%s is closed', async (_, bytes) => {
    const socket = await open(url, { allowHalfOpen: true })
    socket.end(bytes)
    await once(socket.resume(), 'close')
  })

  // Which of them means "answer me" cannot be told from "I am gone": as Node has it, whoever closes is gone.
  it.each([
    ['closed', '/DownstreamApi/slow', (socket: Socket) => socket.end()],
    ['reset', '/DownstreamApi/slow', (socket: Socket) => socket.resetAndDestroy()],
    ['closed', '/Proxy/slow/x', (socket: Socket) => socket.end()],
    ['reset', '/Proxy/slow/x', (socket: Socket) => socket.resetAndDestroy()],
  ])('that is %s takes its call at %s with it', async (_, path, leave) => {
    const before = asked.length
    const socket = await open(url, { allowHalfOpen: true })
    socket.write(head(path))
    await expect.poll(() => asked.length, { timeout: 60_000 }).toBe(before + 1)
    leave(socket)
    await asked[before]
    socket.destroy()
  })

  it('leaves nothing behind', async () => {
    expect((await fetch(`${url}/DownstreamApi/todo`, { headers: { authorization } })).status).toBe(200)
    expect(sidecar.output()).not.toMatch(/error|unexpected/i)
  })
})
