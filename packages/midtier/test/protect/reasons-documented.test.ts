// docs/validating-tokens.md names every reason that a request is refused for.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { claimedChecks, keyChecks, signedChecks, textChecks } from '../../src/protect/checks/checks.ts'
import { requirementChecks } from '../../src/protect/requirements/requirement-checks.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '')

/** Refusals that are made by hand, apart from the lists. */
const byHand = [
  'src/protect/stages.ts',
  'src/protect/revocations/revocations.ts',
  'src/protect/requirements/requirement-checks.ts',
  'src/protect/requirements/meet-requirements.ts',
  'src/web-api/authenticate-request.ts',
  'src/answer/outgoing-errors.ts',
].flatMap((path) => namesIn(read(path), /reason: '(\w+)'/g))

/** The table of what is said of a text that is no token, and the names of what is wrong with the field. */
const [, forms = ''] = /const descriptions[^{]*\{([^}]*)\}/.exec(read('src/jwt/compact.ts')) ?? []
const [, faults = ''] = /type HeaderFault =([^\n]*)/.exec(read('src/bearer/authorization-header.ts')) ?? []

const reasons = [
  ...namesIn(faults, /'(\w+)'/g),
  ...namesIn(forms, /^\s*(\w+):/gm),
  ...[...textChecks, ...claimedChecks, ...keyChecks, ...signedChecks, ...requirementChecks].map(
    ({ name }) => name,
  ),
  ...byHand,
]

describe('docs/validating-tokens.md', () => {
  it('has a row for every reason of a refusal, and no other', () => {
    const [, section = ''] = read('../../docs/validating-tokens.md').split('### Every reason')
    const rows = namesIn(section, /^\| `(\w+)` +\|/gm).filter((name) => name !== 'reason')
    expect(reasons.length).toBeGreaterThan(45)
    expect([...rows].sort()).toEqual([...new Set(reasons)].sort())
  })
})
