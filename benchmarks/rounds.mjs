// How times are taken: contenders in turn within a round, short bursts of processor time, medians over rounds, ratios within a round.

/** About how long one burst lasts. Milliseconds: long beside the clock, short beside a change of weather on a shared machine. */
const burstMs = 3

/** Share of a burst that is run before it and not counted: it brings back the code and data that the others drove out of the caches. */
const leadIn = 0.25

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
    for (const contender of shuffle(measured)) {
      contender.times.push(((await burst(contender, contender.calls)) * 1000) / contender.calls)
    }
  }
  return measured.map(({ name, times }) => ({ name, times }))
}

/** In another order each round: who comes after a contender that is much like it finds its caches warm. */
export function shuffle(contenders) {
  return contenders
    .map((contender) => ({ contender, place: Math.random() }))
    .sort((first, second) => first.place - second.place)
    .map(({ contender }) => contender)
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
  await run(contender, Math.ceil(calls * leadIn))
  const start = process.cpuUsage()
  if (contender.isAsync === false) runAtOnce(contender, calls)
  else await run(contender, calls)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

async function run(contender, calls) {
  if (contender.isAsync === false) return runAtOnce(contender, calls)
  const from = contender.next
  contender.next += calls
  for (let index = from; index < from + calls; index++) await contender.call(index)
}

function runAtOnce(contender, calls) {
  const from = contender.next
  contender.next += calls
  for (let index = from; index < from + calls; index++) contender.call(index)
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
