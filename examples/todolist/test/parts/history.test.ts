// The last stories: bounded, without tokens once they are over, and for nobody else.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { forgetHistory, openHistory, type Told } from '../../client/page/trace/history.ts'

const kept = new Map<string, string>()
let isFull = false
beforeEach(() => {
  isFull = false
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (isFull) throw new DOMException('full', 'QuotaExceededError')
      kept.set(key, value)
    },
    removeItem: (key: string) => void kept.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  kept.clear()
})

const tell = (what: string): Told => ({
  what,
  atMs: 1,
  traces: [
    {
      call: {
        ...{ api: 'middleTier', traceId: 't', spanId: 's', method: 'GET', path: '/', number: 1, status: 200 },
        ...{ startedAtMs: 0, durationMs: 1 },
        token: { claims: { aud: 'middle' }, raw: 'the token itself', fromCache: true, durationMs: 0 },
      },
      ...{ middleTier: [], todoApi: [], emulator: [] },
    },
  ],
})

it('holds the last ten, newest first, on the next page of the tab, too', () => {
  const history = openHistory('alice')
  for (let count = 1; count <= 12; count += 1) history.add(tell(`story ${count}`))
  expect(history.list()[0]?.what).toBe('story 12')
  expect(
    openHistory('alice')
      .list()
      .map(({ what }) => what),
  ).toEqual(history.list().map(({ what }) => what))
  expect(history.list()).toHaveLength(10)
})

it('keeps a token in the newest story alone, and never outside of the page', () => {
  const history = openHistory('alice')
  history.add(tell('first'))
  history.add(tell('second'))
  const [second, first] = history.list()
  expect(JSON.stringify(second)).toContain('the token itself')
  expect(JSON.stringify(first)).not.toContain('the token itself')
  expect(JSON.stringify(first)).toContain('"aud":"middle"')
  expect([...kept.values()].join()).not.toContain('the token itself')
})

it('tells nobody else', () => {
  openHistory('alice').add(tell('hers'))
  expect(openHistory('bob').list()).toEqual([])
  forgetHistory()
  expect(openHistory('alice').list()).toEqual([])
})

it('goes on without the tab’s storage when that is full', () => {
  const history = openHistory('alice')
  isFull = true
  history.add(tell('first'))
  expect(history.list().map(({ what }) => what)).toEqual(['first'])
})
