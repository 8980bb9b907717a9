// What the documentation of the options says of numbers is what their table says.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { numberOptions } from '../../src/settings/numbers.ts'

const source = readFileSync(new URL('../../src/options.ts', import.meta.url), 'utf8')

const interfaces: Readonly<Record<string, string>> = {
  '': 'WebApiOptions',
  signingKeys: 'SigningKeysOptions',
  tokenCache: 'TokenCacheOptions',
  resilience: 'ResilienceOptions',
  longRunning: 'LongRunningOptions',
  revocations: 'RevocationOptions',
  'downstreamApis.*': 'DownstreamApiOptions',
}

/** The comment above an option, on one line. */
function commentOf(path: string): string {
  const [, parent = '', name = path] = /^(.*)\.(\w+)$/.exec(path) ?? []
  const opening = new RegExp(`^export interface ${interfaces[parent]}(?:<.*>)? \\{\n`, 'm')
  const members = source.split(opening)[1]?.split('\n}\n')[0] ?? ''
  const before = members.split(`  readonly ${name}?: number | undefined\n`)[0] ?? members
  return before
    .slice(before.lastIndexOf('/**'))
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s*/, ''))
    .join(' ')
}

/** A number as people write it: with its thousands apart, or in a greater unit. */
function spellings(value: number): readonly string[] {
  const grouped = value.toLocaleString('en').replaceAll(',', ' ')
  return [grouped, `${value / 1024 ** 2} MiB`, `${value / 86_400} days`]
}

const says = (text: string, words: RegExp, value: number): boolean =>
  spellings(value).some((spelling) => new RegExp(`${words.source}${spelling}(?! ?\\d)`).test(text))

describe.each(Object.entries(numberOptions))('the documentation of %s', (path, row) => {
  const comment = commentOf(path)

  it('says its default', () => {
    const words = path === 'resilience.retryBudgetMs' ? /default twice .* at most / : /[Dd]efault /
    expect(says(comment, words, row.default), comment).toBe(true)
  })

  it('says no other limit than its own', () => {
    const limit = /at most ([\d ]+\d|\d+)( MiB| days)?/.exec(comment)?.[0]
    if (limit === undefined || path === 'resilience.retryBudgetMs') return
    expect(says(limit, /at most /, row.most), comment).toBe(true)
  })
})
