// What is read of a body that is too long: enough for clients that send all before they read, and not for ever.
import { describe, expect, it } from 'vitest'
import { discard } from '../../../src/adapters/mcp/messages.ts'

const piece = new Uint8Array(1024 * 1024)

function endless() {
  const sent = { pieces: 0, closed: false }
  async function* pieces(most: number) {
    try {
      for (; sent.pieces < most; sent.pieces += 1) yield await Promise.resolve(piece)
    } finally {
      sent.closed = true
    }
  }
  return { sent, pieces }
}

describe('a body that is too long', () => {
  it('is read to its end', async () => {
    const { sent, pieces } = endless()
    expect(await discard(pieces(64))).toBe(true)
    expect(sent).toEqual({ pieces: 64, closed: true })
  })

  it('is given up after 64 MiB', async () => {
    const { sent, pieces } = endless()
    expect(await discard(pieces(Infinity))).toBe(false)
    expect(sent).toEqual({ pieces: 64, closed: true })
  })

  it('may break off', async () => {
    async function* broken() {
      yield await Promise.resolve(piece)
      throw new Error('reset')
    }
    expect(await discard(broken())).toBe(true)
  })
})
