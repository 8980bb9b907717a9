// One subscription for everybody in the process who listens: it is opened for the first of them and closed after the last.
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
}

/** Shares one subscription. Whoever comes when messages arrive already is told so at once. */
export function shareSubscription(subscribe: Subscribe): Subscribe {
  const listeners = new Set<Listener>()
  let shared: Shared | undefined

  return (hear, begun = () => undefined) => {
    const listener: Listener = { hear, begun }
    listeners.add(listener)
    if (shared === undefined) open()
    else if (shared.hasBegun) begun()
    let markClosed: () => void = () => undefined
    const closed = new Promise<void>((resolve) => (markClosed = resolve))
    return {
      ready: Promise.race([shared?.subscription?.ready, closed]).then(() => undefined),
      async close() {
        markClosed()
        if (!listeners.delete(listener) || listeners.size > 0) return
        const last = shared?.subscription
        shared = undefined
        await last?.close()
      },
    }
  }

  function open(): void {
    const own: Shared = { subscription: undefined, hasBegun: false }
    shared = own // before anything is heard, which may be at once
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
