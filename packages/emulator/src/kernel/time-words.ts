// Spans of time in words.

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

/** A span in its two largest units: `1 h 30 min`. */
export function spanInWords(seconds: number): string {
  let rest = Math.round(Math.abs(seconds))
  const parts: string[] = []
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${String(count)} ${unit}`)
  }
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ')
}

/** A span with its direction: `+1 h`, `−30 min`. */
export function offsetInWords(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${spanInWords(seconds)}`
}
