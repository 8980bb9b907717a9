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

  it.each([
    ['Return', '\r'],
    ['a new line', '\n'],
    ['Ctrl-D', '\u0004'],
  ])('ends with %s', async (_name, key) => {
    expect((await type(`abc${key}rest`)).token).toBe('abc')
  })

  it('ends where the input does', async () => {
    expect((await type('ab', 'c')).token).toBe('abc')
  })

  it.each(['\u007f', '\b'])('takes a letter back with %j', async (key) => {
    expect((await type(`abx${key}c\r`)).token).toBe('abc')
  })

  it('takes a million characters and no more', async () => {
    expect((await type('x'.repeat(1_000_000), '\r')).token).toHaveLength(1_000_000)
    await expect(type('x'.repeat(1_000_001), '\r')).rejects.toThrow('far too long')
  })

  it('works where the terminal has no raw mode', async () => {
    const { isTTY, [Symbol.asyncIterator]: read } = keyboard('abc\r')
    expect(await readToken({ isTTY: isTTY === true, [Symbol.asyncIterator]: read }, () => undefined)).toBe(
      'abc',
    )
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

describe('a pipe', () => {
  const pipe = (...chunks: readonly unknown[]): Promise<string> =>
    readToken(
      {
        async *[Symbol.asyncIterator]() {
          yield* chunks
        },
      },
      () => expect.unreachable('nobody is asked'),
    )

  it.each([
    ['abc', 'abc'],
    [' abc \n', 'abc'],
    ['"abc"', 'abc'],
    ["'Bearer abc'\n", 'abc'],
    ['"abc', '"abc'],
    ['bearer  abc', 'abc'],
    ['authorization:abc', 'abc'],
    ['Authorization: Bearer abc', 'abc'],
    ['" abc "', 'abc'],
    ['a\nb', 'a\nb'],
  ])('of %j gives %j', async (text, token) => {
    expect(await pipe(text)).toBe(token)
  })

  it('is read to its end, whatever its pieces are', async () => {
    expect(await pipe(Buffer.from('a'), 'b', Buffer.from('c'))).toBe('abc')
  })

  it('gives a million characters and no more', async () => {
    expect(await pipe('x'.repeat(1_000_000))).toHaveLength(1_000_000)
    await expect(pipe('x'.repeat(1_000_000), 'x')).rejects.toThrow('far too long')
  })
})
