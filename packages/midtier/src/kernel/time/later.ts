// Work that is done later is handed its timer, so that a pause of seconds is tested in an instant.

/** Does something once, after a time; gives what stops that. */
export type Later = (durationMs: number, work: () => void) => () => void

/** By the machine's timer. A process with nothing else to do may end. */
export const systemLater: Later = (durationMs, work) => {
  const timer: { unref?: () => void } | number = setTimeout(work, durationMs)
  if (typeof timer === 'object') timer.unref?.()
  return () => {
    clearTimeout(timer as ReturnType<typeof setTimeout>)
  }
}
