import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { TokenStoreError } from '../../src/kernel/errors/errors.ts'
import { sealed } from '../../src/token-cache/sealed.ts'
import { alice, bob, createOpenStore, get, k1, k2, onlyK1, seal, token } from './open-store.ts'

describe('a sealed store', () => {
  it('gives back what was set, with one read', async () => {
    const { store, reads } = createOpenStore()
    const { sealed, events } = seal(store)
    await sealed.set(alice, token, 1000)
    expect(await get(sealed, alice)).toBe(token)
    expect(reads).toHaveLength(1)
    expect(events).toEqual([])
  })

  it('lets nothing of token, user or key be seen outside', async () => {
    const { store, only } = createOpenStore()
    const { sealed } = seal(store)
    await sealed.set(alice, token, 1000)
    const outside = JSON.stringify(only())
    for (const secret of [token, ...token.split('.'), 'alice', 'contoso', 'graph', k1.toString('base64url')])
      expect(outside).not.toContain(secret)
    expect(only().slot.partition).toMatch(/^[\w-]{43}$/)
    expect(only().slot.key).toMatch(/^[\w-]{43}$/)
  })

  it('seals the same text differently each time', async () => {
    const { store, only } = createOpenStore()
    const { sealed } = seal(store)
    await sealed.set(alice, token, 1000)
    const first = only().text
    await sealed.set(alice, token, 1000)
    expect(only().text).not.toBe(first)
  })

  it('names slots by the key, so that knowing a user is not enough to find the entries', async () => {
    const [one, two] = [createOpenStore(), createOpenStore()]
    await seal(one.store).sealed.set(alice, token, 1000)
    await seal(two.store, { current: 'k1', keys: { k1: k2 } }).sealed.set(alice, token, 1000)
    expect(two.only().slot.partition).not.toBe(one.only().slot.partition)
    expect(two.only().slot.key).not.toBe(one.only().slot.key)
  })

  it("refuses an entry that was copied to another user's slot, and says so", async () => {
    const { store, entries, put } = createOpenStore()
    const { sealed, events } = seal(store)
    await sealed.set(alice, token, 1000)
    await sealed.set(bob, 'token of bob', 1000)
    const [ofAlice, ofBob] = [...entries.values()]
    put(ofBob!.slot, ofAlice!.text)
    expect(await get(sealed, bob)).toBeUndefined()
    expect(events).toEqual([
      {
        type: 'store_failed',
        operation: 'open',
        message: 'An entry of the shared store was not opened: altered or moved',
      },
    ])
  })

  it.each([
    ['plain text', () => token, 'not sealed'],
    ['an entry as it is written before sealing', () => '{"version":1}', 'not sealed'],
    ['nothing', () => '', 'not sealed'],
    ['two megabytes', (text: string) => text + 'A'.repeat(2 * 1024 * 1024), 'not sealed'],
    ['another version', (text: string) => text.replace(/^1\./, '2.'), 'sealed by another version'],
    ['a key that nobody has', (text: string) => text.replace('.k1.', '.k9.'), 'sealed with an unknown key'],
    ['a tag cut short', (text: string) => text.slice(0, -4), 'altered or moved'],
    ['a nonce alone', () => `1.k1.${'A'.repeat(16)}`, 'altered or moved'],
    ['a second spelling of the same bytes', (text: string) => `${text}=`, 'not sealed'],
  ])('takes %s for a miss that is reported without its text', async (_name, alter, reason) => {
    const { store, only, put } = createOpenStore()
    const { sealed, events } = seal(store)
    await sealed.set(alice, token, 1000)
    const { slot, text } = only()
    put(slot, alter(text))
    expect(await get(sealed, alice)).toBeUndefined()
    expect(events).toEqual([
      {
        type: 'store_failed',
        operation: 'open',
        message: `An entry of the shared store was not opened: ${reason}`,
      },
    ])
  })

  it('accepts none of 12 000 altered entries', async () => {
    const { store, entries, put } = createOpenStore()
    const { sealed, events } = seal(store)
    await sealed.set(alice, token, 1000)
    await sealed.set(bob, 'x'.repeat(token.length), 1000)
    const [ofAlice, ofBob] = [...entries.values()]
    const genuine = ofAlice!.text
    let accepted = 0
    let tried = 0
    for (let seed = 0; tried < 12_000; seed += 1) {
      const altered = alterations[seed % alterations.length]!(genuine, ofBob!.text)
      if (altered === genuine) continue
      put(ofAlice!.slot, altered)
      tried += 1
      if ((await sealed.get(alice)) !== undefined) accepted += 1
    }
    expect([accepted, events.length]).toEqual([0, 12_000])
    put(ofAlice!.slot, genuine)
    expect(await get(sealed, alice)).toBe(token)
  })

  it('refuses to seal what would be too large to be opened', async () => {
    const { sealed } = seal(createOpenStore().store)
    await expect(Promise.resolve(sealed.set(alice, 'x'.repeat(900_000), 1000))).rejects.toBeInstanceOf(
      TokenStoreError,
    )
  })

  it('has no lease and no messages where the store has none', () => {
    const { store } = createOpenStore()
    const plain = { ...store }
    delete plain.publish
    delete plain.subscribe
    expect(Object.keys(sealed(plain, onlyK1))).toEqual(['sealed', 'get', 'set', 'delete', 'deletePartition'])
  })
})

