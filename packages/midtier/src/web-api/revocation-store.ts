// Revocations in the shared store: for each subject an instant that only ever moves on, whoever else writes at the same time.
import type { SharedStore } from '../acquire/shared/shared-store.ts'
import { TokenStoreError } from '../kernel/errors/errors.ts'
import { type Sleep, systemSleep } from '../kernel/time/sleep.ts'
import type { RevocationStore } from '../protect/revocations/revocations.ts'
import type { Settings } from '../settings/settings.ts'
import { encodeKeyList } from '../token-cache/cache-key.ts'
import type { Slot, Subscription } from '../token-cache/store.ts'

/** Keeps revocations beside the tokens. */
export function createRevocationStore(
  { registration, clientId }: Pick<Settings, 'registration' | 'clientId'>,
  store: SharedStore,
  sleep: Sleep = systemSleep,
): RevocationStore {
  // One registration's revocations are no other's, though they share a store.
  const scope = encodeKeyList([registration.authority.name, clientId])
  const slotOf = (subject: string): Slot => ({
    partition: encodeKeyList(['revocation', scope, subject]),
    key: encodeKeyList(['not before', scope, subject]),
  })
  const raise =
    store.setIfGreater === undefined ? raiseAndLookAgain(store, sleep) : raiseAtOnce(store.setIfGreater)
  return {
    read: async (subject, urgency) => readNotBefore(await store.get(slotOf(subject), urgency)),
    raise: (subject, notBeforeMs, ttlMs) => raise(slotOf(subject), notBeforeMs, ttlMs),
    ...messages(store, scope),
  }
}

type Raise = (slot: Slot, notBeforeMs: number, ttlMs: number) => Promise<void>

function raiseAtOnce(setIfGreater: NonNullable<SharedStore['setIfGreater']>): Raise {
  return async (slot, notBeforeMs, ttlMs) => {
    await setIfGreater(slot, notBeforeMs, String(notBeforeMs), ttlMs)
  }
}

/** How often an instant is written again over an earlier one. */
const maxTries = 3

/**
 * For a store that cannot compare. Whoever read before we wrote may write an earlier instant over ours; that takes a writer at most
 * twice its time limit, so that we look again after as much. A write that lands still later has failed aloud at its writer, and takes
 * ours back from processes that begin after it: that much cannot be promised here.
 */
function raiseAndLookAgain(store: SharedStore, sleep: Sleep): Raise {
  return async (slot, notBeforeMs, ttlMs) => {
    for (let tries = 1; ; tries += 1) {
      if (readNotBefore(await store.get(slot, 'needed')) >= notBeforeMs) return
      if (tries > maxTries)
        throw new TokenStoreError('set: others keep writing earlier revocations over this one')
      await store.set(slot, String(notBeforeMs), ttlMs, 'needed')
      await sleep(2 * store.timeoutMs)
    }
  }
}

function readNotBefore(text: string | undefined): number {
  if (text === undefined) return 0
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new TokenStoreError('get: a revocation is written in another way')
}

/** Version included: a process of another version is not understood rather than misunderstood. */
const prefix = 'revoke/1'

function messages(store: SharedStore, scope: string): Pick<RevocationStore, 'tell' | 'hear' | 'close'> {
  let subscription: Subscription | undefined
  const start = `${prefix} ${scope} `
  return {
    tell: async (subject, notBeforeMs) => store.publish?.(`${start}${notBeforeMs} ${subject}`),
    hear(listener, begun) {
      subscription = store.subscribe?.((message) => {
        if (!message.startsWith(start)) return
        const [, notBeforeMs, subject] = /^(\d{1,15}) (.+)$/s.exec(message.slice(start.length)) ?? []
        if (subject !== undefined) listener(subject, Number(notBeforeMs))
      }, begun)
    },
    async close() {
      await subscription?.close()
    },
  }
}
