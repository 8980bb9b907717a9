// Waits until a process answers its health check.
import { setTimeout as pause } from 'node:timers/promises'

/** Ends a wait for somebody who hangs; a busy machine is slow, and who ends is noticed at once. */
const longestWaitMs = 300_000
const betweenMs = 150
const onePatienceMs = 2_000

/**
 * Asks again and again until the answer is a 2xx.
 *
 * @throws Error after five minutes, or the reason of the signal.
 */
export async function waitUntilHealthy(url: string, signal?: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + longestWaitMs
  while (!(await answers(url))) {
    signal?.throwIfAborted()
    if (performance.now() > deadlineMs) throw new Error(`${url} does not answer`)
    await pause(betweenMs)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(onePatienceMs) })
    await response.body?.cancel()
    return response.ok
  } catch (error) {
    // Not listening yet (TypeError), or not answering in time (DOMException).
    if (error instanceof TypeError || error instanceof DOMException) return false
    throw error
  }
}
