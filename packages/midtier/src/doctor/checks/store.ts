// The shared store: a value of the doctor's own goes in sealed, comes back, and is deleted; how long that takes.
import { isError } from '../../kernel/errors/other-realms.ts'
import { steady } from '../../kernel/time/steady-clock.ts'
import { withTimeLimit } from '../../kernel/time/time-limit.ts'
import { sealed } from '../../token-cache/sealed.ts'
import type { TokenStore } from '../../token-cache/store.ts'
import type { Check } from '../check.ts'
import { failed, passed, warned, type Finding } from '../finding.ts'

/** Slower than this, and a store costs more than it saves. Milliseconds. */
const slowMs = 50

export const examineStore: Check = async ({ settings: { tokenCache, clock } }) => {
  const { shared, storeTimeoutMs } = tokenCache
  if (shared === undefined) return [passed('store', 'none: tokens are kept in each process')]
  const written: string[] = []
  const store = sealed(recording(shared.store, written), shared.keyRing)
  const slot = { partition: `midtier doctor ${crypto.randomUUID()}`, key: 'k' } // two may look at the same time
  const text = crypto.randomUUID()
  try {
    return await withTimeLimit(
      storeTimeoutMs * 4,
      async () => {
        const start = steady(clock).passedMs()
        await store.set(slot, text, 60_000)
        const back = await store.get(slot)
        const tookMs = (steady(clock).passedMs() - start) / 2
        await store.delete(slot)
        const after = await store.get(slot)
        await store.deletePartition(slot.partition) // as accounts are forgotten; and what a store notes beside entries goes with it
        return conclude({
          isKept: back === text,
          isGone: after === undefined,
          tookMs,
          isSealed: written.every((each) => !each.includes(text)),
        })
      },
      () => new StoreSilence(),
    )
  } catch (error) {
    if (!isError(error)) throw error
    return [
      failed('store', {
        is:
          error instanceof StoreSilence
            ? `silent for ${String(storeTimeoutMs * 4)} ms`
            : `fails: ${describe(error)}`,
        should: 'it keeps what it is given',
        mend: 'check that the store runs, its address, and its credentials',
      }),
    ]
  }
}

class StoreSilence extends Error {
  override readonly name = 'StoreSilence'
}

/** Its code, or its name: a message may hold the address with a password in it. */
function describe(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function recording(store: TokenStore, written: string[]): TokenStore {
  return {
    get: (slot) => store.get(slot),
    set: (slot, value, ttlMs) => {
      written.push(value)
      return store.set(slot, value, ttlMs)
    },
    delete: (slot) => store.delete(slot),
    deletePartition: (partition) => store.deletePartition(partition),
  }
}

interface RoundTrip {
  readonly isKept: boolean
  readonly isGone: boolean
  readonly isSealed: boolean
  readonly tookMs: number
}

function conclude({ isKept, isGone, isSealed, tookMs }: RoundTrip): readonly Finding[] {
  const took = `${tookMs.toFixed(1)} ms for each step`
  const keeps =
    isKept && isGone
      ? passed('store', `keeps and deletes, in ${took}`)
      : failed('store', {
          is: isKept ? 'what was deleted is still there' : 'what was written a moment ago is not there',
          should: 'it keeps what it is given until it is deleted',
          mend: 'write to and read from the same primary, and check its eviction policy: maxmemory-policy',
        })
  const slow = warned('store_latency', {
    is: took,
    should: `less than ${String(slowMs)} ms`,
    mend: 'move the store next to this API',
  })
  const sealing = isSealed
    ? passed('sealing', 'what leaves this process is encrypted')
    : failed('sealing', {
        is: 'a value left this process in the clear',
        should: 'encrypted',
        mend: 'update midtier',
      })
  return [keeps, ...(tookMs > slowMs ? [slow] : []), sealing]
}
