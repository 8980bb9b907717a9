// One request in detail: the verdict with its cures, the chain, and the tabs.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { HiddenFields } from '../../ui/form-parts.tsx'
import { entryAddress, listAddress } from './address.ts'
import { ChainDrawing, type Chain } from './chain.tsx'
import { CopySource } from './copy-source.tsx'
import { Decision, Facts, Policies, Raw } from './facts.tsx'
import { resultOf } from './flow.ts'
import { StoryDrawing } from './story-drawing.tsx'
import type { DrawnSignIn } from './story.ts'
import { tokensOf, Tokens } from './tokens.tsx'
import { explain } from './verdict.ts'
import { timeOfDay, titleOf } from './words.ts'

/** What the page of a request is drawn from. */
export interface DetailProps {
  readonly record: RequestRecord
  readonly chain: Chain
  /** The sign-in up to this request, drawn. */
  readonly signIn: DrawnSignIn
  readonly query: string
  readonly tab: Tab
  /** What can be changed here and now: what each button posts, and what it is called. */
  readonly cures: readonly { readonly action: string; readonly label: string }[]
  /** The fields of every form. */
  readonly fields: Readonly<Record<string, string>>
  /** Why it cannot be asked again; absent when it can. */
  readonly whyNotReplayable?: string | undefined
  readonly curl: string
  readonly vitest?: string | undefined
  /** Ids of the policies that are on now. */
  readonly enabledPolicies: ReadonlySet<string>
}

/** The tabs, in their order. */
export const tabs = ['decision', 'chain', 'request', 'response', 'tokens', 'policies', 'raw'] as const

/** A tab. */
export type Tab = (typeof tabs)[number]

/** The request. */
export function Detail(props: DetailProps): JSX.Element {
  const { record, chain, query } = props
  const { id, status, error = [], correlationId, traceId, durationMs } = record
  const result = resultOf(record)
  const codes = error.map((code) => (typeof code === 'number' ? `AADSTS${String(code)}` : code)).join(', ')
  return (
    <article class="detail" id="detail" aria-labelledby="detail-title">
      <p class="detail-back">
        <a href={listAddress({ query })}>All sign-ins</a>
      </p>
      <h1 id="detail-title">
        {titleOf(record)}{' '}
        <span class={`result-${result}`}>
          {[status ?? 'cut', codes].filter((part) => part !== '').join(' · ')}
        </span>
      </h1>
      <p class="detail-ids">
        <time datetime={record.time}>{timeOfDay(record, true)}</time>
        {` · ${String(durationMs)} ms · request `}
        <code>{id}</code>
        {correlationId !== undefined && (
          <>
            {' · correlation '}
            <a href={listAddress({ query: `correlation:${correlationId}` })}>{correlationId}</a>
          </>
        )}
        {traceId !== undefined && ` · trace ${traceId}`}
      </p>
      <Verdict {...props} />
      <ChainDrawing chain={chain} />
      <Tabs {...props} />
    </article>
  )
}

function Verdict(props: DetailProps): JSX.Element {
  const { record, cures, fields, whyNotReplayable, curl, vitest } = props
  const { headline, reason, cure } = explain(record)
  return (
    <div class={`verdict verdict-${resultOf(record)}`}>
      <p>
        <strong>{`${headline.replace(/\.$/, '')}.`}</strong>
        {reason !== '' && ` ${reason}`}
        {cure !== '' && ` ${cure}`}
      </p>
      <form method="post" action={entryAddress(record.id, {})} class="verdict-actions">
        <HiddenFields fields={fields} except={['action', 'back']} />
        {cures.map(({ action, label }) => (
          <button class="secondary small" type="submit" name="action" value={action}>
            {label}
          </button>
        ))}
        {whyNotReplayable === undefined && (
          <button class="secondary small" type="submit" name="action" value="replay">
            Replay
          </button>
        )}
      </form>
      {whyNotReplayable !== undefined && <p class="muted">{`No replay: ${whyNotReplayable}`}</p>}
      <CopySource curl={curl} vitest={vitest} />
    </div>
  )
}

function Tabs(props: DetailProps): JSX.Element {
  const { record, query, tab } = props
  const counts: Readonly<Partial<Record<Tab, number>>> = {
    tokens: tokensOf(record).length,
    policies: record.policyResults?.length ?? 0,
  }
  return (
    <>
      <nav class="tabs" aria-label="About this request">
        {tabs.map((each) => (
          <a
            id={`tab-${each}`}
            href={`${entryAddress(record.id, { query, tab: each })}#tab-${each}`}
            aria-current={each === tab ? 'page' : undefined}
          >
            {titles[each]}
            {counts[each] !== undefined && <span class="tab-count">{` ${String(counts[each])}`}</span>}
          </a>
        ))}
      </nav>
      <div class="tab">
        <TabContent {...props} />
      </div>
    </>
  )
}

const titles: Readonly<Record<Tab, string>> = {
  decision: 'Decision',
  chain: 'Chain',
  request: 'Request',
  response: 'Response',
  tokens: 'Tokens',
  policies: 'Policies',
  raw: 'Raw',
}

function TabContent({ record, tab, query, signIn, fields, enabledPolicies }: DetailProps): JSX.Element {
  const { method, path, parameters = {}, headers = {}, response = {}, status, shown } = record
  switch (tab) {
    case 'decision':
      return <Decision record={record} />
    case 'chain':
      return <StoryDrawing signIn={signIn} query={query} current={record.id} />
    case 'request':
      return (
        <>
          <p>
            <code>{`${method} ${path}`}</code>
          </p>
          <Facts caption="Parameters" facts={parameters} />
          <Facts caption="Headers" facts={headers} />
          <p class="muted">Secrets, codes, tokens and assertions are never kept: their length is.</p>
        </>
      )
    case 'response':
      return (
        <>
          <p>
            <code>{status === undefined ? 'no answer' : `HTTP ${String(status)}`}</code>
            {shown !== undefined && ` ${shown}`}
          </p>
          <Facts caption="Members" facts={response} />
        </>
      )
    case 'tokens':
      return <Tokens record={record} />
    case 'policies':
      return <Policies record={record} fields={fields} enabled={enabledPolicies} />
    case 'raw':
      return <Raw record={record} />
  }
}
