// When the end of a credential is told of: while there is time to put another one in its place.

const soonMs = 30 * 24 * 60 * 60 * 1000

/** In words. */
export const soon = '30 days'

/** Whether it ends within 30 days, or has ended. */
export function endsSoon(notAfterMs: number, nowMs: number): boolean {
  return notAfterMs - nowMs <= soonMs
}
