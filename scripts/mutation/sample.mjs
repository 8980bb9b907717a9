// Which faults are tried: drawn by a seed, so that a run can be repeated.
import { createHash } from 'node:crypto'

/** Draws `count` faults, the same for the same seed. Each draws its own lot, by its name: a change elsewhere draws no others. */
export function drawSample(faults, count, seed) {
  const lots = new Map(faults.map((fault) => [fault, lotOf(fault, seed)]))
  return [...faults]
    .sort((a, b) => (lots.get(a) < lots.get(b) ? -1 : 1))
    .slice(0, count)
    .sort((a, b) => a.number - b.number)
}

function lotOf({ name }, seed) {
  return createHash('sha256').update(`${seed} ${name}`).digest('hex')
}
