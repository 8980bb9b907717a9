// Options that nobody knows are refused, and the refusal names the option that was probably meant.
import { ConfigurationError } from './errors/errors.ts'

/**
 * Checks that options are an object, and one that has known members only.
 *
 * @param at Path of the object, for the message: `downstreamApis.graph`; empty for the outermost.
 * @throws ConfigurationError naming the unknown option and the nearest known one.
 */
export function checkKnownOptions(options: unknown, known: readonly string[], at: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new ConfigurationError(at === '' ? 'options' : at, `must be an object: { ${known[0] ?? ''}: … }`)
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const nearest = nearestName(name, known)
    const hint = nearest === undefined ? `known options: ${known.join(', ')}` : `did you mean '${nearest}'?`
    throw new ConfigurationError(at === '' ? name : `${at}.${name}`, `unknown option; ${hint}`)
  }
}

/** The known name that was probably meant; `undefined` when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((candidate) => ({
    candidate,
    distance: editDistance(name.toLowerCase(), candidate.toLowerCase()),
  }))
  distances.sort((a, b) => a.distance - b.distance)
  const best = distances[0]
  return best !== undefined && best.distance <= Math.max(2, name.length / 3) ? best.candidate : undefined
}

function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [row, character] of Array.from(from).entries()) {
    const current = [row + 1]
    for (const [column, other] of Array.from(to).entries()) {
      const substitution = (previous[column] ?? 0) + (character === other ? 0 : 1)
      current.push(Math.min(substitution, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous[to.length] ?? 0
}
