// Whether a token has been here before: a token is worth remembering from its second use, since many are used but once.

/** Bits of the filter for each token that is noted. With four of them set, one stranger in a hundred is taken for known at worst. */
const bitsPerToken = 16

/** Characters from the end of a token, out of its signature, that stand for it: two numbers of five characters each. */
const tailLength = 10
const numberLength = 5

/**
 * Notes genuine tokens in two Bloom filters: the latest `capacity` at least, and twice as many at most.
 *
 * What it says decides nothing but whether to look in the cache of verified tokens: a mistake costs a digest and a look. Nothing of
 * a token can be read from it, and noting one makes nothing that has to be collected. The bits of a token are in one word, so that
 * memory is touched once.
 *
 * @see Einziger, Friedman, Manes: TinyLFU, A Highly Efficient Cache Admission Policy (2017), §3.4.2
 * @see Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters (2007), §3
 */
export class Doorkeeper {
  readonly #capacity: number
  readonly #mask: number
  #latest: Uint32Array
  #earlier: Uint32Array
  #noted = 0

  constructor(capacity: number) {
    const words = 2 ** Math.ceil(Math.log2((capacity * bitsPerToken) / 32 + 1))
    this.#capacity = capacity
    this.#mask = words - 1
    this.#latest = new Uint32Array(words)
    this.#earlier = new Uint32Array(words)
  }

  /** Whether a token like this was noted; who is known stays known for as long as it keeps coming. */
  knows(token: string): boolean {
    if (token.length < tailLength) return false
    const place = this.#placeOf(token)
    const bits = bitsOf(token)
    if (((this.#latest[place] ?? 0) & bits) === bits) return true
    if (((this.#earlier[place] ?? 0) & bits) !== bits) return false
    this.#set(place, bits)
    return true
  }

  /** Notes a token that was verified: what strangers send leaves no trace. */
  note(token: string): void {
    this.#set(this.#placeOf(token), bitsOf(token))
  }

  clear(): void {
    this.#latest.fill(0)
    this.#earlier.fill(0)
    this.#noted = 0
  }

  #placeOf(token: string): number {
    return (spreadNumber(token, tailLength) >>> 7) & this.#mask
  }

  #set(place: number, bits: number): void {
    if (this.#noted++ >= this.#capacity) this.#turnOver()
    this.#latest[place] = (this.#latest[place] ?? 0) | bits
  }

  #turnOver(): void {
    const emptied = this.#earlier.fill(0)
    this.#earlier = this.#latest
    this.#latest = emptied
    this.#noted = 1
  }
}

/** Four bits of a word, or fewer when some fall together. */
function bitsOf(token: string): number {
  const spread = spreadNumber(token, numberLength)
  return (1 << (spread >>> 27)) | (1 << (spread >>> 22)) | (1 << (spread >>> 17)) | (1 << (spread >>> 12))
}

/**
 * Five characters as thirty bits, from so many before the end: those of base64url differ in their low six bits, but for a few. What
 * differs is spread over the upper bits (Knuth, TAOCP 3, §6.4).
 */
function spreadNumber(token: string, fromEnd: number): number {
  const start = token.length - fromEnd
  let bits = 0
  for (let at = start; at < start + numberLength; at++) bits = (bits << 6) | (token.charCodeAt(at) & 63)
  return Math.imul(bits, 0x9e3779b1)
}
