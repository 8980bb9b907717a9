// A subscription that lives on: when its connection is lost, or has become silent, another one is opened, until it is closed.
import { withTimeLimit } from '../kernel/time/time-limit.ts'
import type { Subscribe } from '../token-cache/share-subscription.ts'
import type { Eventually } from '../token-cache/store.ts'

/** A connection on which messages arrive. */
export interface Connection {
  /** Resolves when messages arrive; rejects when they will not. */
  readonly opened: Promise<unknown>
  /** Asks the other side for a sign of life, on this very connection. */
  ping(): Promise<unknown>
  /** Gives the connection up, opened or not. */
  close(): Eventually<void>
}

/** Starts to open a connection; calls `hear` for each message, and `lost` when none arrive any more. */
export type OpenConnection = (hear: (message: string) => void, lost: () => void) => Connection

/** Pause before another try, in milliseconds. */
const pauseMs = 1000
/** Longest wait for a connection. */
const openLimitMs = 5000
/** A connection on which nothing has been heard for this long is asked for a sign of life. */
const quietMs = 2000
/** Longest wait for the sign of life: a connection that goes silent without a reset is noticed after both. */
const pingLimitMs = 2000

/** Keeps a connection open until the subscription is closed; says each time that messages begin to arrive on one. */
export function keepSubscribed(open: OpenConnection): Subscribe {
  return (listener, begun = () => undefined) => {
    let connection: Connection | undefined
    let timer: NodeJS.Timeout | undefined
    let hasHeard = false
    const { promise: ready, resolve: markReady } = deferred()
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
        if (connection !== next) return // what a connection still has when it is closed is not heard
        hasHeard = true
        listener(message)
      }
      const next = open(hear, () => startLater(next))
      connection = next
      limited(openLimitMs, () => next.opened).then(
        () => {
          if (connection !== next) return
          begun()
          markReady()
          watch(next)
        },
        () => startLater(next),
      )
    }

    /** What was heard is sign of life enough. */
    function watch(watched: Connection): void {
      if (connection !== watched) return
      hasHeard = false
      later(quietMs, () => {
        if (connection !== watched) return
        const alive = hasHeard ? Promise.resolve() : limited(pingLimitMs, () => watched.ping())
        alive.then(
          () => watch(watched),
          () => startLater(watched),
        )
      })
    }

    /** The client reports its outages to its owner; here the answer to each of them is another try. */
    function startLater(failed: Connection): void {
      if (connection !== failed) return // closed, or given up already
      connection = undefined
      Promise.resolve(failed.close()).catch(() => undefined) // it has failed: how it ends is nobody's concern
      later(pauseMs, start)
    }

    /** One timer at a time; a process with nothing else to do may end. */
    function later(durationMs: number, work: () => void): void {
      clearTimeout(timer)
      timer = setTimeout(work, durationMs)
      timer.unref()
    }
  }
}

/** A promise, and what resolves it. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((given) => (resolve = given))
  return { promise, resolve: () => resolve() }
}

function limited(limitMs: number, work: () => Promise<unknown>): Promise<unknown> {
  return withTimeLimit(limitMs, work, () => new Error(`Nothing came within ${limitMs} ms`))
}
