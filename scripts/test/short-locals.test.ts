// What a stack trace shows keeps its name in what is published; parameters and local variables do not.
import { describe, expect, it } from 'vitest'

const script = new URL('../short-locals.mjs', import.meta.url).href
const { shortenLocals } = (await import(script)) as {
  shortenLocals: (code: string, path: string) => string
}

describe('shortening the names of locals', () => {
  it('renames parameters and variables', () => {
    const shortened = shortenLocals(
      'export function add(first, second) { const total = first + second; return total }',
      'a.js',
    )
    expect(shortened).toContain('function add(')
    expect(shortened).not.toMatch(/first|second|total/)
  })

  it('keeps the names of functions, classes, members and constants that all see', () => {
    const code = [
      'const limit = 3',
      'class Store { #entries = new Map(); #findOne(key) { return this.#entries.get(key) }',
      '  find(key) { const inner = () => this.#findOne(key); return inner } has(other) { return #entries in other } }',
      'function outer(value) { function nested(of) { return of.length } return nested(value) }',
      'export { Store, limit, outer }',
    ].join('\n')
    const shortened = shortenLocals(code, 'a.js')
    for (const name of [
      'limit',
      'Store',
      '#entries',
      '#findOne',
      'find(',
      'inner',
      'outer',
      'nested',
      '.length',
    ])
      expect(shortened).toContain(name)
    expect(shortened.match(/#entries/g)).toHaveLength(3)
    expect(shortened).not.toMatch(/key|value|other/)
  })

  it('keeps of CommonJS what it is told by, and the names of classes', () => {
    const code = 'const a = require("./a.cjs"); exports.use = (given) => a.use(given)'
    expect(shortenLocals(code, 'a.cjs')).toMatch(
      /const (\w) = require\("\.\/a\.cjs"\);\nexports\.use = \((\w)\) => \1\.use\(\2\)/,
    )
    expect(shortenLocals('class Store {} exports.a = (given) => new Store(given)', 'a.cjs')).toContain(
      'new Store(',
    )
  })

  it('refuses what it cannot read', () => {
    expect(() => shortenLocals('const = 1', 'broken.js')).toThrow('broken.js: ')
  })
})
