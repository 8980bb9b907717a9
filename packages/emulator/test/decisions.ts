// Writes down what the request log tells of all that a suite has asked: each line once, in lines that people can read.
import { expect } from 'vitest'
import type { Emulator, RequestCheck, RequestRecord } from '../src/index.ts'

/** Expects what an emulator has told of its decisions so far in a file beside the suite; a new file is written. */
export async function expectDecisions({ origin, requests }: Emulator, path: string): Promise<void> {
  const told = requests.list().flatMap((record) => {
    const where = [record.endpoint, record.grantType].filter((part) => part !== undefined).join(' ')
    return tell(record).map((line) => withoutChance(`${where}: ${line}`, origin))
  })
  await expect(`${[...new Set(told)].sort().join('\n')}\n`).toMatchFileSnapshot(path)
}

/** What one record tells, in lines. */
export function tell(record: RequestRecord): readonly string[] {
  const { checks = [], policyResults = [], status, error = [] } = record
  const { application, user, agent, resource, scopes, policies, amr, shown } = record
  const facts = { application, user, agent, resource, scopes, policies, amr, shown }
  return [
    `answered ${[status, ...error].join(' ')}`,
    ...Object.entries(facts).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} ${String(value)}`],
    ),
    ...checks.map(tellCheck),
    ...policyResults.map(({ name, verdict, because = '' }) => `policy ${verdict} ${name} ${because}`.trim()),
  ]
}

function tellCheck({ name, verdict, expected, actual }: RequestCheck): string {
  const compared = [expected && `expected ${expected}`, actual && `actual ${actual}`]
  return [`${verdict} ${name}`, ...compared].filter((part) => part !== undefined).join(' | ')
}

/** Ports, moments and ids that are drawn are others in each run; the ids of the default directory are not. */
export function withoutChance(text: string, origin: string): string {
  return text
    .replaceAll(origin, '<emulator>')
    .replaceAll(/localhost:(?!3000|9999)\d+/g, 'localhost:<port>')
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, '<time>')
    .replaceAll(/(?<=\bkid )[\w-]{27}\b/g, '<kid>')
    .replaceAll(/\b-?\d+(?= seconds| s old)/g, '<n>')
    .replaceAll(/\b(?![acf]0000000-|0000000)[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g, '<id>')
}
