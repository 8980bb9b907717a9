// Keys under a wall clock that is set: wherever the hands stand, a withdrawn key ages, and a pause ends when it has lasted.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/authority/authority.ts'
import { SigningKeys } from '../../src/authority/signing-keys.ts'
import { defaultSigningKeysSettings } from '../settings/default-settings.ts'
import { AuthorityUnavailableError } from '../../src/kernel/errors/errors.ts'
import { createSigner, tenantId } from '../jwt/token-builder.ts'
import { createClock, createFakeAuthority, down, serveEntra } from './fake-authority.ts'

const one = createSigner('one')
const two = createSigner('two')
const [day, hour] = [86_400, 3600]

function createKeys() {
  const authority = createFakeAuthority()
  serveEntra(authority, [one])
  const clock = createClock()
  const [issuer] = createAuthority({ tenantId }).issuers
  const keys = new SigningKeys(issuer, defaultSigningKeysSettings, {
    fetch: authority.fetch,
    clock,
    observe: () => undefined,
  })
  const kidFound = async (kid: string): Promise<boolean> => (await keys.find(kid)).key !== undefined
  return { authority, clock, keys, kidFound }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

describe('a clock that is set right', () => {
  it('after running ahead leaves no pause that lasts until that time comes', async () => {
    const { authority, clock, kidFound } = createKeys()
    clock.advanceSeconds(2 * day)
    authority.weather = down
    await expect(kidFound('one')).rejects.toMatchObject({ retryAfterSeconds: 1 })
    clock.advanceSeconds(-2 * day)
    await expect(kidFound('one')).rejects.toMatchObject({ retryAfterSeconds: 2 })
    authority.weather = undefined
    clock.advanceSeconds(2)
    expect(await kidFound('one')).toBe(true)
  })

  it('in the middle of a pause takes away nothing of what has passed of it', async () => {
    const { authority, clock, kidFound } = createKeys()
    await kidFound('one')
    authority.weather = down
    await expect(kidFound('two')).rejects.toMatchObject({ retryAfterSeconds: 30 })
    clock.advanceSeconds(20)
    await expect(kidFound('two')).rejects.toMatchObject({ retryAfterSeconds: 10 })
    clock.advanceSeconds(-15)
    await expect(kidFound('two')).rejects.toMatchObject({ retryAfterSeconds: 10 })
  })

  it('makes keys stale that were fetched while it ran ahead: nobody knows how long ago that was', async () => {
    const { authority, clock, keys, kidFound } = createKeys()
    clock.advanceSeconds(2 * day)
    const { key } = await keys.find('one')
    clock.advanceSeconds(-day)
    expect(keys.honours(key!)).toBe(false)
    serveEntra(authority, [two])
    expect(await kidFound('one')).toBe(false)
    expect(await kidFound('two')).toBe(true)
  })

  it('behind the fetching of its keys ages them by what passed, not by where the hands stand', async () => {
    const { authority, clock, keys, kidFound } = createKeys()
    const { key } = await keys.find('one')
    clock.advanceSeconds(11 * hour)
    await kidFound('one')
    clock.advanceSeconds(-10 * hour)
    expect(keys.honours(key!)).toBe(true)
    serveEntra(authority, [two])
    clock.advanceSeconds(hour)
    await kidFound('one')
    await settle()
    expect(keys.honours(key!)).toBe(false)
  })

  it('again and again does not keep a withdrawn key alive', async () => {
    const { authority, clock, keys } = createKeys()
    const { key } = await keys.find('one')
    authority.weather = down
    for (let hours = 0; hours < 36; hours++) {
      expect(keys.honours(key!)).toBe(true)
      clock.advanceSeconds(hour)
      keys.honours(key!) // read before it is set back
      clock.advanceSeconds(-hour)
    }
    expect(keys.honours(key!)).toBe(false)
    expect(keys.health()).toMatchObject({ ready: false })
  })

  it('lets a key that is unknown be asked for after the cool-down', async () => {
    const { authority, clock, kidFound } = createKeys()
    await kidFound('one')
    clock.advanceSeconds(2 * day)
    await kidFound('two')
    clock.advanceSeconds(-2 * day)
    expect(await kidFound('two')).toBe(false)
    serveEntra(authority, [one, two])
    clock.advanceSeconds(30)
    expect(await kidFound('two')).toBe(true)
  })
})

describe('a clock that jumps ahead', () => {
  it('by more than keys may be old asks for them before anything is accepted', async () => {
    const { authority, clock, kidFound } = createKeys()
    await kidFound('one')
    authority.weather = down
    clock.advanceSeconds(2 * day)
    await expect(kidFound('one')).rejects.toThrow(AuthorityUnavailableError)
  })
})
