// Signing keys through every weather: herds, rollovers, floods of made-up kids, outages and poison.
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/authority/authority.ts'
import { SigningKeys, type SigningKeysSettings } from '../../src/authority/signing-keys.ts'
import { defaultSigningKeysSettings } from '../settings/default-settings.ts'
import { AuthorityUnavailableError } from '../../src/kernel/errors/errors.ts'
import type { ObserverEvent } from '../../src/kernel/observer.ts'
import { createSigner, tenantId } from '../jwt/token-builder.ts'
import { createClock, createFakeAuthority, down, serveEntra } from './fake-authority.ts'

const [one, two, three] = [createSigner('one'), createSigner('two'), createSigner('three')]
const keysUrl = `https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`

function createKeys(settings: Partial<SigningKeysSettings> = {}) {
  const authority = createFakeAuthority()
  serveEntra(authority, [one])
  const clock = createClock()
  const events: ObserverEvent[] = []
  const [trusted] = createAuthority({ tenantId }).issuers
  const keys = new SigningKeys(
    trusted,
    { ...defaultSigningKeysSettings, ...settings },
    { fetch: authority.fetch, clock, observe: (event) => void events.push(event) },
  )
  const kidFound = async (kid: string): Promise<boolean> => (await keys.find(kid)).key !== undefined
  return { authority, clock, events, keys, kidFound }
}

