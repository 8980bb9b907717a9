// What an answer says about being kept, for every way in which its API said it; the API's clock and ours are at the same second.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { relayedCaching } from '../../../src/call/answer/relayed-caching.ts'
import { callApi } from '../called-api.ts'

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)
const at = (seconds: number): string => new Date(nowMs + seconds * 1000).toUTCString()
const cachingOf = (headers: Record<string, string>): string =>
  relayedCaching(new Headers(headers), nowMs).cacheControl

describe('how long a relayed answer may be kept', () => {
  it.each([
    [undefined, 'no-store'],
    ['no-store', 'no-store'],
    ['max-age=600, no-store', 'no-store'],
    ['no-store, must-understand', 'no-store'],
    ['max-age=600', 'private, max-age=600'],
    ['public, max-age=600', 'private, max-age=600'],
    ['Private, Max-Age=60', 'private, max-age=60'],
    ['private="x-name", max-age=60', 'private, max-age=60'],
    ['max-age="60"', 'private, max-age=60'],
    ['private="", private, max-age=60', 'private, max-age=60'],
    [' , max-age=60 ,, public', 'private, max-age=60'],
    ['max-age=60, max-age=60', 'private, max-age=60'],
    ['public, s-maxage=600', 'private, no-cache'],
    ['s-maxage=600, max-age=5', 'private, max-age=5'],
    ['max-age=60, immutable', 'private, max-age=60'],
    ['max-age=60, stale-while-revalidate=600, stale-if-error=600', 'private, max-age=60'],
    ['max-age=60, must-revalidate, proxy-revalidate', 'private, max-age=60, must-revalidate'],
    ['max-age=0, must-revalidate', 'private, no-cache, must-revalidate'],
    ['no-cache', 'private, no-cache'],
    ['no-cache, max-age=60', 'private, no-cache'],
    ['no-cache="set-cookie", max-age=60', 'private, no-cache'],
    ['private', 'private, no-cache'],
    ['public', 'private, no-cache'],
    ['x-no-store="a, no-cache", max-age=60', 'private, max-age=60'],
    // what cannot be read for certain
    ['max-age=60, max-age=600', 'no-store'],
    ['max-age=-1', 'no-store'],
    ['max-age=1.5', 'no-store'],
    ['max-age=sixty', 'no-store'],
    ['max-age=', 'no-store'],
    ['max-age', 'no-store'],
    ['max-age=9999999999', 'no-store'],
    ['max-age = 60', 'no-store'],
    ['max-age=60; public', 'no-store'],
    ['max-age="60', 'no-store'],
    ['max age=60', 'no-store'],
  ])('%s becomes %s', (given, sent) => {
    expect(cachingOf(given === undefined ? {} : { 'cache-control': given })).toBe(sent)
  })

  it.each<[string, Record<string, string>, string]>([
    ['Age', { 'cache-control': 'max-age=600', age: '500' }, 'private, max-age=100'],
    ['an Age beyond it', { 'cache-control': 'max-age=600', age: '700' }, 'private, no-cache'],
    ['an old Date', { 'cache-control': 'max-age=600', date: at(-590) }, 'private, max-age=10'],
    [
      'the greater of both',
      { 'cache-control': 'max-age=600', age: '10', date: at(-100) },
      'private, max-age=500',
    ],
    ['no Date of the future', { 'cache-control': 'max-age=600', date: at(100) }, 'private, max-age=600'],
    ['Expires', { 'cache-control': 'private', date: at(-10), expires: at(50) }, 'private, max-age=50'],
    ['Expires without a Date', { 'cache-control': 'private', expires: at(60) }, 'private, max-age=60'],
    ['max-age before Expires', { 'cache-control': 'max-age=5', expires: at(600) }, 'private, max-age=5'],
    ['an Expires of the past', { 'cache-control': 'private', expires: '0' }, 'private, no-cache'],
    ['no Expires alone', { expires: at(600) }, 'no-store'],
    ['Pragma', { 'cache-control': 'max-age=600', pragma: 'no-cache' }, 'private, no-cache'],
    ['an Age that cannot be read', { 'cache-control': 'max-age=600', age: '1, 2' }, 'no-store'],
    ['a Date that cannot be read', { 'cache-control': 'max-age=600', date: 'yesterday' }, 'no-store'],
    ['Vary: *', { 'cache-control': 'max-age=600', vary: 'Accept, *' }, 'no-store'],
    ['a Vary that cannot be read', { 'cache-control': 'max-age=600', vary: 'Accept Language' }, 'no-store'],
  ])('goes by %s', (_, headers, sent) => {
    expect(cachingOf(headers)).toBe(sent)
  })

  it('is never longer than the API said, and never for everybody, whatever it said', () => {
    const directive = fc.constantFrom(
      'public',
      'private',
      'no-cache',
      'max-age=60',
      's-maxage=900',
      'immutable',
      '"',
      ';',
      'MAX-AGE=900',
    )
    const written = fc.oneof(
      fc.string(),
      fc.array(directive).map((list) => list.join(', ')),
    )
    const headers = fc.record({ 'cache-control': written, vary: fc.string(), age: fc.string() })
    fc.assert(
      fc.property(headers, (given) => {
        const values = new Map<string, string>(Object.entries(given))
        const readable = { get: (name: string) => values.get(name) ?? null }
        const { cacheControl, vary } = relayedCaching(readable, nowMs)
        expect(cacheControl).toMatch(/^(no-store|private, (no-cache|max-age=[1-9]\d*)(, must-revalidate)?)$/)
        expect(vary).toMatch(/^(\*|Authorization(, [^\s,]+)*)$/)
      }),
      { seed: 1 },
    )
  })
})

describe('what a relayed answer varies by', () => {
  it.each([
    [undefined, 'Authorization'],
    ['Authorization', 'Authorization'],
    ['authorization, Accept-Language', 'Authorization, Accept-Language'],
    ['Accept-Encoding,  Origin, accept-encoding', 'Authorization, Accept-Encoding, Origin'],
    ['', 'Authorization'],
    ['*', '*'],
    ['Accept, *', '*'],
  ])('%s becomes %s', async (given, sent) => {
    const answer = new Response('x', given === undefined ? {} : { headers: { vary: given } })
    expect((await callApi([answer]).api.relay('todos')).headers.get('vary')).toBe(sent)
  })

  it('is said of an answer without a body and of a refusal as well', async () => {
    for (const status of [304, 404]) {
      const answer = new Response(status === 304 ? null : 'x', {
        status,
        headers: { 'cache-control': 'max-age=60' },
      })
      expect((await callApi([answer]).api.relay('todos')).headers.get('vary')).toBe('Authorization')
    }
  })
})
