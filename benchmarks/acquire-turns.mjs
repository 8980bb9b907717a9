// Taking turns when some contenders are a million times slower than others: bursts of one call, and fewer rounds for them.
import { shuffle } from './rounds.mjs'

/** About how long one burst lasts, and how long a contender is warmed up. Milliseconds of processor time. */
const burstMs = 3
const shortWarmUpMs = 80
const warmUpBursts = 200
/** The first call of all compiles and loads, and says nothing of the next. */
const leastWarmUpBursts = 3

/** One that takes longer than this for one call takes part in so many rounds. */
const slowCallMs = 30
const slowRounds = 5

/**
 * Measures contenders: for each, its times in microseconds of processor time a call, one for each round that it took part in.
 *
 * A contender is `{ name, call, prepare?, calls?, warmUpMs? }`: `call(index)` makes one call and gives a promise; `prepare(calls)` is
 * waited for before each burst and not measured; `calls` is the length of a burst when it must not be found by trying; `warmUpMs` is
 * given where the compiler needs longer than usual.
 */
export async function takeTurns(contenders, { rounds, onRound = () => {} }) {
  const measured = []
  for (const contender of contenders) measured.push(await warmUp({ ...contender, next: 0, times: [] }))
  for (let round = 0; round < rounds; round++) {
    onRound(round)
    for (const contender of shuffle(measured)) {
      if (contender.callMs > slowCallMs && round >= slowRounds) continue
      contender.times.push(((await burst(contender, contender.calls)) * 1000) / contender.calls)
    }
  }
  return measured.map(({ name, times }) => ({ name, times }))
}

/** Also finds how many calls make a burst. */
async function warmUp(contender) {
  let { calls = 1 } = contender
  const { warmUpMs = shortWarmUpMs } = contender
  let spentMs = 0
  let callMs = 0
  let burstTookMs = 0
  const isReady = () => spentMs >= warmUpMs && (contender.calls !== undefined || burstTookMs >= burstMs / 2)
  for (let lap = 0; lap < leastWarmUpBursts || (lap < warmUpBursts && !isReady()); lap++) {
    burstTookMs = await burst(contender, calls)
    spentMs += burstTookMs
    callMs = burstTookMs / calls
    if (contender.calls === undefined)
      calls = Math.max(1, Math.min(Math.round(burstMs / Math.max(callMs, 1e-5)), calls * 4))
  }
  return Object.assign(contender, { calls, callMs })
}

async function burst(contender, calls) {
  const { call, prepare, next: from } = contender
  await prepare?.(calls)
  sweep()
  contender.next += calls
  const start = process.cpuUsage()
  for (let index = from; index < from + calls; index++) await call(index)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** Who went before, and who prepares, leaves no garbage to who is measured. Twice: what survives is young until the second time. */
function sweep() {
  for (let turn = 0; turn < 2; turn++) globalThis.gc({ type: 'minor' })
}
