// Who is told when a signal aborts. A signal may be that of a request with many calls, or live as long as the process.

interface Followers {
  readonly ends: Set<() => void>
  readonly listener: () => void
}

const following = new WeakMap<AbortSignal, Followers>()

/**
 * Calls `end`, a function of its own, when the signal aborts; what comes back ends that. A signal that has aborted already calls nobody.
 *
 * However many follow a signal, it has one listener: with more than ten of them Node warns of a leak.
 */
export function onAbort(signal: AbortSignal, end: () => void): () => void {
  const { ends, listener } = following.get(signal) ?? follow(signal)
  ends.add(end)
  return () => {
    if (!ends.delete(end) || ends.size > 0) return
    signal.removeEventListener('abort', listener)
    following.delete(signal)
  }
}

function follow(signal: AbortSignal): Followers {
  const ends = new Set<() => void>()
  const listener = (): void => {
    for (const end of ends) end()
  }
  signal.addEventListener('abort', listener)
  const followers = { ends, listener }
  following.set(signal, followers)
  return followers
}
