// Seals what leaves the process and hides whose it is: a writer to the store can neither read a token, nor find a user's, nor move one.
import { authenticate } from '#crypto'
import { TokenStoreError } from '../kernel/errors.ts'
import type { ObserverEvent } from '../kernel/observer.ts'
import { encodeKeyList } from './cache-key.ts'
import { maxEnvelopeLength, open, type Place, seal } from './envelope.ts'
import { createKeyRing, type KeyRingOptions, type RingKey, type RingKeys } from './key-ring.ts'
import type { Eventually, SealedTokenStore, Slot, TokenStore } from './store.ts'

/** What sealing is told besides its keys. */
export interface SealedOptions {
  /** Told of every entry and message that did not open (`store_failed`, operation `open`). Default: nobody is. */
  readonly observe?: (event: ObserverEvent) => void
}

/**
 * Puts encryption around a store: AES-256-GCM, each value tied to its slot, slots named by HMAC.
 *
 * What does not open is a miss and is reported; plain text is never taken for an entry.
 * Does not check that an entry is the latest of its slot: a writer to the store can put an older one back until it expires.
 *
 * @throws ConfigurationError naming the member of the key ring at fault.
 */
export function sealed(
  store: TokenStore,
  keyRing: KeyRingOptions,
  { observe = () => undefined }: SealedOptions = {},
): SealedTokenStore {
  const ring = createKeyRing(keyRing)
  const report = (message: string): void => {
    observe({ type: 'store_failed', operation: 'open', message })
  }
  return {
    sealed: true,
    async get(slot) {
      const keys = await ring
      for (const envelope of await readEach(store, keys, slot)) {
        if (envelope === undefined) continue
        const opening = await open(keys, placeOf(slot), envelope)
        if ('text' in opening) return opening.text
        report(`An entry of the shared store was not opened: ${opening.unopened}`)
      }
      return undefined
    },
    async set(slot, text, ttlMs) {
      const [current, ...others] = await ring
      const envelope = await seal(current, placeOf(slot), text)
      if (envelope.length > maxEnvelopeLength)
        throw new TokenStoreError('set: the entry is too large to be sealed')
      await store.set(await nameSlot(current, slot), envelope, ttlMs)
      await deleteEach(store, others, slot) // what a former key sealed is out of date now
    },
    async delete(slot) {
      await deleteEach(store, await ring, slot)
    },
    async deletePartition(partition) {
      const names = (await ring).map((key) => namePartition(key, partition))
      await Promise.all(names.map(async (name) => store.deletePartition(await name)))
    },
    ...(store.lease && { lease: sealLease(store.lease.bind(store), ring) }),
    ...(store.publish && { publish: sealPublish(store.publish.bind(store), ring) }),
    ...(store.subscribe && { subscribe: sealSubscribe(store.subscribe.bind(store), ring, report) }),
  }
}

/** One slot for each key of the ring, all at the same time; a ring of one key is one read. */
function readEach(store: TokenStore, keys: RingKeys, slot: Slot): Promise<(string | undefined)[]> {
  return Promise.all(keys.map(async (key) => store.get(await nameSlot(key, slot))))
}

async function deleteEach(store: TokenStore, keys: readonly RingKey[], slot: Slot): Promise<void> {
  await Promise.all(keys.map(async (key) => store.delete(await nameSlot(key, slot))))
}

type LeaseSlot = NonNullable<TokenStore['lease']>
type Publish = NonNullable<TokenStore['publish']>
type Subscribe = NonNullable<TokenStore['subscribe']>

function sealLease(lease: LeaseSlot, ring: Promise<RingKeys>): LeaseSlot {
  return async (slot, ttlMs) => {
    const [current] = await ring
    return lease(await nameSlot(current, slot), ttlMs)
  }
}

function sealPublish(publish: Publish, ring: Promise<RingKeys>): Publish {
  return async (message) => {
    const [current] = await ring
    await publish(await seal(current, messagePlace, message))
  }
}

/** A message that does not open was not sent by one of us: whoever can write to the store cannot make us forget at will. */
function sealSubscribe(
  subscribe: Subscribe,
  ring: Promise<RingKeys>,
  report: (message: string) => void,
): Subscribe {
  const receive = async (envelope: string, listener: (message: string) => void): Promise<void> => {
    const opening = await open(await ring, messagePlace, envelope)
    if ('text' in opening) listener(opening.text)
    else report(`A message of the shared store was not opened: ${opening.unopened}`)
  }
  return (listener) => subscribe((envelope) => void receive(envelope, listener))
}

const messagePlace: Place = ['message']

function placeOf({ partition, key }: Slot): Place {
  return ['entry', partition, key]
}

/** Digests would do against reading, but whoever knows a user's `oid` and `tid` could compute them; an HMAC needs the key. */
function namePartition({ naming }: RingKey, partition: string): Eventually<string> {
  return authenticate(naming, encodeKeyList(['partition', partition]))
}

async function nameSlot(key: RingKey, { partition, key: slotKey }: Slot): Promise<Slot> {
  const name = authenticate(key.naming, encodeKeyList(['slot', partition, slotKey]))
  return { partition: await namePartition(key, partition), key: await name }
}
