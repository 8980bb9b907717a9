import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../src/kernel/crypto/random.ts'

describe("the machine's randomness", () => {
  it('gives numbers from 0 to below 1 that do not come again, batch after batch', () => {
    const numbers = Array.from({ length: 1000 }, systemRandom)
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    expect(new Set(numbers).size).toBeGreaterThan(990)
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.1) // eleven standard deviations
  })
})
