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
  /**
   * Optional: writes, as one step that no other process comes between, unless the slot holds a value of the same rank or a greater
   * one; then that value is given back and stays. What `set` wrote has no rank and gives way. `rank` is a whole number, at least 0.
   */
  setIfGreater?(slot: Slot, rank: number, value: Value, ttlMs: number): Eventually<Value | undefined>
  /** Optional: lets one process at a time fill a slot. `undefined` when another one holds the lease. */
  lease?(slot: Slot, ttlMs: number): Eventually<Lease | undefined>
  /** Optional: tells every process that shares the store, this one included. At most 4 096 characters; the store does not read them. */
  publish?(message: string): Eventually<void>
  /**
   * Optional: hears what is published from now on. Messages are lost while a connection is: `begun` has to be called each time that
   * they begin to arrive, the first time included, so that the listener can make up for what it may have missed. A connection that is
   * silent has to be found out within seconds. Neither function throws.
   */
  subscribe?(listener: (message: string) => void, begun?: () => void): Subscription
  /**
   * Optional: names the partitions that fail together, such as those on one node of a cluster, so that the others are still used while
   * it is down. Few names, and no I/O. Default: all fail together.
   */
  faultGroup?(partition: string): Eventually<string>
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
