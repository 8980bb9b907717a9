// The same numbers by chance in every run: a generator with a seed (mulberry32), and an order drawn by it.

export function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Fisher and Yates. */
export function shuffle(items, random) {
  const order = [...items]
  for (let end = order.length - 1; end > 0; end -= 1) {
    const at = Math.floor(random() * (end + 1))
    ;[order[end], order[at]] = [order[at], order[end]]
  }
  return order
}
