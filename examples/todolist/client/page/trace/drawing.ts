// The sequence drawing: one lane for each party, one row for each hop, as an ordered list that reads well without seeing it.
import { element, spoken } from '../element.ts'
import { formatDuration } from './format.ts'
import { parties, type Audience, type Hop, type Party, type Story } from './hop.ts'

/** What parties are called. */
export const partyNames: Readonly<Record<Party, string>> = {
  browser: 'Browser',
  middleTier: 'Middle tier',
  authority: 'Authority',
  todoApi: 'To Do API',
  graph: 'Graph',
}

/** The APIs, in a sentence. */
const audienceNames: Readonly<Record<Audience, string>> = {
  middleTier: 'the middle tier',
  todoApi: 'the To Do API',
  graph: 'Microsoft Graph',
}

/** Tokens are numbered in the order in which a first call obtains them. */
const tokenNumbers: Readonly<Record<Audience, string>> = { middleTier: '1', todoApi: '2', graph: '3' }

/** The head of the lanes. */
export function drawLaneNames(): HTMLElement {
  const names = parties.map((party) =>
    element('span', { class: `lane-name lane-name-${party}` }, partyNames[party]),
  )
  return element('div', { class: 'lane-names', 'aria-hidden': 'true' }, ...names)
}

/** One call, or one visit to the authority, with its hops. */
export function drawStory({ kind, title, outcome, failed, durationMs, hops }: Story): HTMLElement {
  return element(
    'section',
    { class: `story story-${kind}` },
    element(
      'h3',
      { class: 'story-title' },
      element(kind === 'call' ? 'code' : 'span', {}, title),
      element('span', { class: failed ? 'status status-refused' : 'status' }, outcome),
      durationMs === undefined
        ? undefined
        : element('span', { class: 'duration' }, formatDuration(durationMs)),
    ),
    element('ol', { class: 'hops' }, drawLanes(), ...hops.map(drawHop)),
  )
}

/** The life lines behind the hops. */
function drawLanes(): HTMLElement {
  const lanes = parties.map((party) => element('span', { class: `lane lane-${party}` }))
  return element('li', { class: 'lanes', role: 'presentation', 'aria-hidden': 'true' }, ...lanes)
}

function drawHop(hop: Hop): HTMLElement {
  const row = element(
    'li',
    { class: `hop hop-${hop.direction} tone-${hop.tone}`, 'data-token': hop.token },
    spoken(sayWhere(hop)),
    drawLabel(hop),
    hop.direction === 'inside' ? undefined : element('span', { class: 'arrow', 'aria-hidden': 'true' }),
  )
  placeOnLanes(row, hop)
  return row
}

function drawLabel({ label, token, durationMs }: Hop): HTMLElement {
  return element(
    'span',
    { class: 'hop-label' },
    token === undefined ? undefined : drawTicket(token),
    element('span', { class: 'hop-text' }, label),
    durationMs === undefined ? undefined : element('span', { class: 'duration' }, formatDuration(durationMs)),
  )
}

/** The numbered mark of a token: its colour and number are the same everywhere. */
export function drawTicket(audience: Audience): HTMLElement {
  return element(
    'span',
    {
      class: `ticket ticket-${audience}`,
      title: `Token ${tokenNumbers[audience]}: for ${audienceNames[audience]}`,
    },
    spoken('token '),
    tokenNumbers[audience],
  )
}

function sayWhere({ from, to, direction }: Hop): string {
  if (direction === 'inside') return `${partyNames[from]}: `
  return `${partyNames[from]} ${direction === 'request' ? 'asks' : 'answers'} ${partyNames[to]}: `
}

/**
 * Lanes are two grid columns wide, so that an arrow can begin and end in their middle. Set through the object model, which
 * the content security policy permits, unlike style attributes.
 */
function placeOnLanes(row: HTMLElement, { from, to }: Hop): void {
  const [left, right] = [parties.indexOf(from), parties.indexOf(to)].sort((a, b) => a - b) as [number, number]
  const inside = left === right
  row.style.setProperty('--hop-start', String(inside ? 2 * left + 1 : 2 * left + 2))
  row.style.setProperty('--hop-end', String(inside ? 2 * right + 3 : 2 * right + 2))
  row.classList.add(parties.indexOf(to) < parties.indexOf(from) ? 'leftward' : 'rightward')
  if (inside && left === 0) row.classList.add('at-left-edge')
  if (!inside && left === 0) row.classList.add('from-left-edge')
  if (inside && right === parties.length - 1) row.classList.add('at-right-edge')
}
