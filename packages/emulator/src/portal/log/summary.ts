// A sign-in in a line: who came to what, what happened, and how it ended.
import { flowOf, resultOf, type Result } from './flow.ts'
import type { SignIn } from './groups.ts'
import { shortUser, titleOf } from './words.ts'
import { explain } from './verdict.ts'

/** What the list says of a sign-in. */
export interface Summary {
  readonly title: string
  readonly text: string
  readonly result: Result
}

/** Sums a sign-in up. */
export function summarize({ records }: SignIn): Summary {
  const [first] = records
  const user = records.find((record) => record.user !== undefined)?.user
  const client = first?.application ?? first?.clientId ?? 'unknown client'
  const refused = records.findLast((record) => ['refused', 'cut'].includes(resultOf(record)))
  const last = records.at(-1)
  const result = refused ? resultOf(refused) : last ? resultOf(last) : 'answered'
  return {
    title: user === undefined ? client : `${shortUser(user)} → ${client}`,
    text: refused ? `${titleOf(refused)}: ${explain(refused).brief}` : tell(records),
    result,
  }
}

function tell(records: SignIn['records']): string {
  const [only, ...others] = records
  if (only !== undefined && others.length === 0) return titleOf(only)
  const exchanges = records.filter((record) => flowOf(record) === 'on-behalf-of').length
  const parts = [
    `${String(records.length)} requests`,
    ...steps.flatMap(([ending, words]) => (records.some(({ path }) => path.endsWith(ending)) ? [words] : [])),
    ...(exchanges > 0 ? [exchanges === 1 ? '1 exchange' : `${String(exchanges)} exchanges`] : []),
  ]
  return parts.join(' · ')
}

const steps = [
  ['/login', 'password'],
  ['/approve', 'second step'],
  ['/register', 'second step registered'],
  ['/consent', 'consent'],
] as const
