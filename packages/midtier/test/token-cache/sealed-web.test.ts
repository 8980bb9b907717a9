import { describe, expect, it } from 'vitest'
import * as node from '../../src/kernel/crypto/crypto.node.ts'
import * as web from '../../src/kernel/crypto/crypto.web.ts'

const secret = new Uint8Array(32).map((_, index) => index)
const text = 'a token \u{1F511} with \0 and \ufeff'
const engines = { Node: node, 'web standards': web }
const pairs = [
  ['Node', 'Node'],
  ['Node', 'web standards'],
  ['web standards', 'Node'],
  ['web standards', 'web standards'],
] as const

describe('sealing', () => {
  it.each(pairs)('by %s opens by %s', async (from, to) => {
    const [one, two] = [engines[from], engines[to]]
    const ours = await one.deriveSecretKey(secret, 'p', 'encryption')
    const sealed = await one.encrypt(ours, 'place', text)
    const key = await two.deriveSecretKey(secret, 'p', 'encryption')
    expect(await two.decrypt(key, 'place', sealed)).toBe(text)
    expect(await two.decrypt(key, 'place', await one.encrypt(ours, 'place', ''))).toBe('')
    expect(await two.decrypt(key, 'elsewhere', sealed)).toBeUndefined()
    const altered = sealed.slice(0, -1) + (sealed.endsWith('A') ? 'Q' : 'A')
    expect(await two.decrypt(key, 'place', altered)).toBeUndefined()
    expect(await two.decrypt(key, 'place', sealed.slice(0, 36))).toBeUndefined()
    const other = await two.deriveSecretKey(secret, 'q', 'encryption')
    expect(await two.decrypt(other, 'place', sealed)).toBeUndefined()
  })

  it('names slots the same by Node and by web standards', async () => {
    const names = [node, web].map(async (engine) =>
      engine.authenticate(await engine.deriveSecretKey(secret, 'p', 'authentication'), text),
    )
    const [byNode, byWeb] = await Promise.all(names)
    expect(byNode).toMatch(/^[\w-]{43}$/)
    expect(byWeb).toBe(byNode)
  })

  it('agrees with RFC 5869: HKDF-SHA-256 without a salt', async () => {
    // RFC 5869 A.3 gives 42 bytes for empty salt and info; a 32-byte key is its beginning.
    const key = node.deriveSecretKey(new Uint8Array(22).fill(0x0b), '', 'authentication')
    const { handle } = (await key) as { handle: { export(): Buffer } }
    expect(handle.export().toString('hex')).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d',
    )
  })
})
