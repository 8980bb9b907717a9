// The list of the sign-in log: sign-ins, newest first, each with its requests.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { entryAddress, listAddress } from './address.ts'
import { resultOf } from './flow.ts'
import { sessionOf, type SignIn } from './groups.ts'
import type { Query } from './query.ts'
import { summarize } from './summary.ts'
import { outcomeOf, timeOfDay, titleOf } from './words.ts'

/** How many requests of a sign-in the list shows; the others are a query away. */
const maximumRows = 8

/** What decides how a sign-in is drawn. */
export interface GroupProps {
  readonly signIn: SignIn
  /** The query as text, which the links carry on, and as a question. */
  readonly query: string
  readonly isWanted: Query
  /** Id of the request that the page shows. */
  readonly selected?: string | undefined
}

/** One sign-in, as an item of the list. */
export function Group({ signIn, query, isWanted, selected }: GroupProps): JSX.Element {
  const { id, records } = signIn
  const [first] = records
  const { title, text, result } = summarize(signIn)
  const session = sessionOf(signIn)
  const rows = chooseRows(records, isWanted, selected)
  const isOpen = records.some((record) => record.id === selected)
  return (
    <li class={isOpen ? 'group is-open' : 'group'} id={`group-${id}`}>
      <div class="group-head">
        <time datetime={first?.time}>{timeOfDay(first ?? { time: '' })}</time>
        <strong>{title}</strong>
        <span class={`result result-${result}`}>{result}</span>
      </div>
      <p class="group-text">{text}</p>
      <ol class="entries">
        {rows.map((record) => (
          <Row
            record={record}
            client={record.application === first?.application ? undefined : record.application}
            query={query}
            isSelected={record.id === selected}
          />
        ))}
      </ol>
      {(rows.length < records.length || session !== undefined) && (
        <p class="group-more">
          {rows.length < records.length && <span>{`${String(records.length)} requests`}</span>}
          {session !== undefined && (
            <a href={listAddress({ query: `session:${session}` })}>{`session ${session.slice(0, 8)}`}</a>
          )}
        </p>
      )}
    </li>
  )
}

function Row({
  record,
  client,
  query,
  isSelected,
}: {
  readonly record: RequestRecord
  /** The client, where it is another one than the sign-in’s. */
  readonly client: string | undefined
  readonly query: string
  readonly isSelected: boolean
}): JSX.Element {
  const { id } = record
  return (
    <li>
      <a
        class="entry"
        id={`entry-${id}`}
        href={`${entryAddress(id, { query })}#detail`}
        aria-current={isSelected ? 'true' : undefined}
      >
        <span class="entry-title">{titleOf(record)}</span>
        {client !== undefined && <span class="entry-client">{client}</span>}
        <span class={`entry-outcome result-${resultOf(record)}`}>{outcomeOf(record)}</span>
      </a>
    </li>
  )
}

// What was asked for and what is open first; then the newest; in the order in which they came.
function chooseRows(
  records: readonly RequestRecord[],
  isWanted: Query,
  selected: string | undefined,
): readonly RequestRecord[] {
  const ranked = [
    ...records.filter(({ id }) => id === selected),
    ...records.filter(isWanted).reverse(),
    ...[...records].reverse(),
  ]
  const chosen = new Set([...new Set(ranked)].slice(0, maximumRows))
  return records.filter((record) => chosen.has(record))
}
