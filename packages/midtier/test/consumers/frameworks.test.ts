// The quick start of every framework's page, as it stands there: at most twenty lines for it, compiled, and run against the emulator.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { test } from './consumer.ts'
import { frameworks as dependencies } from './dependencies.ts'
import { answersOf, expectedAnswers } from './quick-start.ts'
import { documented } from './sources.ts'

const docs = new URL('../../../../docs/', import.meta.url)
const pages = readdirSync(new URL('frameworks/', docs))
const read = (path: string): string => readFileSync(new URL(path, docs), 'utf8')

describe.each(pages)('docs/frameworks/%s', (page) => {
  const quickStart = documented(`docs/frameworks/${page}`, 'Quick start')

  test('is two imports and at most twenty lines beside the API itself', () => {
    const [api = ''] = /^const api = [\s\S]*?^\}\)\n/m.exec(quickStart) ?? []
    const lines = quickStart
      .replace(api, '')
      .split('\n')
      .filter((line) => line !== '')
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(quickStart.match(/from 'midtier/g)).toHaveLength(2)
  })

  test('leads from and to where one starts', () => {
    expect(read(`frameworks/${page}`)).toMatch(/\(\.\.\/first-call\.md\)\.\n[^\n]*`instance/)
    for (const path of ['first-call.md', 'validating-tokens.md', '../README.md'])
      expect(read(path), path).toContain(`frameworks/${page})`)
  })

  test('answers Alice, and refuses who brings no token', async () => {
    expect(await answersOf(quickStart, { dependencies })).toBe(expectedAnswers)
  })
})
