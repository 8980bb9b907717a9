// A `fetch` or a body of somebody's own may not listen to its signal, and would be waited for without end.

/** Waits for work no longer than until the signal aborts. What comes of the work after that is nobody's. @throws the signal's reason */
export function untilAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', end, { once: true })
    const stop = (): void => signal.removeEventListener('abort', end)
    new Promise<Result>((settle) => settle(work())).finally(stop).then(resolve, reject)
    if (signal.aborted) end()
  })
}
