// The keys of an emulator that has just started: nobody waits for them who needs none, and nobody gets two answers.
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/index.ts'
import { createMemoryState } from '../../src/kernel/state.ts'
import { SigningKeys } from '../../src/tokens/signing-keys.ts'
import { claimsOf, contoso, daemon, todoApi } from '../scenario.ts'

const kidsOf = (keys: SigningKeys): readonly string[] => keys.list().map(({ kid }) => kid)

describe('keys that are being made', () => {
  it('are two, and stay the same', async () => {
    const keys = SigningKeys.begin(createMemoryState(), Date)
    await keys.ready()
    const kids = kidsOf(keys)
    expect(new Set(kids).size).toBe(2)
    expect([keys.current.kid, kidsOf(keys)]).toEqual([kids[0], kids])
  })

  it('are made at once for who reads them before, and not replaced afterwards', async () => {
    const keys = SigningKeys.begin(createMemoryState(), Date)
    const kids = kidsOf(keys)
    await keys.ready() // those of the threads arrive, and are too late
    expect(kidsOf(keys)).toEqual(kids)
  })

  it('may be rotated and retired from the first moment on', async () => {
    const keys = SigningKeys.begin(createMemoryState(), Date)
    const kid = await keys.rotate()
    const [current, before = ''] = kidsOf(keys)
    expect([current, kidsOf(keys).length]).toEqual([kid, 3])
    await keys.retire(before)
    expect(kidsOf(keys)).not.toContain(before)
  })

  it('are read from a state that has some', async () => {
    const state = createMemoryState()
    const kids = kidsOf(await SigningKeys.load(state, Date))
    expect(kidsOf(await SigningKeys.load(state, Date))).toEqual(kids)
  })
})

describe('an emulator that has just started', () => {
  it('answers its pages at once, and tokens and keys when there are some', async () => {
    const emulator = await createEmulator()
    try {
      const keysUrl = `${emulator.origin}/${contoso}/discovery/v2.0/keys`
      const [health, keys, token] = await Promise.all([
        fetch(`${emulator.origin}/_emulator/health`),
        fetch(keysUrl).then((answer) => answer.json()) as Promise<{ keys: readonly { kid: string }[] }>,
        emulator.mint({ client: daemon, audience: todoApi }),
      ])
      const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
        kid: string
      }
      expect(health.status).toBe(200)
      expect(keys.keys[0]?.kid).toBe(kid)
      expect(claimsOf(token)['aud']).toBe(todoApi)
    } finally {
      await emulator.stop()
    }
  })
})
