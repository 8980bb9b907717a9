// The way of a token through a sign-in: its requests as rows between browser, clients, authority and Graph, up to the one that is looked at.
import type { RequestRecord } from '../../kernel/request-log.ts'
import type { Party, Row, Ticket } from '../../ui/drawing/sequence.ts'
import { flowOf, isBackground, resultOf } from './flow.ts'
import { numberTokens } from './token-numbers.ts'
import { checkTitle, outcomeOf, titleOf } from './words.ts'

/** One request. */
export interface Story {
  readonly record: RequestRecord
  readonly title: string
  readonly outcome: string
  readonly rows: readonly Row[]
}

/** A sign-in, drawn. */
export interface DrawnSignIn {
  readonly parties: readonly Party[]
  readonly stories: readonly Story[]
  /** How many requests came before, which are not drawn. */
  readonly left: number
}

/** How many requests are drawn. */
const drawnRequests = 12
const drawnClients = 2
const [browser, authority, graph] = ['Browser', 'Authority', 'Graph'] as const
const otherClients = 'Other clients'

/** Draws the requests of a sign-in up to one of them. `nameOf` says what people call ids. */
export function drawSignIn(
  record: RequestRecord,
  signIn: readonly RequestRecord[],
  nameOf: (id: string) => string,
): DrawnSignIn {
  const before = signIn.filter((each) => each.sequence <= record.sequence && !isBackground(each))
  const told = before.slice(-drawnRequests)
  const clients = clientsOf(told)
  const names = [
    ...(told.some(isOfBrowser) ? [browser] : []),
    ...clients,
    authority,
    ...(told.some(({ endpoint }) => endpoint === 'graph') ? [graph] : []),
  ]
  const numbers = numberTokens(signIn)
  const ticketOf: TicketOf = (claims) => {
    const number = numbers.get(textOf(claims?.['uti']))
    return number === undefined
      ? []
      : [{ number: String(number), purpose: `for ${nameOf(textOf(claims?.['aud']))}` }]
  }
  const laneOf = (name: string): number => {
    const lane = names.indexOf(name)
    return lane === -1 ? names.indexOf(otherClients) : lane
  }
  return {
    parties: names.map((name) => ({ name, isMain: name === authority })),
    stories: told.map((each) => ({
      record: each,
      title: titleOf(each),
      outcome: outcomeOf(each),
      rows: rowsOf(each, laneOf, ticketOf),
    })),
    left: before.length - told.length,
  }
}

type TicketOf = (claims: RequestRecord['issued']) => readonly Ticket[]

function rowsOf(record: RequestRecord, laneOf: (name: string) => number, ticketOf: TicketOf): readonly Row[] {
  const from = laneOf(isOfBrowser(record) ? browser : clientOf(record))
  const to = laneOf(record.endpoint === 'graph' ? graph : authority)
  const issued = ticketOf(record.issued)
  const isRefused = ['refused', 'cut'].includes(resultOf(record))
  const failed = record.checks?.find(({ verdict }) => verdict === 'failed')
  const isByPerson = record.endpoint === 'interaction'
  return [
    {
      ...{ from, to, direction: 'request', label: askedIn(record), tickets: ticketOf(record.presented) },
      tone: isByPerson ? 'person' : 'plain',
    },
    ...(failed === undefined
      ? []
      : [
          {
            from: to,
            to,
            direction: 'inside',
            label: `✗ ${checkTitle(failed.name)}`,
            tone: 'refused',
            tickets: [],
          } as const,
        ]),
    {
      ...{
        from: to,
        to: from,
        direction: 'answer',
        tickets: issued,
        time: `${String(record.durationMs)} ms`,
      },
      label: issued.length > 0 && !isRefused ? 'new token' : outcomeOf(record),
      tone: isRefused ? 'refused' : 'plain',
    },
  ]
}

// The lanes say where it went: here is what was asked for.
function askedIn(record: RequestRecord): string {
  return record.endpoint === 'token' ? flowOf(record) : titleOf(record)
}

function clientsOf(records: readonly RequestRecord[]): readonly string[] {
  const all = [...new Set(records.filter((record) => !isOfBrowser(record)).map(clientOf))]
  return all.length <= drawnClients ? all : [...all.slice(0, drawnClients - 1), otherClients]
}

function clientOf({ application, clientId, presented }: RequestRecord): string {
  return application ?? clientId ?? textOf(presented?.['app_displayname'], 'Client')
}

function isOfBrowser({ endpoint }: RequestRecord): boolean {
  return ['authorize', 'interaction', 'logout', 'emulator'].includes(endpoint)
}

function textOf(claim: unknown, otherwise = ''): string {
  return typeof claim === 'string' && claim !== '' ? claim : otherwise
}
