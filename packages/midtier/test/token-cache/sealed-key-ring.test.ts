import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import type { KeyRingOptions } from '../../src/token-cache/key-ring.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import { alice, createOpenStore, get, k1, k2, onlyK1, seal, token } from './open-store.ts'

describe('replacing a key', () => {
  const steps: readonly KeyRingOptions[] = [
    onlyK1,
    { current: 'k1', keys: { k1, k2 } },
    { current: 'k2', keys: { k1, k2 } },
    { current: 'k2', keys: { k2 } },
  ]

  it.each([
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
    [2, 3],
    [3, 2],
  ])('loses nothing between processes at step %i and step %i', async (from, to) => {
    const { store } = createOpenStore()
    const [before, after] = [seal(store, steps[from]), seal(store, steps[to])]
    await before.sealed.set(alice, token, 1000)
    expect(await get(after.sealed, alice)).toBe(token)
    await after.sealed.deletePartition(alice.partition)
    expect(await get(before.sealed, alice)).toBeUndefined()
    expect([...before.events, ...after.events]).toEqual([])
  })

  it('leaves one entry in a slot, sealed by the current key', async () => {
    const { store, only } = createOpenStore()
    await seal(store, steps[1]).sealed.set(alice, 'old', 1000)
    expect(only().text).toMatch(/^1\.k1\./)
    await seal(store, steps[2]).sealed.set(alice, 'new', 1000)
    expect(only().text).toMatch(/^1\.k2\./)
    expect(await get(seal(store, steps[1]).sealed, alice)).toBe('new')
  })

  it('deletes a slot whichever key named it', async () => {
    const { store, entries } = createOpenStore()
    await seal(store, steps[1]).sealed.set(alice, 'old', 1000)
    await seal(store, steps[2]).sealed.delete(alice)
    expect(entries.size).toBe(0)
  })

  it('opens nothing any more that was sealed by a key that was taken away', async () => {
    const [former, present] = [createOpenStore(), createOpenStore()]
    await seal(former.store, steps[0]).sealed.set(alice, token, 1000)
    const { sealed, events } = seal(present.store, steps[3])
    await sealed.set(alice, 'new', 1000)
    present.put(present.only().slot, former.only().text)
    expect(await get(sealed, alice)).toBeUndefined()
    expect(events).toHaveLength(1)
  })
})

describe('a key ring', () => {
  const { store } = createOpenStore()
  const base64 = k1.toString('base64')

  it.each([
    ['base64', base64],
    ['base64url', k1.toString('base64url')],
    ['bytes', new Uint8Array(k1)],
  ])('takes a key as %s', async (_name, key) => {
    const shared = createOpenStore()
    await sealed(shared.store, onlyK1).set(alice, token, 1000)
    expect(await get(sealed(shared.store, { current: 'k1', keys: { k1: key } }), alice)).toBe(token)
  })

  it.each([undefined, ''])('without a key (%j) asks for the variable', (key) => {
    const ring = { current: 'k1', keys: { k1: key } } as unknown as KeyRingOptions
    expect(() => sealed(store, ring)).toThrow(/^tokenCache\.keyRing\.keys\.k1: is missing: is the variable/)
  })

  it.each([
    ['tokenCache.keyRing.keys.k1', { current: 'k1', keys: { k1: k1.subarray(1) } }],
    ['tokenCache.keyRing.keys.k1', { current: 'k1', keys: { k1: new Uint8Array(33) } }],
    ['tokenCache.keyRing.keys.k1', { current: 'k1', keys: { k1: 'a passphrase that is not a key' } }],
    ['tokenCache.keyRing.keys.k1', { current: 'k1', keys: { k1: k1.toString('hex') } }],
    ['tokenCache.keyRing.keys.k1', { current: 'k1', keys: { k1: undefined } }],
    ['tokenCache.keyRing.keys.k2', { current: 'k1', keys: { k1, k2: base64 } }],
    ['tokenCache.keyRing.keys', { current: 'k.1', keys: { 'k.1': k1 } }],
    [
      'tokenCache.keyRing.keys',
      { current: '0', keys: Object.fromEntries(Array.from('012345678', (id) => [id, randomBytes(32)])) },
    ],
    ['tokenCache.keyRing.current', { current: 'k2', keys: { k1 } }],
    ['tokenCache.keyRing.current', { current: 'toString', keys: { k1 } }],
    ['tokenCache.keyRing.current', { current: 'k1', keys: {} }],
    ['tokenCache.keyRing.curent', { curent: 'k1', current: 'k1', keys: { k1 } }],
  ])('that is wrong is refused at once, naming %s and no key', (option, ring) => {
    let thrown: unknown
    try {
      sealed(store, ring as KeyRingOptions)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(ConfigurationError)
    expect((thrown as ConfigurationError).option).toBe(option)
    expect(inspect(thrown)).not.toContain(base64.slice(0, 12))
    expect(inspect(thrown)).not.toContain('passphrase')
  })
})
