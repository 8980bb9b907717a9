// An authority that is down, for a minute or for two days: valid requests are served, and what cannot be known is a 503, never a 401.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { render } from '../../src/answer/render.ts'
import { createSigner, nowSeconds, signToken, userClaims, type Signer } from '../jwt/token-builder.ts'
import { createGate, remember, signer, type TestGate } from '../protect/gate.ts'
import { down, serveEntra, type Weather } from './fake-authority.ts'

// Hundreds of tokens are verified here; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 })

/** The authority's next key, which the gate has not seen. */
const unseen = createSigner('key-2')
const hour = 3600

/** Valid for longer than any outage here, so that nothing but the keys can be the reason of a refusal. */
function tokenOf(uti: string, from: Signer = signer): string {
  return signToken({ claims: userClaims({ uti, exp: nowSeconds + 96 * hour }), signer: from })
}

/** What the caller gets: `200`, or status, `Retry-After` and challenge of the refusal. */
async function answerTo({ validator }: TestGate, token: string): Promise<string> {
  try {
    await validator.validate(token)
    return '200'
  } catch (error) {
    const { status = 500, headers = {} } = render(error) ?? {}
    return [status, headers['retry-after'], headers['www-authenticate']].filter(Boolean).join(' ')
  }
}

/** Lets what goes on behind the scenes come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

const remembered = tokenOf('remembered')
const neverSeen = Array.from({ length: 24 }, (_, index) => tokenOf(`never seen ${index}`))

describe('an authority that is down for 23 hours', () => {
  it.each([
    ['just after the keys were fetched', 0],
    ['just before they are due', 12 * hour - 1],
  ])('refuses no valid request, beginning %s', async (_when, ageSeconds) => {
    const gate = createGate()
    await remember(gate, remembered)
    gate.clock.advanceSeconds(ageSeconds)
    gate.authority.weather = down
    const answers: string[] = []
    for (let minutes = 0; minutes < 23 * 60; minutes += 5) {
      gate.clock.advanceSeconds(300)
      answers.push(await answerTo(gate, remembered))
      if (minutes % 60 === 0) answers.push(await answerTo(gate, neverSeen[minutes / 60]!))
    }
    expect(answers).toHaveLength(23 * 13)
    expect(new Set(answers)).toEqual(new Set(['200']))
  })

  it('is asked at most once per cool-down, and not before the keys are due', async () => {
    const gate = createGate()
    await remember(gate, remembered)
    gate.authority.weather = down
    gate.authority.requests.length = 0
    gate.clock.advanceSeconds(12 * hour - 1)
    await answerTo(gate, remembered)
    expect(gate.authority.requests).toEqual([])
    gate.clock.advanceSeconds(1)
    for (let second = 0; second < 600; second++) {
      await answerTo(gate, remembered)
      await settle()
      gate.clock.advanceSeconds(1)
    }
    expect(gate.authority.requests).toHaveLength(600 / 30)
  })
})

describe('an authority that stays down', () => {
  it('is told from a refusal at every hour: 36 hours of service, then a 503 with the time to wait', async () => {
    const gate = createGate()
    await remember(gate, remembered)
    gate.authority.weather = down
    const answers: string[] = []
    for (let hours = 0; hours < 48; hours++) {
      answers.push(await answerTo(gate, remembered))
      gate.clock.advanceSeconds(hour)
    }
    expect(answers.slice(0, 36)).toEqual(Array(36).fill('200'))
    expect(answers.slice(36)).toEqual(Array(12).fill('503 30'))
  })

  it('says how much of the cool-down is left, and serves again after it', async () => {
    const gate = createGate()
    await remember(gate, remembered)
    gate.authority.weather = down
    gate.clock.advanceSeconds(36 * hour)
    expect(await answerTo(gate, remembered)).toBe('503 30')
    gate.authority.weather = undefined
    gate.clock.advanceSeconds(29)
    expect(await answerTo(gate, remembered)).toBe('503 1')
    gate.clock.advanceSeconds(1)
    expect(await answerTo(gate, remembered)).toBe('200')
    expect(gate.validator.health()).toMatchObject({ ready: true })
  })

  it('rounds what is left up, so that nobody comes too early', async () => {
    const gate = createGate()
    await remember(gate, remembered)
    gate.authority.weather = down
    gate.clock.advanceSeconds(36 * hour)
    await answerTo(gate, remembered)
    gate.clock.advanceSeconds(0.999)
    expect(await answerTo(gate, remembered)).toBe('503 30')
    gate.clock.advanceSeconds(0.001)
    expect(await answerTo(gate, remembered)).toBe('503 29')
  })

  it('tells the owner whose keys are missing, and why', async () => {
    const gate = createGate()
    gate.authority.weather = () => new Response('', { status: 503 })
    const said = /^The signing keys of https:\/\/login\.microsoftonline\.com\/\S+ are not available: .*503/
    await expect(gate.validator.warmUp()).rejects.toThrow(said)
    await expect(gate.validator.warmUp()).rejects.toThrow(said)
  })

  it('cannot be told from a rollover: a key id never seen is a 503', async () => {
    const gate = createGate()
    await gate.validator.warmUp()
    gate.authority.weather = down
    const token = tokenOf('signed with the next key', unseen)
    expect(await answerTo(gate, token)).toBe('503 30')
    gate.clock.advanceSeconds(10)
    expect(await answerTo(gate, token)).toBe('503 20')
    expect(await answerTo(gate, remembered)).toBe('200')
  })

  it('from the very beginning is a 503 whose wait grows from a second to the cool-down', async () => {
    const gate = createGate()
    gate.authority.weather = down
    const waits: string[] = []
    for (let attempt = 0; attempt < 6; attempt++) {
      waits.push(await answerTo(gate, remembered))
      gate.clock.advanceSeconds(30)
    }
    expect(waits).toEqual(['503 1', '503 2', '503 4', '503 8', '503 16', '503 30'])
  })
})

describe('keys that nobody used for 36 hours', () => {
  it('are asked for anew before anything is accepted, so that a withdrawn one is not', async () => {
    const gate = createGate()
    await remember(gate, remembered)
    serveEntra(gate.authority, [unseen])
    gate.clock.advanceSeconds(36 * hour)
    expect(await answerTo(gate, remembered)).toMatch(/^401 Bearer error="invalid_token"/)
    expect(await answerTo(gate, tokenOf('signed with the next key', unseen))).toBe('200')
  })

  it('are a 503 while the authority is down', async () => {
    const gate = createGate()
    await remember(gate, remembered)
    gate.clock.advanceSeconds(36 * hour)
    gate.authority.weather = down
    expect(await answerTo(gate, remembered)).toBe('503 30')
  })
})

describe('an authority that answers nonsense', () => {
  const json = (document: unknown): Weather => {
    return () => new Response(JSON.stringify(document), { headers: { 'content-type': 'application/json' } })
  }
  const nonsense: readonly (readonly [string, Weather])[] = [
    ['a network error', down],
    ['a server error', () => new Response('', { status: 500 })],
    ['throttling', () => new Response('', { status: 429, headers: { 'retry-after': '600' } })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } })],
    ['a page of HTML', () => new Response('<html>Service unavailable</html>')],
    ['an empty body', () => new Response('')],
    ['half a document', () => new Response('{"keys":[{"kty":"RSA","n":"')],
    ['a list', json([])],
    ['no keys', json({ keys: [] })],
    [
      'somebody else’s issuer',
      json({ issuer: 'https://evil.example', jwks_uri: 'https://evil.example/keys' }),
    ],
    ['a document of a megabyte', json({ keys: [], padding: 'x'.repeat(2 ** 20) })],
  ]

  it.each(nonsense)('keeps its keys for 36 hours: %s', async (_what, weather) => {
    const gate = createGate()
    await remember(gate, remembered)
    gate.authority.weather = weather
    const answers: string[] = []
    for (const hours of [12, 18, 24, 30, 35]) {
      gate.clock.advanceSeconds(nowSeconds + hours * hour - gate.clock.nowMs() / 1000)
      answers.push(await answerTo(gate, remembered), await answerTo(gate, neverSeen[hours % 24]!))
      await settle()
    }
    expect(new Set(answers)).toEqual(new Set(['200']))
    expect(gate.events.filter(({ type }) => type === 'keys_failed').length).toBeGreaterThan(0)
    gate.clock.advanceSeconds(hour)
    expect(await answerTo(gate, remembered)).toMatch(/^503 [1-9]\d*$/)
  })
})
