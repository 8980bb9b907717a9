// Who is told when a signal aborts. A signal may be that of a request with many calls, or live as long as the process.

interface Followers {
  readonly ends: Set<() => void>
  readonly listener: () => void
}

const following = new WeakMap<AbortSignal, Followers>()

/**
 * Calls `end` when the signal aborts; what comes back ends that. A signal that has aborted already calls nobody.
 *
 * However many follow a signal, it has one listener: with more than ten of them Node warns of a leak.
 */
export function onAbort(signal: AbortSignal, end: () => void): () => void {
  const { ends } = following.get(signal) ?? follow(signal)
  const own = (): void => end() // the same function may follow twice
  ends.add(own)
  return () => {
    if (ends.delete(own) && ends.size === 0) unfollow(signal, ends)
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

/** Unless others have begun to follow it anew since. */
function unfollow(signal: AbortSignal, ends: Set<() => void>): void {
  const followers = following.get(signal)
  if (followers?.ends !== ends) return
  signal.removeEventListener('abort', followers.listener)
  following.delete(signal)
}
