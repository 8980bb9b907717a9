// Which part of a cluster a partition is said to lie in: that of the slot that Redis computes.
import { describe, expect, it } from 'vitest'
import { partOf } from '../../src/stores/redis-keys.ts'

/** The rest of a division by the polynomial of CRC16/XMODEM, of the whole text as one number. */
function slotOf(tag: string): number {
  const bits = [...new TextEncoder().encode(tag)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  let rest = 0n
  for (const bit of `${bits}${'0'.repeat(16)}`) {
    rest = (rest << 1n) | BigInt(bit)
    if (rest >> 16n) rest ^= 0x11021n
  }
  return Number(rest) % 16_384
}

describe('the part of a partition', () => {
  it('is reckoned here as Redis does', () => {
    expect(slotOf('123456789')).toBe(0x31c3) // the check value of CRC16/XMODEM, below 16 384
  })

  it('is the 64th of the slots that its slot lies in, however long its name is', () => {
    for (let length = 0; length < 200; length += 1) {
      const partition = `o-${length}.${'t'.repeat(length)}ä`
      const [tag = ''] = `${partition.length}:${partition}`.split('}')
      expect(partOf(partition)).toBe(Math.floor(slotOf(tag) / 256))
    }
  })

  it('ends at the first brace, as Redis reads a tag', () => {
    expect(partOf('a}b')).toBe(Math.floor(slotOf('3:a') / 256))
  })
})
