// How memory grows over time where it also goes up and down with what happens: the slope between samples of the same phase.
import { median } from '../rounds.mjs'

/**
 * The median of the slopes between every two samples that lie equally long after an outage, and not after the same one, an hour; `NaN`
 * without any such two.
 *
 * Each outage of the store empties the caches of the processes, which are full again minutes later. Between samples of different phases the
 * slope would be that of the filling, whatever the memory does from one outage to the next.
 *
 * @param samples `{ at, value }`, `at` in seconds
 * @param outages when each outage was, in seconds
 * @param within  how far two phases may lie apart, in seconds
 * @see Hirsch, Slack and Smith, Techniques of trend analysis for monthly water quality data (1982): the seasonal slope
 */
export function seasonalSlope(samples, outages, within) {
  const placed = samples.flatMap(({ at, value }) => {
    const round = outages.findLastIndex((outage) => outage <= at)
    return round === -1 ? [] : [{ at, value, round, phase: at - outages[round] }]
  })
  const slopes = placed.flatMap((one, index) =>
    placed
      .slice(index + 1)
      .filter(({ round, phase }) => round !== one.round && Math.abs(phase - one.phase) <= within)
      .map((other) => (other.value - one.value) / ((other.at - one.at) / 3600)),
  )
  return slopes.length === 0 ? NaN : median(slopes)
}
