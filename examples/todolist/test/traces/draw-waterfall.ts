// Draws a waterfall on a page that is open: runs inside it, so it knows nothing but what it is given.
import type { Party, Row } from './waterfall.ts'

/** What is drawn. */
export interface Waterfall {
  readonly title: string
  readonly about: string
  readonly parties: readonly (readonly [party: Party, name: string])[]
  readonly rows: readonly Row[]
}

/** Fills the body of the document. */
export function drawWaterfall({ title, about, parties, rows }: Waterfall): void {
  const make = (tag: string, className: string, ...children: readonly (Node | string)[]): HTMLElement => {
    const made = document.createElement(tag)
    made.className = className
    made.append(...children)
    return made
  }
  const first = Math.min(...rows.map(({ startMs }) => startMs))
  const whole = Math.max(...rows.map(({ endMs }) => endMs)) - first
  const share = (ms: number): string => `${((100 * ms) / whole).toFixed(3)}%`
  const inMs = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`)

  const drawRow = ({ depth, party, name, says, startMs, endMs }: Row): HTMLElement => {
    const bar = make('span', 'bar')
    const took = make('span', 'took', inMs(endMs - startMs))
    bar.style.insetInlineStart = share(startMs - first)
    bar.style.inlineSize = share(endMs - startMs)
    took.style.insetInlineStart = share(endMs - first)
    const label = make('span', 'name', make('span', 'text', name), make('span', 'says', says))
    label.style.setProperty('--depth', String(depth))
    const row = make('li', 'row', label, make('span', 'time', bar, took))
    row.dataset['party'] = party
    return row
  }
  const drawParty = ([party, name]: readonly [Party, string]): HTMLElement => {
    const made = make('li', 'party', name)
    made.dataset['party'] = party
    return made
  }

  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const tick = make('span', 'tick', `${Math.round(part * whole)} ms`)
    tick.style.insetInlineStart = `${100 * part}%`
    return tick
  })
  document.title = title
  document.body.replaceChildren(
    make(
      'main',
      'waterfall',
      make('h1', 'title', title),
      make('p', 'about', about),
      make('ul', 'parties', ...parties.map(drawParty)),
      make('div', 'axis', make('span', 'ticks', ...ticks)),
      make('ol', 'rows', ...rows.map(drawRow)),
    ),
  )
}