describe('messages of a sealed store', () => {
  it('are unreadable outside and whole inside', async () => {
    const { store, published } = createOpenStore()
    const { sealed } = seal(store)
    const heard: string[] = []
    sealed.subscribe?.((message) => heard.push(message))
    await sealed.publish?.('forget oid-alice')
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toEqual(['forget oid-alice'])
    expect(published.join()).not.toContain('alice')
  })

  it('are dropped and reported when somebody else wrote them, be it by copying an entry', async () => {
    const { store, only } = createOpenStore()
    const { sealed, events } = seal(store)
    const heard: string[] = []
    sealed.subscribe?.((message) => heard.push(message))
    await sealed.set(alice, 'forget oid-alice', 1000)
    await store.publish?.('forget oid-alice')
    await store.publish?.(only().text)
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toEqual([])
    expect(events.map((event) => event.type === 'store_failed' && event.message)).toEqual([
      'A message of the shared store was not opened: not sealed',
      'A message of the shared store was not opened: altered or moved',
    ])
  })
})

type Alteration = (genuine: string, other: string) => string

const payload = (text: string): Buffer => Buffer.from(text.split('.')[2]!, 'base64url')
const rebuild = (bytes: Uint8Array): string => `1.k1.${Buffer.from(bytes).toString('base64url')}`

let state = 1
/** The same numbers in every run (Park and Miller's generator). */
const below = (limit: number): number => {
  state = (state * 48_271) % 2_147_483_647
  return state % limit
}

/** What a writer to the store can do to an entry; each gives something else every time. */
const alterations: readonly Alteration[] = [
  (genuine) => {
    const bytes = payload(genuine)
    bytes[below(bytes.length)]! ^= 1 << below(8)
    return rebuild(bytes)
  },
  (genuine) => genuine.slice(0, below(genuine.length)),
  (genuine) => rebuild(payload(genuine).subarray(below(20) + 1)),
  (genuine) => rebuild(Buffer.concat([payload(genuine), randomBytes(1 + below(20))])),
  (genuine, other) => {
    const cut = 1 + below(payload(genuine).length - 1)
    return rebuild(Buffer.concat([payload(genuine).subarray(0, cut), payload(other).subarray(cut)]))
  },
  (_genuine, other) => other,
  (genuine) => {
    const bytes = payload(genuine)
    const [one, two] = [below(bytes.length), below(bytes.length)]
    ;[bytes[one], bytes[two]] = [bytes[two]!, bytes[one]!]
    return rebuild(bytes)
  },
  (genuine) => genuine.replace(/^1/, String(below(9000) + 2)),
  (genuine) => genuine.replace('k1', `k${below(9000) + 2}`),
  () => rebuild(randomBytes(28 + below(200))),
  () => JSON.stringify({ version: 1, entry: { accessToken: randomBytes(8).toString('hex') } }),
  (genuine) => {
    const at = below(genuine.length)
    return genuine.slice(0, at) + String.fromCharCode(32 + below(200)) + genuine.slice(at + 1)
  },
  (genuine) => `${genuine}${['=', '\n', '.', ' ', '\0', '.x'][below(6)]!}`,
]
