// How long and how many things may be that others send or configure: so many, and not one more.
import { describe, expect, it } from 'vitest'
import { parseChallenges } from '../src/bearer/parse-challenges.ts'
import { isCompactJwt } from '../src/client-auth/assertion/assertion-parameters.ts'
import { relayableClaims } from '../src/kernel/claims-request.ts'
import { quoted } from '../src/kernel/quoted.ts'
import { hasUnclearFacets } from '../src/protect/agent.ts'
import { quote } from '../src/protect/checks/check.ts'
import { keyId } from '../src/protect/checks/form-checks.ts'
import { showClaims } from '../src/protect/show-token.ts'
import { createKeyRing } from '../src/token-cache/key-ring.ts'
import { open } from '../src/token-cache/envelope.ts'
import type { JsonObject } from '../src/kernel/json.ts'

const text = (length: number): string => 'x'.repeat(length)
const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `n${index}`)
const nested = (depth: number): JsonObject => (depth === 1 ? {} : { a: nested(depth - 1) })

const parameters = (count: number): string =>
  many(count)
    .map((name) => `${name}=1`)
    .join(', ')

function makesRing(count: number, idLength = 2): boolean {
  const ids = many(count).map((name) => name.padEnd(idLength, '_'))
  const keys = Object.fromEntries(ids.map((id, index) => [id, new Uint8Array(32).fill(index + 1)]))
  try {
    void createKeyRing({ current: ids[0] ?? '', keys })
    return true
  } catch {
    return false
  }
}

function passesKeyId(kid: string): boolean {
  return keyId.passes({ header: { kid } } as unknown as Parameters<typeof keyId.passes>[0])
}

describe('the last that is taken', () => {
  it.each<[string, number, (value: number) => boolean | Promise<boolean>]>([
    [
      'characters of challenges',
      32_768,
      (length) => parseChallenges(`Basic ${text(length - 6)}`).length === 1,
    ],
    ['fields of challenges', 32, (count) => parseChallenges(many(count)).length > 0],
    ['parameters of a challenge', 32, (count) => parseChallenges(`Bearer ${parameters(count)}`).length === 1],
    ['characters of a client assertion', 65_536, (length) => isCompactJwt(`${text(length - 4)}.a.b`)],
    ['characters of a key id', 256, (length) => passesKeyId(text(length))],
    ['characters of facets', 256, (length) => !hasUnclearFacets({ xms_act_fct: '9'.padEnd(length) })],
    ['keys of a ring', 8, (count) => makesRing(count)],
    ['characters of the id of a key', 32, (length) => makesRing(1, length)],
    [
      'levels of a claims request',
      6,
      (depth) => relayableClaims(JSON.stringify({ access_token: nested(depth - 1) })) !== undefined,
    ],
  ])('%s: %i and not one more', async (_, most, takes) => {
    expect(await takes(most)).toBe(true)
    expect(await takes(most + 1)).toBe(false)
  })

  it('are sixteen challenges', () => {
    expect(parseChallenges(many(20).join(', ')).map(({ scheme }) => scheme)).toEqual(many(16))
  })

  it('are 64 claims that are shown', () => {
    const claims = Object.fromEntries(many(65).map((name) => [name, 1]))
    expect(Object.keys(showClaims(claims))).toEqual(many(64))
  })

  it('is a megabyte of what is sealed', async () => {
    const envelope = (length: number): string => `1.k1.${text(length - 5)}`
    const opened = async (length: number): Promise<unknown> => open([], [], envelope(length))
    expect(await opened(1_048_576)).toEqual({ unopened: 'sealed with an unknown key' })
    expect(await opened(1_048_577)).toEqual({ unopened: 'not sealed' })
  })

  it.each([
    ['a claim', (value: string) => quote(value)],
    ['a text', (value: string) => quoted(value).slice(1, -1)],
  ])('are 120 characters of %s in a message', (_, tell) => {
    const words = 'ab '.repeat(41)
    expect(tell(words.slice(0, 120))).toBe(words.slice(0, 120))
    expect(tell(words.slice(0, 121))).toBe(`${words.slice(0, 120)}…`)
  })
})
