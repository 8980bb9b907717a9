// Work that goes on behind a request's back is handed to the platform, where that ends what is left over when a request is answered.

/** Keeps a platform from ending work that nobody waits for: `waitUntil` of Cloudflare Workers or Vercel, `after` of Next.js. */
export type WaitUntil = (work: Promise<unknown>) => void

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
