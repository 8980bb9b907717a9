// The port of a token store: slots in partitions, each value with a time to live; values are opaque to the store.

/** A value now, or a promise of it. A store inside the process answers at once, so that a cached token costs no turn of the event loop. */
export type Eventually<Value> = Value | Promise<Value>

/** Which slot. Partition and key are exact texts (well-formed Unicode, at most 1 024 bytes each); nothing ever searches. */
export interface Slot {
  /** All slots of one account, deleted together. */
  readonly partition: string
  readonly key: string
}

/**
 * Keeps values until their time is over. `Value` is text for stores outside the process.
 *
 * A store may lose values at any time and may throw: both are a miss to the library.
 */
export interface TokenStore<Value = string> {
  get(slot: Slot): Eventually<Value | undefined>
  /** Writes or replaces; the value is gone after `ttlMs`. */
  set(slot: Slot, value: Value, ttlMs: number): Eventually<void>
  delete(slot: Slot): Eventually<void>
  /** Deletes every slot of the partition. */
  deletePartition(partition: string): Eventually<void>
  /** Optional: lets one process at a time fill a slot. `undefined` when another one holds the lease. */
  lease?(slot: Slot, ttlMs: number): Eventually<Lease | undefined>
  /** Optional: tells every process that shares the store, this one included. At most 4 096 characters; the store does not read them. */
  publish?(message: string): Eventually<void>
  /** Optional: hears what is published from now on. Messages may be lost while a connection is; nobody may depend on them. The listener must not throw. */
  subscribe?(listener: (message: string) => void): Subscription
}

/** The right to fill a slot, which ends by itself. */
export interface Lease {
  /** Gives the right back, unless it ended and somebody else has it by now. */
  release(): Eventually<void>
}

/** A connection on which messages arrive, restored by itself until it is closed. */
export interface Subscription {
  /** Resolves when messages arrive for the first time, or it is closed; never rejects. */
  readonly ready: Promise<void>
  close(): Eventually<void>
}

/** A store whose values are encrypted and tied to their slot before they leave the process. */
export interface SealedTokenStore extends TokenStore {
  /** Says so in the type: a plain store cannot be handed in where tokens would be written in the clear. */
  readonly sealed: true
}
