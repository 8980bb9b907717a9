// What the pages about platforms say of versions and of cold starts is what is tried and what was measured.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runtimes } from '../../packages/midtier/test/consumers/runtimes.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The cells of the rows of a text that begin so. */
function rowsOf(text: string, start: RegExp): string[][] {
  return text
    .split('\n')
    .filter((line) => start.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

describe('docs/serverless.md', () => {
  const measured = rowsOf(read('benchmarks/results/coldstart.md'), /^\| (?:Node|Bun|Deno) /)

  it('has the processor time of every cold start that was measured', () => {
    const said = rowsOf(read('docs/serverless.md'), /^\| (?:Node|Bun|Deno) [\d.]+ /)
    const runtimesMeasured = [...new Set(measured.map(([runtime]) => runtime))]
    expect(runtimesMeasured.length).toBeGreaterThan(3)
    const timesOf = (runtime: string | undefined): string[] =>
      measured.filter(([each]) => each === runtime).map(([, , , time = '']) => time)
    expect(said).toEqual(runtimesMeasured.map((runtime) => [runtime, ...timesOf(runtime)]))
  })

  it('has what importing takes, as it was measured', () => {
    const [[, , time = ''] = []] = rowsOf(read('benchmarks/results/start.md'), /^\| midtier /)
    expect(read('docs/serverless.md')).toContain(`takes ${Math.round(Number(time))} ms of processor time`)
  })
})

/** `5.113.0` as `5.113`, and what is behind a name in `npm:name@1.2.3`. */
function shortOf(version: string): string {
  return version.replace(/^.*@/, '').split('.').slice(0, 2).join('.')
}

describe('the versions that are tried', () => {
  it.each(['esbuild', 'rolldown', 'webpack'])('of %s stand in docs/bundlers.md', (name) => {
    const [[said] = []] = rowsOf(read('docs/bundlers.md'), new RegExp(`^\\| ${name} `))
    const installed = read('packages/midtier/test/consumers/dependencies.ts')
    const [, version = ''] = new RegExp(`^  ${name}: '([\\d.]+)'`, 'm').exec(installed) ?? []
    expect(said).toBe(`${name} ${shortOf(version)}`)
  })

  it('of runtimes stand in docs/edge.md', () => {
    const table = rowsOf(read('docs/edge.md'), /^\| (?:Node|Bun|Deno|Cloudflare)/).map(
      (cells) => cells[1] ?? '',
    )
    const versions = ['bun', 'deno', 'workerd'].map((name) =>
      (runtimes[name] ?? '').replace(/^1\.(\d{8}).*/, '1.$1'),
    )
    const nodes = Object.entries(runtimes).filter(([name]) => name.startsWith('node-'))
    expect(nodes.length).toBeGreaterThan(2)
    for (const version of [...versions, ...nodes.map(([, range]) => shortOf(range))])
      expect(table.join()).toContain(version)
  })
})
