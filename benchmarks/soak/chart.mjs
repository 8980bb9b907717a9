// The soak as a picture: memory and p99 over time, and below them what was done to the processes meanwhile.
import { createPen } from '../../scripts/diagrams/svg.mjs'

const width = 760
const left = 96
const right = width - 20
const panelHeight = 130
const rows = { kill: 'process killed', redis: 'Redis gone', keys: 'keys rolled' }

/** `look` is light or dark. */
export function drawSoak({ weights, p99, events, seconds }, look, title) {
  const pen = createPen(width, look)
  const x = (at) => left + ((right - left) * at) / seconds
  const memory = weights.map(({ at, rss, live }) => ({ at, rss: rss / 2 ** 20, live: live / 2 ** 20 }))
  pen.line(title, left, 28, { size: 14, bold: true })
  const upper = createPanel(pen, { top: 56, name: 'MB, the process that lives', most: mostOf(memory, 'rss') })
  draw(
    pen,
    memory.map(({ at, rss }) => [x(at), upper(rss)]),
    'accent',
  )
  draw(
    pen,
    memory.map(({ at, live }) => [x(at), upper(live)]),
    'ink-muted',
  )
  label(pen, memory, upper, x)
  const lower = createPanel(pen, { top: 56 + panelHeight + 44, name: 'p99, ms', most: mostOf(p99, 'ms') })
  draw(
    pen,
    p99.map(({ at, ms }) => [x(at), lower(ms)]),
    'accent',
  )
  const marks = 56 + 2 * panelHeight + 78
  Object.entries(rows).forEach(([what, name], row) => {
    const y = marks + row * 18
    pen.line(name, left - 6, y + 4, { size: 10, fill: 'ink-muted', anchor: 'end' })
    for (const event of events)
      if (event.what === what) pen.rect(x(event.at) - 1.5, y - 5, 3, 10, { fill: 'danger' })
  })
  const bottom = marks + 3 * 18 + 8
  for (const share of [0, 0.25, 0.5, 0.75, 1])
    pen.line(timeAt(share * seconds), x(share * seconds), bottom, {
      size: 11,
      fill: 'ink-muted',
      anchor: 'middle',
    })
  return pen.finish(bottom + 16, title)
}

const mostOf = (samples, name) => Math.max(...samples.map((sample) => sample[name]), 1) * 1.15

/** The frame, its name and its scale; gives the place of a value. */
function createPanel(pen, { top, name, most }) {
  const y = (value) => top + panelHeight * (1 - value / most)
  pen.line(name, left, top - 8, { size: 12, fill: 'ink-muted' })
  for (const share of [0, 0.5, 1]) {
    pen.path(`M${left} ${y(share * most)}H${right}`, { stroke: 'line' })
    pen.line((share * most).toFixed(0), left - 6, y(share * most) + 4, {
      size: 11,
      fill: 'ink-muted',
      anchor: 'end',
    })
  }
  return y
}

function draw(pen, points, stroke) {
  if (points.length === 0) return
  const way = points.map((point) => point.map((number) => number.toFixed(1)).join(' '))
  pen.path(`M${way.join('L')}`, { stroke, 'stroke-width': 1.5 })
}

function label(pen, memory, y, x) {
  const last = memory.at(-1)
  if (last === undefined) return
  for (const [name, text] of [
    ['rss', 'resident'],
    ['live', 'live heap'],
  ])
    pen.line(text, x(last.at), y(last[name]) - 6, { size: 11, fill: 'ink-muted', anchor: 'end' })
}

const timeAt = (seconds) => (seconds >= 120 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`)
