// docs/promises.md has the promises of every result of the benchmarks, word for word, with the command that measures them.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

const results = readdirSync(new URL('benchmarks/results/', root)).filter((name) => name.endsWith('.md'))

/** `- ok: what: figure (aim: at most 1)`, as rows of the page. */
function promisesIn(result: string): string[] {
  const lines = result.matchAll(/^- (ok|kept|MISSED): (.+): (.+) \((?:aim|promised): (.+)\)$/gm)
  return [...lines].map(([, verdict = '', ...cells]) =>
    [...cells, verdict === 'MISSED' ? '**missed**' : 'kept'].join(' | '),
  )
}

function sectionOf(name: string): string {
  const [section = ''] = page.split(/^##+ /m).filter((text) => text.includes(`results/${name})`))
  return section
}

const rowsIn = (section: string): string[] =>
  [...section.matchAll(/^\| (.+) \|$/gm)]
    .map(([, row = '']) =>
      row
        .trim()
        .split(/ *\| */)
        .join(' | '),
    )
    .filter((row) => row.endsWith('kept') || row.endsWith('**missed**'))

const page = read('docs/promises.md')

describe('docs/promises.md', () => {
  it.each(results)(
    'has the promises of benchmarks/results/%s, kept and missed: renew what differs',
    (name) => {
      const result = read(`benchmarks/results/${name}`)
      const [, command = ''] = /^# (`.+`)$/m.exec(result) ?? []
      const [date = ''] = /\d{4}-\d\d-\d\d/.exec(result) ?? []
      expect(promisesIn(result)).not.toEqual([])
      expect(rowsIn(sectionOf(name))).toEqual(promisesIn(result))
      expect(sectionOf(name)).toContain(`${command}, ${date}`)
    },
  )

  it('has read every verdict that a result has', () => {
    const verdicts = results.flatMap(
      (name) => read(`benchmarks/results/${name}`).match(/^- (?!\[)\w+: /gm) ?? [],
    )
    const promises = results.flatMap((name) => promisesIn(read(`benchmarks/results/${name}`)))
    expect(promises.length).toBe(verdicts.length)
  })
})
