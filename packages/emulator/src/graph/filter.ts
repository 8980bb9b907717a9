// $filter as far as the emulator reads it: equality, joined by `and`.
import { GraphError } from './graph-error.ts'
import type { Entity } from './entity.ts'

interface Condition {
  readonly property: string
  readonly value: string | boolean | null
}

const condition = /^\s*(\w+)\s+eq\s+(?:'((?:[^']|'')*)'|(true|false|null)|([\da-f-]{36}))\s*(?:\s+and\s+|$)/i

/**
 * Those that a filter lets through; text is compared without its case, as the directory of Entra does.
 * @throws {GraphError} for a clause that is none, or a property that nobody may filter by
 */
export function filtered<Item>(
  { items, toEntity }: { readonly items: readonly Item[]; readonly toEntity: (item: Item) => Entity },
  text: string,
  isProperty: (name: string) => boolean,
): readonly Item[] {
  const conditions = parse(text)
  const unknown = conditions.find(({ property }) => !isProperty(property))
  if (unknown !== undefined) throw unsupported(unknown.property)
  return items.filter((item) => {
    const entity = toEntity(item)
    return conditions.every((wanted) => isEqual(entity[wanted.property], wanted.value))
  })
}

function parse(text: string): readonly Condition[] {
  const conditions: Condition[] = []
  let rest = text
  while (rest.trim() !== '' || conditions.length === 0) {
    const match = condition.exec(rest)
    if (match === null) throw unsupported(/\w+/.exec(rest)?.[0] ?? '')
    const [whole, property = '', quoted, word, guid] = match
    conditions.push({ property, value: valueOf(quoted?.replaceAll("''", "'") ?? guid, word) })
    rest = rest.slice(whole.length)
    if (rest === '' && /and\s+$/i.test(whole)) throw unsupported(property)
  }
  return conditions
}

function valueOf(text: string | undefined, word: string | undefined): Condition['value'] {
  if (text !== undefined) return text
  return word?.toLowerCase() === 'null' ? null : word?.toLowerCase() === 'true'
}

function isEqual(actual: unknown, wanted: Condition['value']): boolean {
  if (typeof actual === 'string' && typeof wanted === 'string')
    return actual.toLowerCase() === wanted.toLowerCase()
  return (actual ?? null) === wanted
}

function unsupported(property: string): GraphError {
  return new GraphError(
    'Request_UnsupportedQuery',
    `Unsupported or invalid query filter clause specified for property '${property}'. The emulator reads: property eq 'value', joined by and.`,
    400,
  )
}
