// The sequence drawing: one lane for each party, one row for each hop, as an ordered list that reads well without seeing it.
import { element, spoken } from '../element.ts'
import { formatDuration } from './format.ts'
import { drawActing } from './acting-drawing.ts'
import { parties, type Hop, type Party, type Story } from './hop.ts'
import { drawTicket } from './ticket.ts'

/** What parties are called. */
const partyNames: Readonly<Record<Party, string>> = {
  browser: 'Browser',
  middleTier: 'Middle tier',
  authority: 'Authority',
  todoApi: 'To Do API',
  graph: 'Graph',
}

/** The head of the lanes. */
export function drawLaneNames(): HTMLElement {
  const names = parties.map((party) =>
    element('span', { class: `lane-name lane-name-${party}` }, partyNames[party]),
  )
  return element('div', { class: 'lane-names', 'aria-hidden': 'true' }, ...names)
}

/** One call, or one visit to the authority, with its hops. */
export function drawStory(story: Story, names: Readonly<Record<string, string>>): HTMLElement {
  const { kind, title, outcome, failed, durationMs, hops, acting } = story
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
    acting && drawActing(acting, names),
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

function drawLabel({ label, token, proof, durationMs }: Hop): HTMLElement {
  return element(
    'span',
    { class: 'hop-label' },
    token === undefined ? undefined : drawTicket(token),
    proof === undefined ? undefined : drawTicket(proof),
    element('span', { class: 'hop-text' }, label),
    durationMs === undefined ? undefined : element('span', { class: 'duration' }, formatDuration(durationMs)),
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
