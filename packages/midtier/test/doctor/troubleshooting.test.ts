// docs/troubleshooting.md has a row for every broken set-up, with the check that names it.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { brokenSetUps } from './broken-set-ups.ts'

it('lists what the doctor was seen to find, and nothing else', () => {
  const page = readFileSync(new URL('../../../../docs/troubleshooting.md', import.meta.url), 'utf8')
  const [, table = ''] = page.split('## What it finds')
  const rows = [...table.matchAll(/^\| (\S.*?) +\| `([\w.]+)` +\|/gm)].map(([, what = '', check]) => [
    what,
    check,
  ])
  const found = Object.entries(brokenSetUps).map(([what, { check }]) => [
    what.replace(/^./, (first) => first.toUpperCase()),
    check,
  ])
  expect(rows).toEqual(found)
  expect(found.length).toBeGreaterThanOrEqual(20)
})
