// A subscription that lives on: when it cannot be had or its connection is lost, it is opened again until it is closed.
import type { Eventually, Subscription } from '../token-cache/store.ts'

/** A connection on which messages arrive. */
export interface Connection {
  /** Resolves when messages arrive; rejects when they will not. */
  readonly opened: Promise<unknown>
  /** Gives the connection up, opened or not. */
  close(): Eventually<void>
}

/** Pause before another try, in milliseconds. */
const pauseMs = 1000

/** Starts to open a connection; calls `hear` for each message, and `lost` when none arrive any more. */
export type OpenConnection = (hear: (message: string) => void, lost: () => void) => Connection

/** Keeps a connection open until the subscription is closed. */
export function keepSubscribed(listener: (message: string) => void, open: OpenConnection): Subscription {
  let connection: Connection | undefined
  let timer: NodeJS.Timeout | undefined
  let markReady: () => void = () => undefined
  const ready = new Promise<void>((resolve) => (markReady = resolve))
  start()

  return {
    ready,
    async close() {
      const last = connection
      connection = undefined
      clearTimeout(timer)
      markReady()
      await last?.close()
    },
  }

  function start(): void {
    const hear = (message: string): void => {
      if (connection === next) listener(message) // what a connection still has when it is closed is not heard
    }
    const next = open(hear, () => startLater(next))
    connection = next
    next.opened.then(markReady, () => startLater(next))
  }

  /** The client reports its outages to its owner; here the answer to each of them is another try. */
  function startLater(failed: Connection): void {
    if (connection !== failed) return // closed, or given up already
    connection = undefined
    void failed.close()
    timer = setTimeout(start, pauseMs)
    timer.unref() // a process with nothing else to do may end
  }
}
