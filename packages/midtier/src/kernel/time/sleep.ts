// Waiting is handed in, so that a back-off of minutes is tested in an instant.

/** Waits. @throws the reason of `signal` when it aborts. */
export type Sleep = (durationMs: number, signal?: AbortSignal) => Promise<void>

/** Waits by the machine's timer. */
export const systemSleep: Sleep = async (durationMs, signal) => {
  signal?.throwIfAborted()
  await new Promise<void>((resolve) => {
    const timer = setTimeout(wake, durationMs)
    signal?.addEventListener('abort', wake)

    function wake(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
  })
  signal?.throwIfAborted()
}
