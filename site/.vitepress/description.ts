import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The first sentence below the heading of a page, for results of search engines. */
export function descriptionOf(root: string, path: string): string {
  const [, paragraph = ''] =
    /^# .*\n+([^#`|<\n-][\s\S]*?)\n\n/m.exec(readFileSync(join(root, path), 'utf8')) ?? []
  const text = paragraph
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll('\n', ' ')
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, '.') ?? ''
}
