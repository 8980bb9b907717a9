// How times are taken: contenders in turn within a round, short bursts of processor time, medians over rounds, ratios within a round.

/** About how long one burst lasts. Milliseconds: long beside the clock, short beside a change of weather on a shared machine. */
const burstMs = 3

/** Bursts until the compiler is taken to be done. */
const warmUpBursts = 200

/**
 * Measures contenders and gives, for each, its times in microseconds of processor time a call, one for each round.
 *
 * A contender is `{ name, call, isAsync }`; `call(index)` makes one call, and returns a promise unless `isAsync` is false.
 */
export async function runRounds(contenders, { rounds, onRound = () => {} }) {
  const measured = []
  for (const contender of contenders) measured.push(await warmUp({ ...contender, next: 0, times: [] }))
  for (let round = 0; round < rounds; round++) {
    onRound(round)
    for (let turn = 0; turn < measured.length; turn++) {
      const contender = measured[(round + turn) % measured.length]
      contender.times.push(((await burst(contender, contender.calls)) * 1000) / contender.calls)
    }
  }
  return measured.map(({ name, times }) => ({ name, times }))
}

/** Also finds how many calls make a burst. */
async function warmUp(contender) {
  let calls = 8
  for (let lap = 0; lap < warmUpBursts; lap++) {
    const wanted = Math.round((calls * burstMs) / Math.max(await burst(contender, calls), 0.01))
    calls = Math.max(4, Math.min(wanted, calls * 4))
  }
  return Object.assign(contender, { calls })
}

/**
 * Milliseconds of processor time for calls one after another, with an index that goes on from burst to burst.
 *
 * Processor time of the whole process, threads that a library hands work to included: other processes that have the core for a
 * while change it little, where they would change the time on the wall by as much as they take.
 */
async function burst(contender, calls) {
  const { call, isAsync = true, next: from } = contender
  contender.next += calls
  const start = process.cpuUsage()
  if (isAsync) for (let index = from; index < from + calls; index++) await call(index)
  else for (let index = from; index < from + calls; index++) call(index)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Median of the ratios of two contenders in the same round: what the machine did to both cancels out. */
export function ratio({ times }, limit) {
  return median(times.map((time, round) => time / limit.times[round]))
}
