// A sequence drawing: a lane for each party, a row for each hop between them, as an ordered list that reads well without being seen.
// It is plain data: one page makes elements of it in the browser, another markup on the server. `drawing.css` is its look.

/** An element to be made. */
export interface Drawn {
  readonly tag: 'div' | 'li' | 'ol' | 'span'
  readonly attributes: Readonly<Record<string, string | undefined>>
  readonly children: readonly (Drawn | string)[]
}

/** Who takes part; one of them may be the one that the drawing is about. */
export interface Party {
  readonly name: string
  readonly isMain?: boolean
}

/** The numbered mark of a token: its number and its colour are the same everywhere. */
export interface Ticket {
  readonly number: string
  /** What the token is for, in a sentence. */
  readonly purpose: string
}

/** One row: from one party to another, or inside one. */
export interface Row {
  /** Lanes, counted from 0 at the left. */
  readonly from: number
  readonly to: number
  readonly direction: 'request' | 'answer' | 'inside'
  readonly label: string
  readonly tone: 'plain' | 'exchange' | 'cache' | 'person' | 'refused'
  /** The tokens that travel on it, or were found; the line has the colour of the first. */
  readonly tickets: readonly Ticket[]
  /** How long it took, in words. */
  readonly time?: string | undefined
}

/** How many colours there are: later tokens begin with the first again. */
const colours = 6

/** The head of the lanes; the style sheet has room for five. */
export function drawLaneNames(parties: readonly Party[]): Drawn {
  const names = parties.map(({ name }) => drawn('span', { class: 'lane-name' }, name))
  return drawn('div', { class: 'lane-names', 'aria-hidden': 'true', ...lanesOf(parties) }, ...names)
}

/** The rows, over their life lines. */
export function drawRows(parties: readonly Party[], rows: readonly Row[]): Drawn {
  const lanes = parties.map(({ isMain = false }) =>
    drawn('span', { class: isMain ? 'lane lane-main' : 'lane' }),
  )
  return drawn(
    'ol',
    { class: 'hops', ...lanesOf(parties) },
    drawn('li', { class: 'lanes', role: 'presentation', 'aria-hidden': 'true' }, ...lanes),
    ...rows.map((row) => drawRow(parties, row)),
  )
}

/** The mark of a token. */
export function drawTicket({ number, purpose }: Ticket): Drawn {
  return drawn(
    'span',
    { class: 'ticket', 'data-token': colourOf(number), title: `Token ${number}: ${purpose}` },
    spoken('token '),
    number,
  )
}

// Places are attributes and no styles: what a server sends may have no style of its own under a strict policy.
function drawRow(parties: readonly Party[], row: Row): Drawn {
  const { from, to, direction, tone, tickets } = row
  const [first] = tickets
  return drawn(
    'li',
    {
      class: `hop hop-${direction} tone-${tone} ${to < from ? 'leftward' : 'rightward'}`,
      'data-left': String(Math.min(from, to)),
      'data-right': String(Math.max(from, to)),
      'data-at-end': Math.max(from, to) === parties.length - 1 ? '' : undefined,
      'data-token': first === undefined ? undefined : colourOf(first.number),
    },
    spoken(sayWhere(parties, row)),
    drawLabel(row),
    ...(direction === 'inside' ? [] : [drawn('span', { class: 'arrow', 'aria-hidden': 'true' })]),
  )
}

function drawLabel({ label, tickets, time }: Row): Drawn {
  return drawn(
    'span',
    { class: 'hop-label' },
    ...tickets.map(drawTicket),
    drawn('span', { class: 'hop-text' }, label),
    ...(time === undefined ? [] : [drawn('span', { class: 'duration' }, time)]),
  )
}

function sayWhere(parties: readonly Party[], { from, to, direction }: Row): string {
  const nameOf = (lane: number): string => parties[lane]?.name ?? ''
  if (direction === 'inside') return `${nameOf(from)}: `
  return `${nameOf(from)} ${direction === 'request' ? 'asks' : 'answers'} ${nameOf(to)}: `
}

function lanesOf(parties: readonly Party[]): Readonly<Record<string, string>> {
  return { 'data-lanes': String(parties.length) }
}

/** The colour of a token, by which the style sheet knows it: `data-token`. */
export function colourOf(number: string): string {
  return String(((Number(number) - 1) % colours) + 1)
}

function spoken(text: string): Drawn {
  return drawn('span', { class: 'visually-hidden' }, text)
}

function drawn(
  tag: Drawn['tag'],
  attributes: Drawn['attributes'],
  ...children: readonly (Drawn | string)[]
): Drawn {
  return { tag, attributes, children }
}
