// What midtier costs, as it was measured: every constant of the model stands here, and a test or a command measures each again.

/**
 * Operations are held by `test/plan/constants.test.ts`, which counts those of the library; bytes in Redis and the pieces of time by
 * `npm run bench -- scaling`, whose `benchmarks/results/scaling.md` says on which machine.
 */
export const measured = {
  /** Operations of the store for one request, by how it ends. */
  operations: {
    memoryHit: 0,
    /** `get`. */
    storeHit: 1,
    /** `get`, `lease`, `get` again, `set`, and the lease given back. */
    exchange: 5,
    /** A look of who waits for another process's exchange: `lease`, which is refused, and `get`. */
    refusedLook: 2,
    /** The look that finds the token: `lease`, `get`, and the lease given back. */
    lastLook: 3,
  },
  /** A token with less than this left is not given while another is to be had. Seconds. */
  expiryBufferSeconds: 300,
  /** Share of its life after which a token is renewed in the background, and the share of that which chance takes off at most. */
  renewalShare: 0.5,
  renewalSpread: 0.1,
  /** Bytes of an entry by the count of the process (`tokenCache.maxBytes`), beside those of the access token. */
  countedBytes: 1_214,
  /** Bytes of heap of a token that is kept in the process, beside those of the access token; and of a verified incoming
   * token (`results/acquire.md`). */
  heapBytes: 1_479,
  verifiedBytes: 2_940,
  /** Verified incoming tokens that are remembered (`maxCachedTokens`). */
  verifiedTokens: 20_000,
  /** Bytes in Redis of an entry and its line in the list of its account, beside 4/3 of the access token; and of the list. */
  storeEntryBytes: 1_440,
  storeAccountBytes: 193,
  /** Bytes of a process that has no user yet. */
  processBytes: 104_000_000,
  /**
   * Processor time of the process, microseconds: Express behind a token that it knows (`results/server.md`); a token from the store; an
   * exchange, its request to the authority included (`results/acquire.md`).
   */
  requestMicroseconds: 143,
  storeHitMicroseconds: 72,
  exchangeMicroseconds: 539,
  /** Processor time of Redis for an operation that reads, and for an exchange, two of whose operations are scripts. Microseconds. */
  redisReadMicroseconds: 9.9,
  redisExchangeMicroseconds: 70,
} as const
