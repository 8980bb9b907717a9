// What a process of an earlier version has sealed: found under the same names, and opened, or two versions side by side would share nothing.
import { describe, expect, it } from 'vitest'
import { alice, createOpenStore, seal } from './open-store.ts'

const ring = { current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } }
const place = {
  partition: 'emvrZTtGkFt-nAvMbYxT8W0xsuB1zO7ogBkcFYG13JA',
  key: 'N1R3B5zGCDYpSorBgHHkT9v-kakwHkMxelmw_I8a_K0',
}
const entry = '1.k1.esgLuNcJYkaxEtHjc1o74EiQXvEdIixyzbqnPf4yULarNw'
const message = '1.k1.QOcPwBTXB0Bkwk9XPGsKOXd3RZiY2IACkocbnLttzAfJ2Yl5WA'

describe('what was sealed before', () => {
  it('is found and opened', async () => {
    const { store, put } = createOpenStore()
    put(place, entry)
    expect(await seal(store, ring).sealed.get(alice)).toBe('a text')
  })

  it('is replaced in its place', async () => {
    const { store, only } = createOpenStore()
    await seal(store, ring).sealed.set(alice, 'another text', 1000)
    expect(only().slot).toEqual(place)
  })

  it('is forgotten with its account', async () => {
    const { store, put, entries } = createOpenStore()
    put(place, entry)
    await seal(store, ring).sealed.deletePartition(alice.partition)
    expect(entries.size).toBe(0)
  })

  it('is heard as a message', async () => {
    const { store } = createOpenStore()
    const heard: string[] = []
    seal(store, ring).sealed.subscribe?.((text) => heard.push(text))
    await store.publish?.(message)
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toEqual(['a message'])
  })
})
