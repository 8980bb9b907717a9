// docs/aadsts.md has every AADSTS code that midtier knows a remedy for, and every one that the emulator answers with, as the code has them.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { aadsts } from '../../packages/emulator/src/kernel/aadsts.ts'
import { render } from '../../packages/midtier/src/answer/render.ts'
import { buildOnBehalfOf } from '../../packages/midtier/src/grants/on-behalf-of.ts'
import { findRemedy } from '../../packages/midtier/src/grants/token-endpoint/remedies.ts'
import { buildTokenError, isOutage } from '../../packages/midtier/src/grants/token-endpoint/token-error.ts'
import type { TokenErrorFacts } from '../../packages/midtier/src/kernel/errors/errors.ts'
import { Redacted } from '../../packages/midtier/src/kernel/redacted.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

interface Row {
  readonly code: number
  readonly error: string
  readonly suberror: string | undefined
  readonly claims: boolean
  readonly cure: string
  /** Absent where midtier does not meet the code. */
  readonly answer: string | undefined
}

/** A cell as its reader sees it: a `<` of the text is escaped, or it would begin an element. */
function textOf(cell: string): string {
  return cell.trim().replaceAll('\\<', '<')
}

function readRow(cells: readonly string[]): Row {
  const [code = '', , cure = ''] = cells
  const sent = cells.at(-1) ?? ''
  const answer = cells.length === 5 ? cells[3] : undefined
  const [error = '', suberror] = [...sent.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  return {
    code: Number(code.slice('AADSTS'.length)),
    error,
    suberror,
    claims: sent.includes('claims'),
    cure,
    answer,
  }
}

const rows = read('docs/aadsts.md')
  .split('\n')
  .filter((line) => line.startsWith('| AADSTS'))
  .map((line) => readRow(line.split('|').slice(1, -1).map(textOf)))

const withAnswer = rows.filter(({ answer }) => answer !== undefined)

const remedied = [
  ...read('packages/midtier/src/grants/token-endpoint/remedies.ts').matchAll(/\[\s*(\d+),/g),
].map(([, number]) => Number(number))

/** What the caller of an API is answered when Entra refuses an exchange for this user in this way. */
function answerTo({ code, error, suberror, claims }: Row): string {
  const grant = buildOnBehalfOf({ assertion: new Redacted('the-assertion'), scopes: ['api://todolist/a'] })
  const facts: TokenErrorFacts = {
    error,
    errorNumbers: [code],
    status: 400,
    scopes: grant.scopes,
    ...(suberror !== undefined && { suberror }),
    ...(claims && { claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}' }),
  }
  if (isOutage(facts)) return '503'
  const refusal = buildTokenError(grant, facts)
  return `${String(render(refusal)?.status)} \`${refusal.reason}\``
}

describe('docs/aadsts.md', () => {
  it('has a row for each code with a remedy and each code of the emulator, once, and no other', () => {
    expect(remedied.length).toBeGreaterThan(80)
    const known = new Set([...remedied, ...aadsts.keys()])
    expect(rows.map(({ code }) => code).sort()).toEqual([...known].sort())
  })

  it('has what the emulator sends with each', () => {
    const said = rows.filter(({ code }) => aadsts.has(code))
    const sent = said.map(({ code }) => aadsts.get(code))
    expect(said.map(({ code, error, suberror }) => ({ code, error, suberror }))).toEqual(
      sent.map((row) => ({ code: row?.code, error: row?.error, suberror: row?.suberror })),
    )
  })

  it('has the remedy of each, in its own words', () => {
    const withRemedy = withAnswer.filter(({ code }) => findRemedy([code]) !== undefined)
    expect(withRemedy.map(({ code }) => code).sort()).toEqual([...remedied].sort())
    expect(withRemedy.map(({ code, cure }) => [code, cure])).toEqual(
      withRemedy.map(({ code }) => [code, findRemedy([code])]),
    )
  })

  it.each(withAnswer.map((row) => [row.code, row] as const))('has the answer to AADSTS%i', (_, row) => {
    expect(row.answer).toBe(answerTo(row))
  })
})
