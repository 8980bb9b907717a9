// The shared store of a web API, sealed and within limits: opened once, whatever is kept in it.
import { createSharedStore, type SharedStore } from '../acquire/shared/shared-store.ts'
import { systemRandom } from '../kernel/crypto/random.ts'
import type { Settings } from '../settings/settings.ts'
import { sealed } from '../token-cache/sealed.ts'
import { watch } from './watch.ts'

/** Opens the store of the option `tokenCache`; `undefined` without one. Does not contact it. */
export function openSharedStore(settings: Settings): SharedStore | undefined {
  const { tokenCache, clock } = settings
  const { shared, storeTimeoutMs } = tokenCache
  if (shared === undefined) return undefined
  const { observe } = watch(settings)
  const report = (message: string, operation: string): void =>
    observe({ type: 'store_failed', operation, message })
  const store = sealed(shared.store, shared.keyRing, { observe })
  return createSharedStore(store, { timeoutMs: storeTimeoutMs }, { clock, random: systemRandom, report })
}
