// A connection of the pool that listens to one channel.
import type { OpenConnection } from './keep-subscribed.ts'

/** A connection that listens; it is taken out of the pool for as long as somebody is subscribed. */
export interface PostgresConnection {
  query(text: string): Promise<unknown>
  on(
    event: 'notification',
    listener: (notification: { readonly payload?: string | undefined }) => void,
  ): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  /** `true` closes the connection instead of giving it back. */
  release(destroy?: boolean): void
}

interface Waiting {
  readonly take: (connection: PostgresConnection) => void
  readonly fail: (error: unknown) => void
}

/** Opens connections that listen. A pool that has none to give is asked once, and not again for each try. */
export function listenOn(connect: () => Promise<PostgresConnection>, channel: string): OpenConnection {
  let isConnecting = false
  let waiting: Waiting | undefined

  return (hear, lost) => {
    let own: Waiting | undefined
    let connection: PostgresConnection | undefined

    return { opened: open(), ping: async () => connection?.query('SELECT 1'), close }

    async function open(): Promise<void> {
      const taken = await new Promise<PostgresConnection>((take, fail) => {
        own = { take, fail }
        waiting = own
        if (!isConnecting) connectOnce()
      })
      connection = taken
      taken.on('notification', ({ payload = '' }) => hear(payload))
      taken.on('error', lost)
      taken.on('end', lost)
      await taken.query(`LISTEN "${channel}"`)
    }

    function close(): void {
      if (waiting === own) waiting = undefined
      connection?.release(true) // closed, not given back: it would go on listening in the pool
      connection = undefined
    }
  }

  function connectOnce(): void {
    isConnecting = true
    connect().then(
      (connection) => {
        const taker = settle()
        if (taker === undefined) connection.release(true)
        else taker.take(connection)
      },
      (error: unknown) => settle()?.fail(error),
    )
  }

  function settle(): Waiting | undefined {
    const taker = waiting
    isConnecting = false
    waiting = undefined
    return taker
  }
}
