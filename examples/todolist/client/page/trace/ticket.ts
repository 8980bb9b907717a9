// The numbered mark of a token: its colour and number are the same everywhere.
import { make } from '../drawing/make.ts'
import { drawTicket as draw, type Ticket } from '../drawing/sequence.ts'
import type { Audience } from './hop.ts'

/** The mark of each token, numbered as a first call obtains them; what an agent is asked with, and gets, comes after. */
export const tickets: Readonly<Record<Audience, Ticket>> = {
  middleTier: { number: '1', purpose: 'for the middle tier' },
  todoApi: { number: '2', purpose: 'for the To Do API' },
  graph: { number: '3', purpose: 'for Microsoft Graph' },
  assistant: { number: '4', purpose: 'for the agent’s blueprint' },
  agentProof: { number: '5', purpose: 'lets the agent act' },
  agentTodoApi: { number: '6', purpose: 'for the To Do API, held by the agent' },
}

/** Draws it. */
export function drawTicket(audience: Audience): HTMLElement {
  return make(draw(tickets[audience]))
}
