// The assets: only the listed names, and colours that can be read in light and in dark.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readAsset } from '../../src/ui/assets.ts'

const text = (name: string): string => new TextDecoder().decode(readAsset(name)?.body)
const file = (name: string): string => readFileSync(new URL(`../../assets/${name}`, import.meta.url), 'utf8')

describe('readAsset', () => {
  it.each([
    ['style.css', 'text/css; charset=utf-8'],
    ['favicon.svg', 'image/svg+xml'],
    ['form-post.js', 'text/javascript; charset=utf-8'],
    ['signed-out.js', 'text/javascript; charset=utf-8'],
    ['copy.js', 'text/javascript; charset=utf-8'],
    ['policies.js', 'text/javascript; charset=utf-8'],
    ['log.js', 'text/javascript; charset=utf-8'],
  ])('finds %s as %s', (name, contentType) => {
    expect(readAsset(name)?.contentType).toBe(contentType)
    expect(text(name).length).toBeGreaterThan(100)
    // It is read from the disk once.
    expect(readAsset(name)).toBe(readAsset(name))
  })

  it.each([
    '',
    '.',
    '../package.json',
    '..%2fpackage.json',
    '..\\package.json',
    '/etc/passwd',
    './style.css',
    'style.css/',
    'style.css?x',
    'style.css\0',
    'STYLE.CSS',
    '../assets/style.css',
    'constructor',
    '__proto__',
  ])('refuses %j', (name) => {
    expect(readAsset(name)).toBeUndefined()
  })
})

describe('the scripts', () => {
  it.each(['form-post.js', 'copy.js', 'policies.js', 'signed-out.js', 'log.js'])(
    '%s never writes markup or evaluates text',
    (name) => {
      expect(text(name)).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/,
      )
    },
  )
})

describe('the style sheet', () => {
  const imports = [...file('style.css').matchAll(/@import '\.\/([\w-]+\.css)';/g)].map(
    ([, name = '']) => name,
  )

  it('is sent whole: what it imports stands in it, in its order', () => {
    expect(imports).toContain('tokens.css')
    expect(file('style.css').match(/@import/g)).toHaveLength(imports.length)
    expect(text('style.css')).not.toMatch(/@import|url\(/)
    const places = imports.map((name) => text('style.css').indexOf(file(name)))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((one, other) => one - other))
    for (const name of imports) expect(readAsset(name)).toBeUndefined()
  })

  it('moves only when motion is welcome', () => {
    const files = imports.map((name) => file(name).split('@media (prefers-reduced-motion: no-preference)'))
    for (const [still = ''] of files)
      expect(still).not.toMatch(/^\s*(transition|animation|scroll-behavior):/m)
    expect(files.filter(([, moving]) => moving !== undefined)).not.toEqual([])
  })

  const [light = '', dark = ''] = file('tokens.css').split('@media (prefers-color-scheme: dark)')
  const tokensIn = (css: string): Record<string, string> =>
    Object.fromEntries(
      [...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']): [string, string] => [
        name,
        value,
      ]),
    )
  const schemes = { light: tokensIn(light), dark: { ...tokensIn(light), ...tokensIn(dark) } }

  const readable = [
    ['ink', 'paper'],
    ['ink', 'surface'],
    ['ink', 'sunken'],
    ['ink', 'accent-wash'],
    ['ink-muted', 'paper'],
    ['ink-muted', 'surface'],
    ['ink-muted', 'sunken'],
    ['ink-muted', 'accent-wash'],
    ['accent', 'surface'],
    ['accent', 'paper'],
    ['accent-strong', 'accent-wash'],
    ['on-accent', 'accent'],
    ['on-accent', 'accent-strong'],
    ['danger', 'surface'],
    ['danger', 'danger-wash'],
    ['danger', 'accent-wash'],
    ['warning', 'surface'],
    ['warning', 'accent-wash'],
    ['on-local', 'local'],
  ] as const

  describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
    it.each(readable)('%s on %s has the contrast of text (WCAG 1.4.3)', (ink, ground) => {
      expect(contrast(schemes[scheme][ink], schemes[scheme][ground])).toBeGreaterThanOrEqual(4.5)
    })

    it('borders of controls and the focus ring have the contrast of controls (WCAG 1.4.11)', () => {
      const { 'line-strong': border, accent: ring, surface, paper } = schemes[scheme]
      for (const ground of [surface, paper]) {
        expect(contrast(border, ground)).toBeGreaterThanOrEqual(3)
        expect(contrast(ring, ground)).toBeGreaterThanOrEqual(3)
      }
    })
  })
})

function contrast(one: string | undefined, other: string | undefined): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string | undefined): number {
  if (colour === undefined) throw new Error('a token is missing from the style sheet')
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(parseInt(colour.slice(at, at + 2), 16) / 255),
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}
