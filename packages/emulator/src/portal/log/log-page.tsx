// The page of the sign-in log: the list with its query, and beside it one request.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { InlineStyle } from '../../ui/inline-style.ts'
import { Frame } from '../frame.tsx'
import { listAddress, logPath } from './address.ts'
import { Detail, type DetailProps } from './detail.tsx'
import { Group } from './group-list.tsx'
import type { SignIn } from './groups.ts'
import { parseQuery, queryKeys } from './query.ts'

/** What the page is drawn from. */
export interface LogPageProps {
  readonly query: string
  /** The sign-ins of this page, newest first. */
  readonly signIns: readonly SignIn[]
  /** Where older ones are; absent when there are none. */
  readonly olderHref?: string | undefined
  /** The `sequence` up to which the page knows the log, for what is pushed after it. */
  readonly sequence: number
  /** Whether the page shows the newest and is kept up to date. */
  readonly isLive: boolean
  readonly detail?: DetailProps | undefined
  /** Shown in place of a request that the log no longer has. */
  readonly isGone?: boolean | undefined
  /** In place of the style sheet of all pages. */
  readonly style?: InlineStyle | undefined
}

const filters: readonly (readonly [label: string, query: string])[] = [
  ['All flows', ''],
  ['Interactive', 'flow:interactive'],
  ['On-behalf-of', 'flow:on-behalf-of'],
  ['App-only', 'flow:app-only'],
  ['Graph', 'flow:graph'],
  ['Refused', 'result:refused'],
]

/** The page. */
export function LogPage(props: LogPageProps): JSX.Element {
  const { detail, isGone = false, style } = props
  const shape = detail === undefined ? 'sign-in-log' : 'sign-in-log has-detail'
  return (
    <Frame title="Sign-in log" section="log" scripts={['log.js', 'copy.js']} style={style}>
      <div class={shape}>
        <List {...props} />
        {detail !== undefined && <Detail {...detail} />}
        {isGone && (
          <p class="notice notice-danger" role="alert">
            The log no longer has this request: it keeps the last 1000, and forgets all when the emulator
            stops.
          </p>
        )}
      </div>
    </Frame>
  )
}

function List({ query, signIns, olderHref, sequence, isLive, detail }: LogPageProps): JSX.Element {
  const isWanted = parseQuery(query)
  const selected = detail?.record.id
  const live = new URLSearchParams({ q: query, since: String(sequence), selected: selected ?? '' })
  return (
    <section class="log-list" aria-labelledby="log-title">
      <div class="log-bar">
        {detail === undefined ? <h1 id="log-title">Sign-in log</h1> : <h2 id="log-title">Sign-in log</h2>}
        <p class="log-live" id="log-live" role="status"></p>
      </div>
      <form class="log-query" method="get" action={logPath} role="search">
        <label class="visually-hidden" for="log-q">
          Query: words, or {queryKeys.map((key) => `${key}:`).join(' ')}
        </label>
        <input
          id="log-q"
          name="q"
          type="search"
          value={query}
          placeholder="user:alice result:refused"
          autocomplete="off"
          spellcheck={false}
        />
        <button class="secondary small" type="submit">
          Search
        </button>
      </form>
      <nav class="log-filters" aria-label="Filters">
        {filters.map(([label, filter]) => (
          <a
            class="log-filter"
            href={listAddress({ query: filter })}
            aria-current={filter === query ? 'true' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      <ol
        class="groups"
        id="log-groups"
        data-live={isLive ? `${logPath}/live?${live.toString()}` : undefined}
      >
        {signIns.map((signIn) => (
          <Group signIn={signIn} query={query} isWanted={isWanted} selected={selected} />
        ))}
      </ol>
      {signIns.length === 0 && <Empty query={query} />}
      {olderHref !== undefined && (
        <p class="log-older">
          <a href={olderHref}>Older sign-ins</a>
        </p>
      )}
      <p class="log-keys muted">
        <kbd>/</kbd> query, <kbd>↑</kbd> <kbd>↓</kbd> requests, <kbd>Enter</kbd> opens
      </p>
    </section>
  )
}

function Empty({ query }: { readonly query: string }): JSX.Element {
  return (
    <p class="groups-empty" id="groups-empty">
      {query === ''
        ? 'Nothing yet. Sign in from your application, or ask for a token, and its requests appear here.'
        : `Nothing fits. A query has words and ${queryKeys.map((key) => `${key}:`).join(' ')}, each also with a minus before it.`}
    </p>
  )
}
