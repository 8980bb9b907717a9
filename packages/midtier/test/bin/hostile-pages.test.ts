// Text of others, wherever a page has it, is shown and not obeyed.
import { expect, it } from 'vitest'
import { formatExplanation } from '../../src/bin/format-explanation.ts'
import { formatFindings } from '../../src/bin/format-findings.ts'
import { labelled, wrap } from '../../src/bin/page.ts'
import { hostileText, obeyed } from './hostile-text.ts'

it.each([true, false])('on the page of findings (colour: %s)', (colour) => {
  const texts = { check: hostileText, is: hostileText, should: hostileText, mend: hostileText }
  const findings = (['passed', 'warned', 'failed', 'skipped'] as const).map((verdict) => ({
    ...texts,
    verdict,
  }))
  const page = formatFindings(findings, { colour, columns: 80, all: true })
  expect(obeyed(page)).toBeUndefined()
  expect(page).toContain(String.raw`\u001b[2J`)
})

it.each([true, false])('on the page of an explained token (colour: %s)', (colour) => {
  const own = { name: 'issuer', description: hostileText, expected: hostileText, actual: hostileText }
  const page = formatExplanation(
    {
      verdict: 'refused',
      checks: (['passed', 'failed', 'not_reached'] as const).map((verdict) => ({
        ...own,
        verdict,
        mistake: hostileText,
        because: hostileText,
      })),
      header: { kid: hostileText },
      claims: { [hostileText]: hostileText, other: '[masked]' },
      times: { now: '' },
      notes: [hostileText],
    },
    { colour, columns: 80, all: true },
  )
  expect(obeyed(page)).toBeUndefined()
  expect(page).toContain(String.raw`\u001b[2J`)
})

it('is measured as it is shown', () => {
  const lines = [
    ...wrap('\u0007 '.repeat(40), 60),
    ...labelled('a\u0007', '\u0007 '.repeat(40), { width: 60, indent: 3 }),
  ]
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60)
})
