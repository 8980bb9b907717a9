// Whether a platform keeps requests apart: there, what one of them has begun may end with it, and no other may wait for it.

/** As much of a platform as tells which one it is. */
interface Platform {
  readonly navigator?: { readonly userAgent?: string }
  readonly EdgeRuntime?: unknown
  readonly WebSocketPair?: unknown
}

let known: boolean | undefined

/**
 * Whether requests are isolated here: on Cloudflare Workers, whose I/O belongs to the request that began it, and in Vercel's Edge runtime.
 *
 * By what runs, not by an import condition: a bundle that was made for Node runs there as well.
 * @see https://developers.cloudflare.com/workers/runtime-apis/web-standards/#navigatoruseragent
 */
export function areRequestsIsolated(): boolean {
  return (known ??= isolates(globalThis))
}

/** For {@link areRequestsIsolated}; apart, so that a test can describe a platform. */
export function isolates({ navigator, EdgeRuntime, WebSocketPair }: Platform): boolean {
  return (
    navigator?.userAgent === 'Cloudflare-Workers' ||
    WebSocketPair !== undefined || // Workers with a compatibility date before March 2022 do not tell their name
    EdgeRuntime !== undefined
  )
}
