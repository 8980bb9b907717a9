// Header fields as they came: Node joins or drops what comes twice, and gathers all of them where one is looked for.
import type { IncomingMessage } from 'node:http'

/** How often a field is there. */
export function countOf({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (isNamed(rawHeaders[at], name)) count += 1
  return count
}

/** Every value of a field. */
export function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (isNamed(rawHeaders[at], name)) values.push(rawHeaders[at + 1] ?? '')
  return values
}

/** Length first: hardly any other field has it. */
function isNamed(field: string | undefined, name: string): boolean {
  return field?.length === name.length && field.toLowerCase() === name
}