/** Lets what goes on behind the scenes come to its end. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

const maintenance = (): Response => new Response('', { status: 503, headers: { 'retry-after': '3600' } })

describe('signing keys', () => {
  it('are fetched once for a herd', async () => {
    const { authority, kidFound } = createKeys()
    expect(await Promise.all(Array.from({ length: 500 }, () => kidFound('one')))).toEqual(
      Array(500).fill(true),
    )
    expect(authority.requests).toHaveLength(2)
  })

  it('are at hand without a promise once fetched', async () => {
    const { keys } = createKeys()
    await keys.warmUp()
    expect(keys.find('one')).toMatchObject({ key: { kid: 'one' } })
    expect(keys.health()).toMatchObject({ ready: true, keyCount: 1, lastFailure: undefined })
  })

  it('are fetched again for an unknown kid, which finds a new key at once', async () => {
    const { authority, kidFound } = createKeys()
    await kidFound('one')
    serveEntra(authority, [one, two])
    expect(await kidFound('two')).toBe(true)
    expect([authority.count('metadata'), authority.count('keys')]).toEqual([1, 2])
  })

  it('roll over five times without a refusal', async () => {
    const { authority, clock, kidFound } = createKeys()
    await kidFound('one')
    for (let round = 0; round < 5; round++) {
      const next = round % 2 === 0 ? two : three
      serveEntra(authority, [next])
      clock.advanceSeconds(31)
      expect(await Promise.all(Array.from({ length: 200 }, () => kidFound(next.kid)))).not.toContain(false)
    }
  })

  it('cost a flood of made-up kids one request per cool-down, and known kids nothing', async () => {
    const { authority, clock, keys, kidFound } = createKeys()
    await kidFound('one')
    for (let index = 0; index < 1_000; index++) expect(await kidFound(`made-up-${index}`)).toBe(false)
    expect(authority.count('keys')).toBe(2)
    expect(keys.find('one')).not.toBeInstanceOf(Promise)
    clock.advanceSeconds(30)
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => kidFound(`again-${index}`)))
    expect(authority.count('keys')).toBe(3)
  })

  it('that are withdrawn are not honoured any more, and unchanged ones are the same object', async () => {
    const { authority, keys, kidFound } = createKeys()
    serveEntra(authority, [one, two])
    const [first, second] = [await keys.find('one'), await keys.find('two')]
    serveEntra(authority, [two])
    await kidFound('unknown')
    expect(keys.honours(first.key!)).toBe(false)
    expect(keys.honours(second.key!)).toBe(true)
  })

  it('of the same kid with other material are another key', async () => {
    const { authority, keys, kidFound } = createKeys()
    const { key } = await keys.find('one')
    serveEntra(authority, [createSigner('one')])
    await kidFound('unknown')
    expect(keys.honours(key!)).toBe(false)
  })

  it('are refreshed behind the scenes when they are twelve hours old', async () => {
    const { authority, clock, events, keys } = createKeys()
    await keys.warmUp()
    clock.advanceSeconds(12 * 3600 - 1)
    expect(keys.find('one')).not.toBeInstanceOf(Promise)
    expect(authority.count('keys')).toBe(1)
    clock.advanceSeconds(1)
    for (let index = 0; index < 10; index++) expect(keys.find('one')).not.toBeInstanceOf(Promise)
    while (events.length < 2) await settle()
    expect([authority.count('metadata'), authority.count('keys')]).toEqual([2, 2])
    expect(events.map(({ type }) => type)).toEqual(['keys_refreshed', 'keys_refreshed'])
  })

  it('outlive an outage of 23 hours, asking no more than once per cool-down', async () => {
    const { authority, clock, keys } = createKeys()
    await keys.warmUp()
    authority.weather = down
    const before = authority.requests.length
    for (let minute = 0; minute < 23 * 60; minute += 5) {
      clock.advanceSeconds(300)
      expect(keys.find('one')).toMatchObject({ key: { kid: 'one' } })
      expect(keys.find('one')).toMatchObject({ key: { kid: 'one' } })
      await Promise.resolve()
    }
    await settle()
    expect(authority.requests.length - before).toBeLessThanOrEqual(11 * 12 + 1)
  })

  it('are not honoured for ever: 24 hours after the failed refresh it is a 503', async () => {
    const { authority, clock, keys, kidFound } = createKeys()
    const { key } = await keys.find('one')
    authority.weather = down
    clock.advanceSeconds(36 * 3600)
    expect(keys.honours(key!)).toBe(false)
    await expect(kidFound('one')).rejects.toThrow(AuthorityUnavailableError)
    authority.weather = undefined
    clock.advanceSeconds(31)
    expect(await kidFound('one')).toBe(true)
  })

  it('that cannot be had at first are asked for again with growing pauses', async () => {
    const { authority, clock, keys, kidFound } = createKeys()
    authority.weather = down
    const waits: unknown[] = []
    for (let round = 0; round < 7; round++) {
      const error: unknown = await kidFound('one').catch((caught: unknown) => caught)
      waits.push((error as AuthorityUnavailableError).retryAfterSeconds)
      expect(() => keys.find('one')).toThrow(AuthorityUnavailableError)
      clock.advanceSeconds((error as AuthorityUnavailableError).retryAfterSeconds)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30])
    expect(authority.requests).toHaveLength(7)
  })

  it('wait no longer than the cool-down for an authority that asks for an hour, while there are none', async () => {
    const { authority, clock, keys, kidFound } = createKeys()
    authority.weather = maintenance
    await expect(kidFound('one')).rejects.toMatchObject({ retryAfterSeconds: 30 })
    expect(keys.health()).toMatchObject({ ready: false, retryAfterMs: 30_000 })
    authority.weather = undefined
    clock.advanceSeconds(29)
    await expect(keys.warmUp()).rejects.toThrow(AuthorityUnavailableError)
    expect(() => keys.find('one')).toThrow(AuthorityUnavailableError)
    clock.advanceSeconds(1)
    expect(await kidFound('one')).toBe(true)
  })

  it('that have to be asked for leave no authority alone for longer than the cool-down, whether known ones do for others', async () => {
    const { authority, clock, kidFound } = createKeys()
    await kidFound('one')
    authority.weather = maintenance
    await expect(kidFound('two')).rejects.toMatchObject({ retryAfterSeconds: 30 })
    authority.weather = undefined
    serveEntra(authority, [one, two])
    clock.advanceSeconds(30)
    expect(await kidFound('two')).toBe(true)
  })

  it('that are good keep the pause that the authority asks for', async () => {
    const { authority, clock, keys } = createKeys()
    await keys.warmUp()
    authority.weather = maintenance
    clock.advanceSeconds(12 * 3600)
    void keys.find('one')
    await settle()
    authority.requests.length = 0
    clock.advanceSeconds(3599)
    expect(keys.find('one')).toMatchObject({ key: { kid: 'one' } })
    expect(authority.requests).toEqual([])
    clock.advanceSeconds(1)
    void keys.find('one')
    expect(authority.requests).toHaveLength(1)
  })

  it('that one has reason to doubt are asked for, once per cool-down, and do meanwhile', async () => {
    const { authority, clock, keys } = createKeys()
    const { key } = await keys.find('one')
    serveEntra(authority, [two])
    for (let index = 0; index < 10; index++) keys.doubt()
    expect(keys.honours(key!)).toBe(true)
    await settle()
    expect(keys.honours(key!)).toBe(false)
    for (let index = 0; index < 10; index++) keys.doubt()
    await settle()
    expect(authority.count('keys')).toBe(2)
    clock.advanceSeconds(30)
    keys.doubt()
    await settle()
    expect(authority.count('keys')).toBe(3)
  })

  it('that are unknown while the authority is down are a 503, since nobody can tell', async () => {
    const { authority, keys, kidFound } = createKeys()
    await kidFound('one')
    authority.weather = down
    await expect(kidFound('new')).rejects.toThrow(AuthorityUnavailableError)
    expect(() => keys.find('new')).toThrow(AuthorityUnavailableError)
    expect(keys.find('one')).not.toBeInstanceOf(Promise)
  })

  it.each([
    ['an empty set', { keys: [] }],
    ['no set', {}],
    ['a list', []],
    ['HTML', '<html>'],
    [
      'unusable keys',
      { keys: [one.jwk({ use: 'enc' }), two.jwk({ kid: undefined }), three.jwk({ e: 'AQ' }), null] },
    ],
  ])('are kept when the authority answers with %s', async (_what, document) => {
    const { authority, keys, kidFound, events } = createKeys()
    await kidFound('one')
    authority.serve(keysUrl, document)
    await expect(kidFound('new')).rejects.toThrow(AuthorityUnavailableError)
    expect(keys.find('one')).toMatchObject({ key: { kid: 'one' } })
    expect(events.at(-1)?.type).toBe('keys_failed')
  })

  it('are left out when two different ones share a kid, or when they are another cloud’s', async () => {
    const { authority, kidFound } = createKeys()
    const keys = [
      one.jwk(),
      two.jwk({ kid: 'same' }),
      three.jwk({ kid: 'same' }),
      two.jwk({ cloud_instance_name: 'other.cloud' }),
    ]
    authority.serve(keysUrl, { keys })
    expect([await kidFound('one'), await kidFound('same'), await kidFound('two')]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('are looked up by name alone, whatever the name', async () => {
    const { kidFound } = createKeys()
    for (const kid of ['__proto__', 'constructor', '../one', 'ONE']) expect(await kidFound(kid)).toBe(false)
  })
})
