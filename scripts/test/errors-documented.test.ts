import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** Class name → code, as the source has them. */
function codesInSource(): Map<string, string> {
  const source = read('packages/midtier/src/kernel/errors/errors.ts')
  const classes = source.split(/^export (?:abstract )?class /m).slice(1)
  return new Map(
    classes.flatMap((text) => {
      const name = /^\w+/.exec(text)?.[0]
      const code = /readonly code(?:: [^=]+)? = '(\w+)'/.exec(text)?.[1]
      return name === undefined || code === undefined ? [] : [[name, code] as const]
    }),
  )
}

/** Class name → code, as the table in the documentation has them. */
function codesInDocs(): Map<string, string> {
  const rows = read('docs/errors.md').matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)
  return new Map([...rows].map((row) => [row[1] ?? '', row[2] ?? '']))
}

describe('docs/errors.md', () => {
  it('has a row for every error class, and no other, with its code', () => {
    expect(codesInSource().size).toBeGreaterThan(5)
    expect(Object.fromEntries(codesInDocs())).toEqual(Object.fromEntries(codesInSource()))
  })
})
