// A text of others as it may stand in a message of ours: short, on one line, and without what looks like a credential or a person.
import { scrub } from './errors/safe-cause.ts'
import { withoutPeople } from './errors/without-people.ts'

const longest = 120

/** The text in single quotes. Whatever is not printable ASCII becomes a question mark: an issuer, a host or a code has none. */
export function quoted(text: string): string {
  const told = withoutPeople(scrub(text)).replace(/[^\x20-\x7e]/g, '?')
  return `'${told.length > longest ? `${told.slice(0, longest)}…` : told}'`
}
