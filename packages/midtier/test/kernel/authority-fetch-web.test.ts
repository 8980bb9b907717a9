// What stands in the place of Node's http client on platforms that have none. `test/consumers/` runs it on the real ones.
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  authorityFetch,
  createAuthorityFetch,
  hostFetch,
  isFetchInstrumented,
} from '../../src/kernel/http/authority-fetch.web.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const request = { method: 'POST', headers: { accept: 'application/json' }, body: 'grant_type=x' } as never

describe('requests on the web', () => {
  it.each([
    ['to an authority', authorityFetch],
    ['to what is beside the platform', hostFetch],
  ])('are the platform’s own, as it is at the time: %s', async (_, ask) => {
    if (typeof ask !== 'function') throw new TypeError('a client in its stead')
    const answer = new Response('token')
    const asked: unknown[] = []
    vi.stubGlobal('fetch', (...parts: unknown[]) => {
      asked.push(...parts)
      return Promise.resolve(answer)
    })
    expect(await ask('https://login.contoso.com/token', request)).toBe(answer)
    expect(asked).toEqual(['https://login.contoso.com/token', request])
  })

  it('have no other way, and nobody who listens', () => {
    expect(createAuthorityFetch()).toBeUndefined()
    expect(isFetchInstrumented()).toBe(false)
  })
})
