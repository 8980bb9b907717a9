// The amber mark: on every page, whoever shows it, as long as anything is not normal, and "Reset to normal" ends it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { createBrowser, parseForm, type Browser } from '../browser.ts'
import { authorizeUrl, contoso } from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())
afterEach(() => {
  emulator.faults.clear()
  emulator.clock.reset()
  for (const { id } of emulator.policies.list()) emulator.policies.disable(id)
})

const pages = (): readonly string[] => [
  `${emulator.origin}/`,
  `${emulator.origin}/error?code=50076`,
  `${emulator.origin}/${contoso}/oauth2/v2.0/logout`,
  authorizeUrl(emulator),
  authorizeUrl(emulator, { redirect_uri: 'http://localhost:1/not-registered' }),
]

async function markOf(url: string, browser = createBrowser(emulator.origin)): Promise<string | undefined> {
  const { html } = await browser.open(url)
  return /<aside class="not-normal".*?<\/aside>/s.exec(html)?.[0]
}

describe('the amber mark', () => {
  it('is on no page on a good day', async () => {
    for (const url of pages()) expect(await markOf(url)).toBeUndefined()
  })

  it.each<[string, () => unknown, string]>([
    [
      'a fault',
      () => emulator.faults.add({ when: { endpoint: 'token', times: 1 }, then: { status: 503 } }),
      'Token requests are answered 503, only the next one',
    ],
    ['a policy', () => emulator.policies.add({ kind: 'block', name: 'Nobody in' }), 'Nobody in'],
    ['a clock that was moved', () => emulator.clock.advance(-5400), 'clock −1 h 30 min'],
    ['a clock that stands still', () => emulator.clock.freeze(), 'clock stopped'],
  ])('names %s on every page, sign-in and error pages included', async (_what, act, words) => {
    act()
    for (const url of pages()) expect(await markOf(url)).toContain(words)
    emulator.policies.remove('Nobody in')
  })

  it('counts what it has no room to name', async () => {
    for (const status of [500, 501, 502, 503, 504, 505]) emulator.faults.add({ when: {}, then: { status } })
    expect(await markOf(pages()[1] ?? '')).toContain('and 2 more')
  })
})

describe('Reset to normal', () => {
  async function pressReset(browser: Browser, url: string): Promise<URL | undefined> {
    const page = await browser.open(url)
    expect(page.html).toMatch(/<button type="submit" form="reset-to-normal">\s*Reset to normal/)
    expect(parseForm(page.html).action).toBe('/portal/reset')
    return (await browser.submit(page, {})).location
  }

  it('ends all of it and goes back to the page that it was pressed on', async () => {
    emulator.faults.add({ when: {}, then: { delayMs: 1 } })
    emulator.clock.advance(60)
    const [policy] = emulator.policies.list()
    emulator.policies.enable(policy?.id ?? '')
    const url = `${emulator.origin}/error?code=50076`
    expect((await pressReset(createBrowser(emulator.origin), url))?.href).toBe(url)
    expect(emulator.faults.list()).toEqual([])
    expect(emulator.clock.setting).toEqual({ offsetMs: 0 })
    expect(emulator.policies.list().some(({ enabled }) => enabled)).toBe(false)
    expect(await markOf(url)).toBeUndefined()
  })

  it('leads to no other site, whatever the form says', async () => {
    const others = ['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'evil']
    for (const back of others) {
      emulator.clock.advance(60)
      const browser = createBrowser(emulator.origin)
      const page = await browser.open(`${emulator.origin}/error?code=50076`)
      const { location } = await browser.submit(page, { back })
      expect(location?.href).toBe(`${emulator.origin}/`)
    }
  })

  it('is pressed by no other browser, site or start', async () => {
    emulator.clock.advance(60)
    const browser = createBrowser(emulator.origin)
    const { fields } = parseForm((await browser.open(`${emulator.origin}/error?code=50076`)).html)
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const post = async (form: Record<string, string>, headers: Record<string, string>): Promise<number> =>
      (
        await fetch(`${emulator.origin}/portal/reset`, {
          method: 'POST',
          body: new URLSearchParams(form),
          headers,
          redirect: 'manual',
        })
      ).status
    expect(await post(fields, {})).toBe(403)
    expect(await post({}, { cookie })).toBe(403)
    expect(await post({ form: 'made up' }, { cookie })).toBe(403)
    expect(await post(fields, { cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await post(fields, { cookie, origin: 'null' })).toBe(403)
    expect(await post(fields, { cookie, origin: 'null', 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(emulator.clock.setting.offsetMs).toBe(60_000)
    expect(await post(fields, { cookie, origin: emulator.origin })).toBe(303)
    expect(emulator.clock.setting.offsetMs).toBe(0)
  })
})
