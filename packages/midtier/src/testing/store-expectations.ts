// What the cases of the store conformance say in one line: a fresh slot, an expected value, a lease, a message heard.
import type { Lease, Slot, Subscription, TokenStore } from '../token-cache/store.ts'

/** A partition that nobody else uses. */
export function newPartition(): string {
  return `conformance-${crypto.randomUUID()}z`
}

/** A slot that nobody else uses. */
export function newSlot(): Slot {
  const partition = newPartition()
  return { partition, key: `${partition}/key` }
}

/** @throws Error unless the slot has this value. */
export async function expectValue(
  store: TokenStore,
  slot: Slot,
  expected: string | undefined,
): Promise<void> {
  const value = await store.get(slot)
  if (value === expected) return
  throw new Error(`Expected ${show(expected)} in ${JSON.stringify(slot)}, not ${show(value)}`)
}

function show(value: string | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value.slice(0, 80))
}

/** @throws Error unless the condition holds. */
export function expectThat(condition: boolean, expected: string): void {
  if (!condition) throw new Error(`Expected ${expected}`)
}

/** Asks for a lease. */
export async function takeLease(store: TokenStore, slot: Slot, ttlMs: number): Promise<Lease | undefined> {
  expectThat(store.lease !== undefined, 'a store that has leases')
  return store.lease?.(slot, ttlMs)
}

/** Takes a lease. @throws Error when it is not given. */
export async function expectLease(store: TokenStore, slot: Slot, ttlMs: number): Promise<Lease> {
  const lease = await takeLease(store, slot, ttlMs)
  if (lease === undefined) throw new Error('Expected the lease of a slot that nobody holds')
  return lease
}

/** What a subscriber has heard. */
export interface Heard {
  readonly subscription: Subscription
  readonly messages: readonly string[]
  /** Waits for a message. @throws Error when it has not come after ten seconds. */
  readonly until: (message: string, wait: (durationMs: number) => Promise<void>) => Promise<void>
}

/** Listens to the messages of a store. */
export async function listen(store: TokenStore): Promise<Heard> {
  const messages: string[] = []
  const subscription = store.subscribe?.((message) => messages.push(message))
  if (subscription === undefined) throw new Error('Expected a store that has messages')
  await subscription.ready
  return {
    subscription,
    messages,
    until: async (message, wait) => {
      for (let tries = 0; tries < 500 && !messages.includes(message); tries += 1) await wait(20)
      expectThat(messages.includes(message), `the message ${show(message)}`)
    },
  }
}
