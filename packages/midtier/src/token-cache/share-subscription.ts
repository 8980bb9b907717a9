// One subscription for everybody in the process who listens: it is opened for the first of them and closed after the last.
import type { Later } from '../kernel/time/later.ts'
import type { Subscription, TokenStore } from './store.ts'

/** Subscribes, as a store does. */
export type Subscribe = NonNullable<TokenStore['subscribe']>

interface Listener {
  readonly hear: (message: string) => void
  readonly begun: () => void
}

/** What is shared while somebody listens. */
interface Shared {
  subscription: Subscription | undefined
  hasBegun: boolean
  stopTrying: () => void
}

function createShared(): Shared {
  return { subscription: undefined, hasBegun: false, stopTrying: () => undefined }
}

/** What is done when subscribing throws. */
export interface Retrying {
  /** Between two tries, in milliseconds. */
  readonly pauseMs: number
  readonly later: Later
  /** Told of the first failure of a row. */
  readonly failed: (error: unknown) => void
}

/**
 * Shares one subscription. Whoever comes when messages arrive already is told so at once.
 *
 * @param retrying Subscribing is tried again and again while somebody listens, who is not kept waiting. Default: what it throws is thrown
 *   to who wants to listen, and the next one tries again.
 */
export function shareSubscription(subscribe: Subscribe, retrying?: Retrying): Subscribe {
  const listeners = new Set<Listener>()
  let shared: Shared | undefined

  return (hear, begun = () => undefined) => {
    const listener: Listener = { hear, begun }
    listeners.add(listener)
    if (shared === undefined) openFor(listener)
    else if (shared.hasBegun) begun()
    let markClosed: () => void = () => undefined
    const closed = new Promise<void>((resolve) => (markClosed = resolve))
    return {
      ready: Promise.race([shared?.subscription?.ready, closed]).then(() => undefined),
      async close() {
        markClosed()
        if (!listeners.delete(listener) || listeners.size > 0) return
        const last = shared
        shared = undefined
        last?.stopTrying()
        await last?.subscription?.close()
      },
    }
  }

  function openFor(listener: Listener): void {
    const own = (shared = createShared()) // before anything is heard, which may be at once
    try {
      open(own)
    } catch (error) {
      if (retrying === undefined) {
        shared = undefined
        listeners.delete(listener)
        throw error
      }
      retrying.failed(error)
      tryLater(own, retrying)
    }
  }

  /** That subscribing failed was told the first time. Nobody waits for a later one to be ready, so that its failure is heard here. */
  function tryLater(own: Shared, retrying: Retrying): void {
    if (shared !== own) return
    own.stopTrying = retrying.later(retrying.pauseMs, () => {
      try {
        if (shared === own) open(own)
        own.subscription?.ready.catch(() => tryLater(own, retrying))
      } catch {
        tryLater(own, retrying)
      }
    })
  }

  function open(own: Shared): void {
    own.subscription = subscribe(
      (message) => {
        if (shared === own) for (const { hear } of [...listeners]) hear(message)
      },
      () => {
        if (shared !== own) return
        own.hasBegun = true
        for (const { begun } of [...listeners]) begun()
      },
    )
  }
}
