// A downstream API as it was configured: where it is, with whose token it is called, and how long and how often it is tried.

/** A downstream API as configured, resolved; shared by every call and altered by none. */
export interface DownstreamSettings {
  readonly name: string
  /** Ends in a slash. */
  readonly baseUrl: URL
  readonly scopes: readonly string[]
  /** The API as an issuer other than Entra knows it; `undefined` at Entra. Every acquisition for this API names it. */
  readonly audience: string | undefined
  /** Whose token it is called with; `either` goes by the kind of the caller. */
  readonly token: 'onBehalfOf' | 'app' | 'either'
  /** Until the headers of the answer, and where the answer is read here, until its last byte. Milliseconds. */
  readonly timeoutMs: number
  /** Longest answer that is read here. Bytes. */
  readonly maxResponseBytes: number
  /** Further sendings after 429 or 503 with `Retry-After`. */
  readonly maxRetries: number
  /** Until when, counted from the call, a retry has to begin. Milliseconds. */
  readonly retryBudgetMs: number
}
