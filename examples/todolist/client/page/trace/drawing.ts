// The drawing of what happened: a story after another, each a sequence of hops between the same parties.
import { make } from '../drawing/make.ts'
import { drawLaneNames as drawNames, drawRows, type Party as Lane, type Row } from '../drawing/sequence.ts'
import { element } from '../element.ts'
import { drawActing } from './acting-drawing.ts'
import { formatDuration } from './format.ts'
import { parties, type Hop, type Party, type Story } from './hop.ts'
import { tickets } from './ticket.ts'

/** What parties are called. */
const lanes: Readonly<Record<Party, Lane>> = {
  browser: { name: 'Browser' },
  middleTier: { name: 'Middle tier', isMain: true },
  authority: { name: 'Authority' },
  todoApi: { name: 'To Do API' },
  graph: { name: 'Graph' },
}
const laneList = parties.map((party) => lanes[party])

/** The head of the lanes. */
export function drawLaneNames(): HTMLElement {
  return make(drawNames(laneList))
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
    make(drawRows(laneList, hops.map(rowOf))),
  )
}

function rowOf({ from, to, direction, label, tone, token, proof, durationMs }: Hop): Row {
  return {
    from: parties.indexOf(from),
    to: parties.indexOf(to),
    direction,
    label,
    tone,
    tickets: [token, proof].flatMap((audience) => (audience === undefined ? [] : [tickets[audience]])),
    time: durationMs === undefined ? undefined : formatDuration(durationMs),
  }
}
