// Numbers as people read them.

/** `< 1 ms`, `12 ms`, `1.2 s`: the clocks behind the numbers count whole milliseconds. */
export function formatDuration(durationMs: number): string {
  if (durationMs >= 1_000) return `${(durationMs / 1_000).toFixed(1)} s`
  return durationMs < 1 ? '< 1 ms' : `${Math.round(durationMs)} ms`
}

/** `2 exchanges`, `1 exchange`. */
export function formatCount(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** How long until a time: `71 more minutes`, or `expired`. */
export function formatRemaining(seconds: number, nowMs: number): string {
  const minutes = Math.floor((seconds * 1_000 - nowMs) / 60_000)
  return minutes < 0 ? 'expired' : formatCount(minutes, 'more minute', 'more minutes')
}
