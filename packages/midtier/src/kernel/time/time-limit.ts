// Waiting with a limit that a stalled event loop does not use up: silence is judged once the loop has turned and could have heard.

/** A timer that fires later than this found the event loop stalled, and what the other side did meanwhile was not looked at. */
const latenessMs = 50

/**
 * Waits for `work`, which may throw, for at most `limitMs`. What lies in the socket when the time is over still counts, and a process
 * that was stalled while it waited has the same time once more.
 *
 * @param silence Makes the error when the time is over.
 */
export function withTimeLimit<Value>(
  limitMs: number,
  work: () => Value | Promise<Value>,
  silence: () => Error,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(silence())
    let stop = after(limitMs, (wasStalled) => {
      if (wasStalled) stop = after(limitMs, giveUp)
      else giveUp()
    })
    Promise.resolve()
      .then(work)
      .finally(() => stop())
      .then(resolve, reject)
  })
}

/** Calls back after a time and one more turn of the event loop, in which sockets are read. Gives what stops that. */
function after(durationMs: number, callBack: (wasStalled: boolean) => void): () => void {
  const dueMs = performance.now() + durationMs
  let isStopped = false
  const timer = setTimeout(() => {
    const wasStalled = performance.now() - dueMs > latenessMs
    turn(() => {
      if (!isStopped) callBack(wasStalled)
    })
  }, durationMs)
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}

/** On Node, timers that are due run before sockets are read, and what is immediate afterwards. Elsewhere there is no such order. */
function turn(callBack: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(callBack)
  else setTimeout(callBack, 0)
}
