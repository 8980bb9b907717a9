// The life of one server process: listens on the loopback address alone, says when it is ready, and ends politely.
import { createServer, type RequestListener } from 'node:http'

/** What {@link listen} needs. */
export interface ListenOptions {
  /** For the lines that the process prints. */
  readonly name: string
  readonly port: number
  /** Runs after the last request, before the process ends. */
  readonly close?: () => Promise<void>
}

const drainMs = 2_000

/** Serves until SIGTERM or SIGINT; a taken port ends the process with a line that says so. */
export function listen(app: RequestListener, { name, port, close }: ListenOptions): void {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, app)
  server.on('error', (error: NodeJS.ErrnoException) => {
    console.error(
      error.code === 'EADDRINUSE'
        ? `${name}: port ${port} is taken.`
        : `${name} cannot listen on port ${port}: ${error.message}`,
    )
    process.exitCode = 1
    void close?.()
  })
  server.listen(port, '127.0.0.1', () => console.log(`${name} is ready at http://localhost:${port}`))

  const end = (): void => {
    server.close(() => void finish(close))
    setTimeout(() => server.closeAllConnections(), drainMs).unref()
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}

async function finish(close: ListenOptions['close']): Promise<void> {
  await close?.()
  process.exit()
}
