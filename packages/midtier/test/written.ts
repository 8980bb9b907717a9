// Holds what a table of cases gives to a file beside the suite, in lines that people read as a specification; `vitest -u` writes it anew.
import { expect } from 'vitest'

/** Expects the lines of the file. @param url Of the file, beside the suite. */
export async function expectWritten(lines: readonly string[], url: URL): Promise<void> {
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(url.pathname)
}

/** Members of an object, one line each, by their path: `store.bytes 12`; of a list, by their names. Numbers have as many digits as say something. */
export function membersOf(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'number' && !Number.isInteger(value))
    return [`${path} ${String(Number(value.toPrecision(8)))}`]
  if (value instanceof URL) return [`${path} ${value.href}`]
  if (typeof value === 'function') return [`${path} a function`]
  if (typeof value !== 'object' || value === null) return [`${path} ${String(value)}`]
  if (Object.keys(value).length === 0) return [`${path} ${Array.isArray(value) ? 'none' : 'nothing'}`]
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`)
  return Object.entries(value).flatMap(([index, member]: [string, unknown]) => {
    if (!Array.isArray(value) || !hasName(member)) return membersOf(member, below(index))
    const { name, ...others } = member
    return membersOf(others, below(name))
  })
}

function hasName(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}

/** Without what is another in each run: addresses of this machine, instants, and ids that were drawn. */
export function withoutChance(text: string): string {
  return text
    .replaceAll(/\b(?:localhost|127\.0\.0\.1):\d+/g, '<here>')
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, '<time>')
    .replaceAll(/\b(?![acf]0000000-|fa4e0000)[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g, '<id>')
}
