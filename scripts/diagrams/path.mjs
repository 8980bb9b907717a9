// The path of a request: its steps below each other, and beside each the answers with which it may end there.
import { createPen } from './svg.mjs'
import { wrap } from './text.mjs'

const small = { size: 12, leading: 15.5 }
const between = 18

/** `steps` have a `name`, a `text` and `exits`; `shortcut` leads from one step past others, and says why. */
export function drawPath({ steps, shortcut, title }, width, look) {
  const pen = createPen(width, look)
  const isNarrow = width < 500
  const left = isNarrow ? 40 : 54
  const stepWidth = isNarrow ? 130 : 296
  const exitsAt = left + stepWidth + (isNarrow ? 16 : 34)
  const exitWidth = width - exitsAt - 10

  const tops = []
  let y = 14
  for (const step of steps) {
    tops.push(y)
    y += Math.max(heightOfStep(step, stepWidth), heightOfExits(step, exitWidth)) + between
  }
  steps.forEach((step, index) => {
    const top = tops[index]
    const height = (tops[index + 1] ?? y) - top - between
    const middle = left + stepWidth / 2
    pen.rect(left, top, stepWidth, height, {
      rx: 8,
      fill: step.handler ? 'accent-wash' : 'paper',
      stroke: step.handler ? 'accent' : 'line-strong',
    })
    const nameHeight = pen.wrapped(step.name, left + 11, top + 19, stepWidth - 22, {
      size: 13,
      bold: true,
      leading: 16,
    })
    pen.wrapped(step.text, left + 11, top + 20 + nameHeight, stepWidth - 22, { ...small, fill: 'ink-muted' })
    if (index < steps.length - 1)
      pen.arrow(
        [
          [middle, top + height],
          [middle, top + height + between],
        ],
        'line-strong',
      )
    drawExits(pen, step.exits ?? [], { from: left + stepWidth, at: exitsAt, top, height, width: exitWidth })
  })
  if (shortcut !== undefined) drawShortcut(pen, shortcut, { left, tops })
  return pen.finish(y - between + 14, title)
}

function heightOfStep({ name, text }, width) {
  return (
    16 * wrap(name, width - 22, 13, true).length +
    small.leading * wrap(text, width - 22, small.size).length +
    15
  )
}

const exitHeight = (exit, width) => small.leading * wrap(exit, width - 16, small.size).length + 8

function heightOfExits({ exits = [] }, width) {
  return exits.reduce((sum, exit) => sum + exitHeight(exit, width) + 5, -5)
}

function drawExits(pen, exits, { from, at, top, height, width }) {
  let y = top + (height - exits.reduce((sum, exit) => sum + exitHeight(exit, width) + 5, -5)) / 2
  for (const exit of exits) {
    const own = exitHeight(exit, width)
    pen.rect(at, y, width, own, { rx: 6, fill: 'danger-wash', stroke: 'danger' })
    pen.wrapped(exit, at + 8, y + 15.5, width - 16, { ...small, fill: 'danger' })
    pen.arrow(
      [
        [from, y + own / 2],
        [at, y + own / 2],
      ],
      'danger',
      { dashed: true, weight: 1.6 },
    )
    y += own + 5
  }
}

function drawShortcut(pen, { from, to, text }, { left, tops }) {
  const [start, end, lane] = [tops[from] + 24, tops[to] + 24, left - 14]
  const way = [left, lane, lane, left].map((x, index) => [x, index < 2 ? start : end])
  pen.arrow(way, 'accent')
  pen.line(text, lane - 4, (start + end) / 2 + 4, { size: 12, anchor: 'end', fill: 'accent' })
}
