// The prompt for a token: hidden, of any length, and left in good order.
import { describe, expect, it } from 'vitest'
import { readToken, type TokenInput } from '../../src/bin/read-token.ts'
import { UsageError } from '../../src/bin/usage-error.ts'

interface Keyboard extends TokenInput {
  readonly modes: boolean[]
}

function keyboard(...chunks: readonly string[]): Keyboard {
  const modes: boolean[] = []
  return {
    isTTY: true,
    modes,
    setRawMode: (raw) => modes.push(raw),
    async *[Symbol.asyncIterator]() {
      yield* chunks
    },
  }
}

async function type(
  ...chunks: readonly string[]
): Promise<{ token: string; shown: string; modes: boolean[] }> {
  const input = keyboard(...chunks)
  let shown = ''
  const token = await readToken(input, (text) => (shown += text))
  return { token, shown, modes: input.modes }
}

describe('the prompt', () => {
  it('takes a pasted token up to Enter, showing nothing of it, and gives the terminal back', async () => {
    const { token, shown, modes } = await type('Bearer abc', '.def', '.ghi\rrest')
    expect(token).toBe('abc.def.ghi')
    expect(shown).toBe('Paste the token (it is not shown), then Enter: \n')
    expect(modes).toEqual([true, false])
  })

  it('takes more than the 4 096 characters of a terminal line', async () => {
    const long = 'x'.repeat(20_000)
    expect((await type(long, '\r')).token).toBe(long)
  })

  it('understands backspace', async () => {
    expect((await type('abx\u007fc\r')).token).toBe('abc')
  })

  it('can be left by Ctrl-C, and gives the terminal back', async () => {
    const input = keyboard('ab\u0003')
    await expect(readToken(input, () => undefined)).rejects.toThrow(UsageError)
    expect(input.modes).toEqual([true, false])
  })

  it('asks for a token when there was none', async () => {
    await expect(type('\r')).rejects.toThrow('no token came')
  })
})
