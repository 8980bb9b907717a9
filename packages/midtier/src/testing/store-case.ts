// One thing that a store must do, and what it is tried on.
import type { TokenStore } from '../token-cache/store.ts'

/** A store as the cases see it; they use partitions of their own, so that it need not be empty. */
export interface StoreUnderTest {
  /** The store, as one process has it. */
  readonly store: TokenStore
  /** The same store, as another process has it; for a store inside the process the same object. */
  readonly other: TokenStore
  /** Lets time pass, in milliseconds: by waiting, or by moving the clock that was handed to the store. */
  readonly wait: (durationMs: number) => Promise<void>
}

/** What a store may have besides keeping values; a store without it does not run the cases that need it. */
export type StoreFeature = 'lease' | 'messages' | 'ranks'

/** One thing that a store must do. */
export interface StoreCase {
  /** A sentence about the store. */
  readonly name: string
  /** `undefined` for what every store must do. */
  readonly needs: StoreFeature | undefined
  /** @throws Error saying what was expected and what came. */
  run(subject: StoreUnderTest): Promise<void>
}

/** Longer than any case takes. */
export const minuteMs = 60_000

/** A case of stores that have a feature. */
export function needing(needs: StoreFeature, name: string, run: StoreCase['run']): StoreCase {
  return { name, needs, run }
}
