// Tunnels through a proxy that says nothing: how long one is waited for, and how many wait for their turn.
import { once } from 'node:events'
import net, { type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { TunnelAgent } from '../../../src/kernel/http/tunnel.node.ts'

let proxy: Server
afterEach(() => {
  vi.useRealTimers()
  proxy.close()
})

async function createSilentProxy(maxSockets: number) {
  const asked: string[] = []
  proxy = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => asked.push(String(bytes).split(' HTTP/')[0] ?? ''))
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  const address = { isSecure: false, hostname: '127.0.0.1', port, host: `127.0.0.1:${port}` }
  const agent = new TunnelAgent({ ...address, authorization: undefined }, { maxSockets })
  const outcomes: unknown[] = []
  const ask = (host: string): void => {
    agent.createConnection({ host, port: 443 }, (error) => outcomes.push(error?.message))
  }
  return { asked, outcomes, ask }
}

it('a tunnel that is there is not waited for any more', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const isUsed = new Promise<void>((resolve) => {
    proxy = net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        socket.once('data', () => resolve(void socket.destroy()))
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
      })
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  const address = { isSecure: false, hostname: '127.0.0.1', port, host: `127.0.0.1:${port}` }
  const agent = new TunnelAgent({ ...address, authorization: undefined }, { maxSockets: 1 })
  agent.createConnection({ host: 'one.example', port: 443 }, (_, stream) =>
    stream.on('error', () => undefined),
  )
  await isUsed
  expect(vi.getTimerCount()).toBe(0)
})

describe('a proxy that says nothing', () => {
  it('is waited for half a minute, and then the next has its turn', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { asked, outcomes, ask } = await createSilentProxy(1)
    const isAsked = async (count: number): Promise<void> => {
      while (asked.length < count) await new Promise((resolve) => setImmediate(resolve))
    }
    ask('one.example')
    ask('::1')
    await isAsked(1)
    vi.advanceTimersByTime(29_999)
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect([outcomes, asked]).toEqual([[], ['CONNECT one.example:443']])
    vi.advanceTimersByTime(1)
    await isAsked(2)
    expect(asked[1]).toBe('CONNECT [::1]:443')
    expect(outcomes).toEqual([expect.stringContaining('did not answer within 30000 ms')])
  })

  it('has 1 024 who wait for their turn at most', async () => {
    const { outcomes, ask } = await createSilentProxy(2)
    for (let count = 0; count < 2 + 1024; count += 1) ask('one.example')
    expect(outcomes).toEqual([])
    ask('one.example')
    expect(outcomes).toEqual([expect.stringContaining('is waited for by too many requests')])
  })
})

describe('a proxy that gives no way', () => {
  const askOnce = async (port: number): Promise<unknown> => {
    const address = { isSecure: false, hostname: '127.0.0.1', port, host: `127.0.0.1:${port}` }
    const agent = new TunnelAgent({ ...address, authorization: undefined }, { maxSockets: 1 })
    const ask = (): Promise<Error | null> =>
      new Promise((resolve) => {
        agent.createConnection({ host: 'one.example', port: 443 }, (error) => resolve(error))
      })
    const outcomes = await Promise.all([ask(), ask()]) // the second has its turn after the first
    return outcomes.map((error) => [error?.name, error?.message])
  }

  it.each([
    ['300 Multiple Choices', 'answered 300'],
    ['403 Forbidden', 'answered 403'],
    ['407 Proxy Authentication Required', 'answered 407: it wants other credentials'],
  ])('is told by its answer: %s', async (answer, message) => {
    proxy = net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(`HTTP/1.1 ${answer}\r\ncontent-length: 0\r\n\r\n`))
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const told = ['ProxyError', message]
    expect(await askOnce((proxy.address() as AddressInfo).port)).toEqual([told, told])
  })

  it('is told when it is not there', async () => {
    proxy = net.createServer()
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const { port } = proxy.address() as AddressInfo
    proxy.close()
    await once(proxy, 'close')
    const told = ['ProxyError', 'could not be reached itself']
    expect(await askOnce(port)).toEqual([told, told])
  })
})
