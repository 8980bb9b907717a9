// Finds ports for the scenario: the wanted one, or the next that is free on the loopback addresses.
import { createServer } from 'node:net'

/** The processes of the scenario. */
export type ProcessName = 'emulator' | 'todoApi' | 'middleTier' | 'client'

/** A port for each process. */
export type Ports<Name extends string = ProcessName> = Readonly<Record<Name, number>>

/** What people find in the documentation. The page ends first, the authority last: nobody is left asking somebody who has gone. */
export const defaultPorts: Ports = { emulator: 8484, todoApi: 5002, middleTier: 5001, client: 3000 }

const attempts = 50

/** How ports are found. */
export interface FindPortsOptions {
  /** Told when a wanted port is not free. */
  readonly onTaken?: (port: number, instead: number) => void
  /** Whether nobody listens on a port. Default: by trying to. */
  readonly isFree?: (port: number) => Promise<boolean>
}

/**
 * A free port for each process. Does not keep it: whoever listens first has it.
 *
 * @throws Error when fifty ports in a row are taken.
 */
export async function findPorts<Name extends string>(
  wanted: Ports<Name>,
  { onTaken, isFree = isPortFree }: FindPortsOptions = {},
): Promise<Ports<Name>> {
  const found = new Map<Name, number>()
  for (const name of Object.keys(wanted) as Name[]) {
    const port = await findPort(wanted[name], new Set(found.values()), isFree)
    if (port !== wanted[name]) onTaken?.(wanted[name], port)
    found.set(name, port)
  }
  return Object.fromEntries(found) as Ports<Name>
}

async function findPort(
  wanted: number,
  ours: ReadonlySet<number>,
  isFree: (port: number) => Promise<boolean>,
): Promise<number> {
  const last = Math.min(wanted + attempts - 1, 65_535)
  for (let port = wanted; port <= last; port += 1) if (!ours.has(port) && (await isFree(port))) return port
  throw new Error(`The ports from ${wanted} to ${last} are all taken; stop a program that uses one of them`)
}

/** Whether nobody listens on either loopback address: a browser may try each of them for `localhost`. */
export async function isPortFree(port: number): Promise<boolean> {
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
