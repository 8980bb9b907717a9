import { describe, expect, it } from 'vitest'
import { randomText } from '../../src/kernel/random.ts'

describe('random text', () => {
  it('is of so many bytes, and never the same, also where the pool is filled anew', () => {
    const texts = Array.from({ length: 2000 }, () => randomText(16, 'base64url'))
    expect(new Set(texts).size).toBe(2000)
    expect(new Set(texts.map((text) => Buffer.from(text, 'base64url').length))).toEqual(new Set([16]))
    expect(new Set(texts.map((text) => text.slice(0, 10))).size).toBe(2000)
  })

  it('is of no bytes that another caller got, whatever sizes are asked for', () => {
    const sizes = [36, 16, 32, 4096, 12, 4000, 97]
    const texts = Array.from({ length: 500 }, (_, index) =>
      randomText(sizes[index % sizes.length] ?? 1, 'base64'),
    )
    const parts = texts.flatMap((text) => text.match(/.{16}/g) ?? [])
    expect(new Set(parts).size).toBe(parts.length)
  })
})
