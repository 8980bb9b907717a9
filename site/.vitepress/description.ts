import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const longest = 180

/** How a page begins, for the results of search engines: the sentences of its first paragraph that have room there, or the first of them. */
export function descriptionOf(root: string, path: string): string {
  const [, paragraph = ''] =
    /^# .*\n+((?:[^\s#|<>`-]|`(?!``)|\*\*).[\s\S]*?)\n\n/m.exec(readFileSync(join(root, path), 'utf8')) ?? []
  const text = paragraph
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll('\n', ' ')
  const [first = '', ...others] = text.split(/(?<=\.) /)
  return others.reduce(
    (before, sentence) =>
      before.length + sentence.length < longest && text.startsWith(`${before} ${sentence}`)
        ? `${before} ${sentence}`
        : before,
    first,
  )
}
