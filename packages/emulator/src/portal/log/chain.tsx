// The chain of a request: the token or proof that came, what it was traded for, and by whom; each token with the number it has in its sign-in.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { Drawing } from '../../ui/drawing/draw.tsx'
import { colourOf, drawTicket } from '../../ui/drawing/sequence.ts'
import { flowOf, resultOf } from './flow.ts'
import { numberTokens } from './token-numbers.ts'
import { shortUser } from './words.ts'

type Claims = Readonly<Record<string, unknown>>

/** A ticket of the chain. */
export interface Ticket {
  /** The number of the token in its sign-in; absent for what is no token, or was not issued. */
  readonly number?: number | undefined
  readonly title: string
  readonly lines: readonly string[]
  readonly state: 'held' | 'issued' | 'none'
}

/** What came, how it was traded, and what came of it. */
export interface Chain {
  readonly from: Ticket
  readonly by: string
  readonly to: Ticket
}

/** The chain of a request within its sign-in; `nameOf` says what people call ids. */
export function chainOf(
  record: RequestRecord,
  signIn: readonly RequestRecord[],
  nameOf: (id: string) => string,
): Chain {
  const numbers = numberTokens(signIn)
  const { presented, issued, resource, application, clientId } = record
  const proof = record.checks?.find(({ name }) => name === 'client_authentication')
  const client = application ?? clientId ?? 'client'
  const isProved = proof?.verdict === 'passed' && proof.actual !== 'nothing'
  return {
    from:
      presented === undefined
        ? begin(record)
        : ticketOf(presented, { number: numbers.get(text(presented['uti'])), nameOf, state: 'held' }),
    by: isProved ? `${client}, by ${proof.actual ?? 'its id'}` : client,
    to:
      issued === undefined
        ? end(record, resource)
        : ticketOf(issued, { number: numbers.get(text(issued['uti'])), nameOf, state: 'issued' }),
  }
}

function ticketOf(
  claims: Claims,
  {
    number,
    nameOf,
    state,
  }: {
    readonly number: number | undefined
    readonly nameOf: (id: string) => string
    readonly state: Ticket['state']
  },
): Ticket {
  const { aud, scp, roles, amr, exp, iat } = claims
  const permitted = Array.isArray(roles) && scp === undefined ? roles.join(' ') : text(scp)
  const minutes =
    typeof exp === 'number' && typeof iat === 'number' ? Math.round((exp - iat) / 60) : undefined
  const lines = [
    permitted === '' ? 'no permission' : `${scp === undefined ? 'roles' : 'scp'} ${permitted}`,
    ...(Array.isArray(amr) ? [`amr ${amr.join(' ')}`] : []),
    ...(minutes === undefined ? [] : [`${String(minutes)} min`]),
  ]
  return { number, title: nameOf(text(aud)), lines, state }
}

function begin(record: RequestRecord): Ticket {
  const flow = flowOf(record)
  const { user } = record
  const who = user === undefined ? [] : [shortUser(user)]
  if (flow === 'code') return { title: 'Code', lines: who, state: 'held' }
  if (flow === 'refresh') return { title: 'Refresh token', lines: who, state: 'held' }
  if (flow === 'app-only') return { title: 'No user', lines: ['the application itself'], state: 'held' }
  return { title: 'Browser', lines: user === undefined ? ['nobody signed in'] : who, state: 'held' }
}

function end(record: RequestRecord, resource: string | undefined): Ticket {
  const result = resultOf(record)
  if (result === 'issued' && record.endpoint !== 'token')
    return { title: 'Code', lines: ['to the application'], state: 'issued' }
  if (result === 'answered') return { title: 'Answer', lines: [String(record.status)], state: 'issued' }
  const title =
    resource ?? (record.endpoint === 'token' ? 'Token' : record.endpoint === 'graph' ? 'Answer' : 'Code')
  return { title, lines: [result === 'asked' ? 'not yet' : 'not issued'], state: 'none' }
}

function text(claim: unknown): string {
  return typeof claim === 'string' ? claim : ''
}

/** The drawing, which reads as a sentence. */
export function ChainDrawing({ chain }: { readonly chain: Chain }): JSX.Element {
  const { from, by, to } = chain
  return (
    <ol class="chain" aria-label="From what came to what was given">
      <TicketDrawing ticket={from} />
      <li class={to.state === 'none' ? 'chain-step is-stopped' : 'chain-step'}>
        <span>{by}</span>
      </li>
      <TicketDrawing ticket={to} />
    </ol>
  )
}

function TicketDrawing({ ticket }: { readonly ticket: Ticket }): JSX.Element {
  const { number, title, lines, state } = ticket
  return (
    <li
      class={`chain-ticket chain-${state}`}
      data-token={number === undefined ? undefined : colourOf(String(number))}
    >
      <strong>
        {number !== undefined && (
          <>
            <Drawing drawn={drawTicket({ number: String(number), purpose: `for ${title}` })} />{' '}
          </>
        )}
        {title}
      </strong>
      {lines.map((line) => (
        <code>{line}</code>
      ))}
    </li>
  )
}
