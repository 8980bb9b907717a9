import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The reasons that acquiring itself refuses with, as the source has them. */
function reasonsInSource(): readonly string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(new URL(`../../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => folder + name)
  const paths = [
    ...inFolder('src/acquire/'),
    ...inFolder('src/grants/'),
    'src/web-api/create-acquirer.ts',
    'src/kernel/check-argument.ts',
  ]
  return paths.flatMap((path) =>
    [...read(path).matchAll(/new AcquisitionError\(\s*'(\w+)'/g)].map((match) => match[1] ?? ''),
  )
}

function reasonsInDocs(): readonly string[] {
  const [, section = ''] = read('../../docs/acquiring-tokens.md').split('## Reasons of an AcquisitionError')
  return [...section.matchAll(/^\| `(\w+)` +\|/gm)].map((row) => row[1] ?? '').slice(1)
}

describe('docs/acquiring-tokens.md', () => {
  it('has a row for every reason that a token is not even asked for, and no other', () => {
    expect(reasonsInSource().length).toBeGreaterThan(10)
    expect([...reasonsInDocs()].sort()).toEqual([...new Set(reasonsInSource())].sort())
  })
})
