// A TCP proxy in the hands of a test: connections that fall silent without a reset, and connections that are cut.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'

/** The proxy, in front of a server of this machine. */
export interface TcpProxy {
  readonly port: number
  /** From now on nothing passes on the connections over which `text` has been sent, in either direction; no side is told. */
  silence(text: string): void
  /** Cuts the connections over which `text` has been sent. */
  cut(text: string): void
  /** How often `text` has been sent over one of those that pass things on. */
  timesSent(text: string): number
  /** How many connections there have been over which `text` has been sent. */
  everOpened(text: string): number
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
export async function startProxy(target: NetConnectOpts): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const ever: Pair[] = []
  const server = createServer((near) => {
    const pair: Pair = { near, far: connect(target), sent: '', isSilent: false }
    pairs.add(pair)
    ever.push(pair)
    const { far } = pair
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    near.on('data', (bytes: Buffer) => {
      pair.sent = `${pair.sent}${bytes.toString('latin1').toLowerCase()}`.slice(0, 65_536)
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
    timesSent: (text) =>
      [...pairs].reduce((sum, { sent }) => sum + sent.split(text.toLowerCase()).length - 1, 0),
    everOpened: (text) => ever.filter(({ sent }) => sent.includes(text.toLowerCase())).length,
    count: (text) => over(text).length,
    async stop() {
      for (const { near } of [...pairs]) near.destroy()
      await once(server.close(), 'close')
    },
  }
}
