// Seals what leaves the process and hides whose it is: a writer to the store can neither read a token, nor find a user's, nor move one.
import { authenticate } from '#crypto'
import { TokenStoreError } from '../kernel/errors/errors.ts'
import type { ObserverEvent } from '../kernel/observer.ts'
import { encodeKeyList } from './cache-key.ts'
import { maxEnvelopeLength, open, type Opening, type Place, seal } from './envelope.ts'
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
      let greatest: Opened | undefined
      for (const envelope of await readEach(store, keys, slot)) {
        if (envelope === undefined) continue
        const opening = await open(keys, placeOf(slot), envelope)
        if ('unopened' in opening) report(notOpened(opening.unopened))
        else if (opening.rank === undefined) return opening.text
        else if (greatest === undefined || opening.rank > (greatest.rank ?? 0)) greatest = opening
      }
      return greatest?.text
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
    ...(store.setIfGreater && {
      setIfGreater: sealRanked(store, store.setIfGreater.bind(store), ring, report),
    }),
    ...(store.faultGroup && { faultGroup: groupNames(store.faultGroup.bind(store), ring) }),
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

type Opened = Extract<Opening, { readonly text: string }>
type SetIfGreater = NonNullable<TokenStore['setIfGreater']>
type FaultGroup = NonNullable<TokenStore['faultGroup']>
type LeaseSlot = NonNullable<TokenStore['lease']>
type Publish = NonNullable<TokenStore['publish']>
type Subscribe = NonNullable<TokenStore['subscribe']>

/**
 * The store compares by a rank that whoever writes to it can change; what stands is believed by its sealed rank alone. An entry that
 * only pretends to be greater is removed and the text written once more; where it comes back, writing fails aloud.
 *
 * Only the slot of the current key is written, and none of another key deleted: reading takes the greatest of all.
 */
function sealRanked(
  store: TokenStore,
  setIfGreater: SetIfGreater,
  ring: Promise<RingKeys>,
  report: (message: string) => void,
): SetIfGreater {
  return async (slot, rank, text, ttlMs) => {
    const keys = await ring
    const place = placeOf(slot)
    const envelope = await seal(keys[0], place, text, rank)
    const name = await nameSlot(keys[0], slot)
    for (let tries = 1; tries <= 2; tries += 1) {
      const standing = await setIfGreater(name, rank, envelope, ttlMs)
      if (standing === undefined) return undefined
      const opening = await open(keys, place, standing)
      if ('text' in opening && (opening.rank ?? -1) >= rank) return opening.text
      report(
        'unopened' in opening
          ? notOpened(opening.unopened)
          : notOpened('of a lower rank than the store says'),
      )
      await store.delete(name)
    }
    throw new TokenStoreError('setIfGreater: what stands in the store was not written by one of us')
  }
}

function notOpened(why: string): string {
  return `An entry of the shared store was not opened: ${why}`
}

/** While a key is replaced, a slot has a name for each, and they may lie on different nodes. */
function groupNames(faultGroup: FaultGroup, ring: Promise<RingKeys>): FaultGroup {
  return async (partition) => {
    const groups = (await ring).map(async (key) => faultGroup(await namePartition(key, partition)))
    return (await Promise.all(groups)).join(' ')
  }
}

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
  return (listener, begun) => subscribe((envelope) => void receive(envelope, listener), begun)
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
