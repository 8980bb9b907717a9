// Work that goes on behind a request's back is handed to the platform, where that ends what is left over when a request is answered.

/** Keeps a platform from ending work that nobody waits for: `waitUntil` of Cloudflare Workers or Vercel, `after` of Next.js. */
export type WaitUntil = (work: Promise<unknown>) => void

/** What a host gives beside a request: the context of a Worker, the event of a middleware of Next.js. May throw where there is none, as Hono does. */
export type Host = () => readonly unknown[]

/** Hands work to the first of what a host gives that keeps work alive, if any does. */
export function keepAlive(work: Promise<unknown>, host: Host | undefined): void {
  carefully((left) => host?.().find(canWait)?.waitUntil(left))(work)
}

function canWait(value: unknown): value is { readonly waitUntil: WaitUntil } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'waitUntil' in value &&
    typeof value.waitUntil === 'function'
  )
}

/** As an owner gave it, without its failures: outside of a request some platforms have nothing to keep alive, and throw. */
export function carefully(waitUntil: WaitUntil): WaitUntil {
  return (work) => {
    try {
      waitUntil(work)
    } catch {
      // The work goes on or is ended; it is begun again when it is next needed.
    }
  }
}
