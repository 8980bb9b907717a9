// A TCP proxy in the hands of a test: connections that fall silent without a reset, and connections that are cut.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The proxy, in front of a port of this machine. */
export interface TcpProxy {
  readonly port: number
  /** From now on nothing passes on the connections over which `text` has been sent, in either direction; no side is told. */
  silence(text: string): void
  /** Cuts the connections over which `text` has been sent. */
  cut(text: string): void
  /** How many connections there are over which `text` has been sent, and which pass things on. */
  count(text: string): number
  stop(): Promise<void>
}

interface Pair {
  readonly near: Socket
  readonly far: Socket
  sent: string
  isSilent: boolean
}

/** Starts a proxy on a free port. */
export async function startProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const server = createServer((near) => {
    const pair: Pair = { near, far: connect(target, '127.0.0.1'), sent: '', isSilent: false }
    pairs.add(pair)
    const { far } = pair
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    near.on('data', (bytes: Buffer) => {
      pair.sent = `${pair.sent}${bytes.toString('latin1').toLowerCase()}`.slice(0, 4096)
      if (!pair.isSilent) far.write(bytes)
    })
    far.on('data', (bytes) => {
      if (!pair.isSilent) near.write(bytes)
    })
    for (const socket of [near, far]) socket.on('close', end).on('error', end)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const over = (text: string): readonly Pair[] =>
    [...pairs].filter(({ sent, isSilent }) => !isSilent && sent.includes(text.toLowerCase()))
  return {
    port: (server.address() as AddressInfo).port,
    silence(text) {
      for (const pair of over(text)) pair.isSilent = true
    },
    cut(text) {
      for (const { near } of over(text)) near.destroy()
    },
    count: (text) => over(text).length,
    async stop() {
      for (const { near } of [...pairs]) near.destroy()
      await once(server.close(), 'close')
    },
  }
}
