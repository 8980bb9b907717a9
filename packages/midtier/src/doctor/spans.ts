// Spans of time as a person reads them.

/** `213 days`, `3 hours`, `12 seconds`: the largest unit that fits, rounded down. */
export function inWords(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000)
  for (const [unit, length] of units)
    if (seconds >= 2 * length) return `${String(Math.floor(seconds / length))} ${unit}`
  return seconds === 1 ? '1 second' : `${String(seconds)} seconds`
}

const units = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
] as const

/** `2027-03-01`. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
