// The numbered mark of a token: its colour and number are the same everywhere.
import { element, spoken } from '../element.ts'
import type { Audience } from './hop.ts'

interface Ticket {
  /** In the order in which a first call obtains them; what an agent is asked with, and gets, comes after. */
  readonly number: string
  /** What the token is for, in a sentence. */
  readonly purpose: string
}

const tickets: Readonly<Record<Audience, Ticket>> = {
  middleTier: { number: '1', purpose: 'for the middle tier' },
  todoApi: { number: '2', purpose: 'for the To Do API' },
  graph: { number: '3', purpose: 'for Microsoft Graph' },
  assistant: { number: '4', purpose: 'for the agent’s blueprint' },
  agentProof: { number: '5', purpose: 'lets the agent act' },
  agentTodoApi: { number: '6', purpose: 'for the To Do API, held by the agent' },
}

/** Draws it. */
export function drawTicket(audience: Audience): HTMLElement {
  const { number, purpose } = tickets[audience]
  return element(
    'span',
    { class: `ticket ticket-${audience}`, title: `Token ${number}: ${purpose}` },
    spoken('token '),
    number,
  )
}
