// Ports for servers that cannot be told to take any: chosen, tried, and given up for others until the server has them.
import { once } from 'node:events'
import { createServer } from 'node:net'

// Outgoing connections come from 32 768 on (Linux) or 49 152 on (macOS, Windows): a server that comes back finds its port free.
const first = 11_000
const end = 31_800
const perProcess = 40

/** Other processes begin elsewhere, so that hardly ever two of them want one port. */
let next = first + ((process.pid * perProcess) % (end - first))

/** Ports of the loopback interface that are free at the moment; all different, and other ones at each call. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = next
    next = next + 1 < end ? next + 1 : first
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true })
  try {
    await once(server, 'listening')
    await once(server.close(), 'close')
    return true
  } catch {
    return false // taken, by whomever
  }
}

/** Tries until it works. @throws the last error when it has not after two minutes. */
export async function untilDone(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await attempt()
      return
    } catch (error) {
      if (tries === 2400) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
