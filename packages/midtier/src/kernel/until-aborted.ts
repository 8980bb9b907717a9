// A `fetch` or a body of somebody's own may not listen to its signal, and would be waited for without end.

/** Waits for work no longer than until the signal aborts. What comes of the work after that is nobody's. @throws the signal's reason */
export function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason as Error)
    const ended =
      <Value>(settle: (value: Value) => void) =>
      (value: Value): void => {
        signal.removeEventListener('abort', end)
        settle(value)
      }
    signal.addEventListener('abort', end)
    // Callbacks instead of a chain of promises: every call waits like this, and so does every piece of an answer.
    work.then(ended(resolve), ended(reject))
    if (signal.aborted) end()
  })
}
