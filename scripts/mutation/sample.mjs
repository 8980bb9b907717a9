// Which faults are tried: drawn by a seed, so that a run can be repeated.

/** Draws `count` faults, the same for the same seed. */
export function drawSample(faults, count, seed) {
  const random = createRandom(seed)
  const drawn = []
  const rest = [...faults]
  while (drawn.length < count && rest.length > 0) {
    const [fault] = rest.splice(Math.floor(random() * rest.length), 1)
    drawn.push(fault)
  }
  return drawn.sort((a, b) => a.number - b.number)
}

/** Numbers from 0 to 1 (Park and Miller's generator). */
function createRandom(seed) {
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  next()
  next()
  return next
}
