// One genuine token, changed by a character at a time: every place, and nothing that is not the token itself gets in.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { BearerError } from '../../src/index.ts'
import { tenantId } from '../jwt/token-builder.ts'
import { createTarget, outcomeOf, type Target } from './targets.ts'
import { forge } from './token-forge.ts'

vi.setConfig({ testTimeout: 60_000 }) // thousands of tokens on a busy machine

// One API for all: keys are fetched once, and whatever is thrown at it must not wear it out.
let target: Target
beforeAll(async () => {
  target = createTarget('multi')
  await target.api.warmUp()
})
afterAll(() => target.api.close())

describe('a genuine token', () => {
  const { genuine } = forge
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const rotate = (character: string, by: number): string =>
    character === '.' ? '-' : (alphabet[(alphabet.indexOf(character) + by) % 64] ?? '')
  const replaced = (at: number, by: string): string => genuine.slice(0, at) + by + genuine.slice(at + 1)

  async function expectRefused(token: string): Promise<void> {
    const outcome = await outcomeOf(target, `Bearer ${token}`)
    if (!(outcome instanceof BearerError)) expect.unreachable(`accepted: ${token}`)
  }

  it('is let in', async () => {
    expect(await outcomeOf(target, `Bearer ${genuine}`)).toMatchObject({
      principal: { kind: 'user', tenantId },
    })
  })

  it('is refused with any one character replaced by its neighbour in the alphabet', async () => {
    for (let at = 0; at < genuine.length; at++)
      await expectRefused(replaced(at, rotate(genuine[at] ?? '', 1)))
  })

  it('is refused with any one character left out or doubled', async () => {
    for (let at = 0; at < genuine.length; at++) {
      await expectRefused(replaced(at, ''))
      await expectRefused(replaced(at, `${genuine[at] ?? ''}${genuine[at] ?? ''}`))
    }
  })

  it('is refused with any foreign character at any place', async () => {
    for (let at = 0; at <= genuine.length; at++)
      for (const foreign of [
        '=',
        '+',
        '~',
        '\0',
        '\u0100',
        String.fromCharCode(0x100 + genuine.charCodeAt(at % genuine.length)),
      ])
        await expectRefused(genuine.slice(0, at) + foreign + genuine.slice(at))
  })

  it('is refused with any character beyond Latin-1 whose low byte is the one that it replaces', async () => {
    for (let at = 0; at < genuine.length; at++)
      await expectRefused(replaced(at, String.fromCharCode(0x100 + genuine.charCodeAt(at))))
  })

  it('is refused when it ends anywhere before its end', async () => {
    for (let length = 0; length < genuine.length; length++) await expectRefused(genuine.slice(0, length))
  })

  it('is refused with any byte anywhere, in place of another or between two', async () => {
    const at = fc.nat({ max: genuine.length - 1 })
    const byte = fc.nat({ max: 255 }).map((code) => String.fromCharCode(code))
    await fc.assert(
      fc.asyncProperty(at, byte, fc.boolean(), async (position, character, between) => {
        fc.pre(between || genuine[position] !== character)
        await expectRefused(replaced(position, between ? character + (genuine[position] ?? '') : character))
      }),
      { numRuns: 300 },
    )
  })

  it('has cost its authority no other request for all that', () => {
    expect(target.authority.requests.filter((url) => !target.documents.has(url))).toEqual([])
    // Two versions, each asked for its keys once, and once more for a kid that nobody knows: the clock stands still.
    expect(target.authority.count('keys')).toBeLessThanOrEqual(4)
  })
})
