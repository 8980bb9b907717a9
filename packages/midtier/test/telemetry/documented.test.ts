// docs/telemetry.md has every metric with its kind and meaning, and every attribute that is ever set.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { instruments } from '../../src/telemetry/metrics.ts'

const page = readFileSync(new URL('../../../../docs/telemetry.md', import.meta.url), 'utf8')
const folder = new URL('../../src/telemetry/', import.meta.url)
const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))

/** The rows of the table below a heading, cell by cell. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('docs/telemetry.md', () => {
  it('has every metric, with its kind and what it says', () => {
    const documented = tableBelow('Metrics').map(([name, kind, meaning]) => [name, kind, meaning])
    expect(documented).toEqual(instruments.map(([kind, name, , says]) => [`\`${name}\``, kind, says]))
  })

  it('has every attribute, and no other', () => {
    const set = sources.join('\n').matchAll(/'((?:midtier|http|error)\.[\w.]+)'[,:]/g)
    const names = new Set([...set].map(([, name = '']) => name))
    for (const [, name] of instruments) names.delete(name)
    for (const name of ['midtier.open-span', 'midtier.acquire', 'midtier.downstream_challenged'])
      names.delete(name)
    const documented = tableBelow('Attributes').map(([name = '']) => name.replaceAll('`', ''))
    expect(documented.toSorted()).toEqual([...names].toSorted())
  })

  it('has every span', () => {
    expect(tableBelow('Spans').map(([name]) => name)).toEqual(
      ['validate', 'acquire', 'exchange', 'downstream'].map((name) => `\`midtier.${name}\``),
    )
  })
})
