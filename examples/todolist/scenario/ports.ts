// Finds ports for the scenario: the wanted one, or the next that is free on the loopback addresses.
import { createServer } from 'node:net'

/** The processes of the scenario, in the order in which they start. */
export const processNames = ['emulator', 'todoApi', 'middleTier', 'client'] as const
export type ProcessName = (typeof processNames)[number]

/** A port for each process. */
export type Ports = Readonly<Record<ProcessName, number>>

/** What people find in the documentation. */
export const defaultPorts: Ports = { emulator: 8484, todoApi: 5002, middleTier: 5001, client: 3000 }

const attempts = 50

/**
 * A free port for each process.
 *
 * @throws Error when fifty ports in a row are taken.
 */
export async function findPorts(
  wanted: Ports,
  onTaken: (port: number, instead: number) => void,
): Promise<Ports> {
  const found = new Map<ProcessName, number>()
  for (const name of processNames) {
    const port = await findPort(wanted[name], new Set(found.values()))
    if (port !== wanted[name]) onTaken(wanted[name], port)
    found.set(name, port)
  }
  return Object.fromEntries(found) as Ports
}

async function findPort(wanted: number, ours: ReadonlySet<number>): Promise<number> {
  for (let port = wanted; port < wanted + attempts; port += 1)
    if (!ours.has(port) && (await isFree(port))) return port
  throw new Error(
    `The ports from ${wanted} to ${wanted + attempts - 1} are all taken; stop a program that uses one of them`,
  )
}

/** Both loopback addresses: a browser may try either for `localhost`. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    // A machine without IPv6 has nobody listening there.
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'EADDRINUSE' && error.code !== 'EACCES'),
    )
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
