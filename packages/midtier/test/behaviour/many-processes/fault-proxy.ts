// A TCP proxy before a server that can be made slow or silent.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { setTimeout as setTimeoutAsync } from 'node:timers/promises'

/** What happens to the bytes of every connection, in both directions. */
export type Weather =
  { readonly kind: 'pass' } | { readonly kind: 'delay'; readonly delayMs: number } | { readonly kind: 'drop' }

export interface FaultProxy {
  readonly port: number
  /** After `drop` the connections that lost bytes are ended, since what follows a gap would be misread. */
  set(weather: Weather): void
  stop(): Promise<void>
}

/** Starts a proxy before a port of the loopback interface; nobody has to listen there yet. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let weather: Weather = { kind: 'pass' }
  const open = new Set<Socket>()
  const server = createServer((client) => join(client, connect(targetPort, '127.0.0.1')))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      if (weather.kind === 'drop') endAll()
      weather = next
    },
    async stop() {
      endAll()
      await once(server.close(), 'close')
    },
  }

  function join(client: Socket, target: Socket): void {
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      open.add(from)
      from.setNoDelay(true)
      from.on('error', () => to.destroy()) // whichever side is lost, the other one is to notice
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      from.pipe(passAsTheWeatherIs()).pipe(to)
    }
  }

  function passAsTheWeatherIs(): Transform {
    let passed: Promise<unknown> = Promise.resolve()
    return new Transform({
      // Each piece is late by itself, and none overtakes another: what is slow is the way, not what goes along it.
      transform(chunk, _encoding, done) {
        if (weather.kind !== 'drop') {
          const due = weather.kind === 'delay' ? setTimeoutAsync(weather.delayMs) : undefined
          passed = Promise.all([passed, due]).then(() => this.destroyed || this.push(chunk))
        }
        done()
      },
      flush: (done) => void passed.then(() => done()),
    })
  }

  function endAll(): void {
    for (const socket of open) socket.destroy()
  }
}
