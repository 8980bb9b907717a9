// What a simulation needs of the world: people as they come, and a clock that jumps from one event to the next.

/** Time until the next of what comes by chance, so many a second on average. */
export const untilNext = (random, rate) => -Math.log(1 - random()) / rate

/** How busy somebody is beside the mean: a power law of their rank among all. */
export const busyness = (random, skew) => (1 - skew) * (1 - random()) ** -skew

/** Events in the order of their time: a heap. */
export class Events {
  #heap = []
  nowSeconds = 0

  at(seconds, happen) {
    const heap = this.#heap
    let place = heap.push({ seconds, happen }) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (heap[parent].seconds <= heap[place].seconds) break
      ;[heap[parent], heap[place]] = [heap[place], heap[parent]]
      place = parent
    }
  }

  after(seconds, happen) {
    this.at(this.nowSeconds + seconds, happen)
  }

  runUntil(seconds) {
    while (this.#heap.length > 0 && this.#heap[0].seconds <= seconds) {
      const { seconds: now, happen } = this.#next()
      this.nowSeconds = now
      happen()
    }
    this.nowSeconds = seconds
  }

  #next() {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (heap.length === 0) return first
    heap[0] = last
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2]
      let least = place
      if (left < heap.length && heap[left].seconds < heap[least].seconds) least = left
      if (right < heap.length && heap[right].seconds < heap[least].seconds) least = right
      if (least === place) return first
      ;[heap[least], heap[place]] = [heap[place], heap[least]]
      place = least
    }
  }
}
