// Bars beside each other: each a row with its name, pieces one after another, and what they come to.
import { createPen } from './svg.mjs'

const barHeight = 20
const rowHeight = 44

/** `rows` have a `name`, `values`, one for each of `pieces`, and a `text` at their end; `most` is the value of a whole width. */
export function drawBars({ title, heading, pieces, rows, most }, width, look) {
  const pen = createPen(width, look)
  const room = width - 40 - 92
  let y = 35 + pen.wrapped(heading, 20, 30, width - 40, { size: 14, bold: true })
  pieces.forEach(({ name, fill }) => {
    pen.rect(20, y - 10, 12, 12, { rx: 3, fill })
    pen.line(name, 38, y, { size: 12 })
    y += 18
  })
  y += 10
  for (const { name, values, text } of rows) {
    pen.line(name, 20, y, { size: 12, fill: 'ink-muted' })
    let x = 20
    values.forEach((value, index) => {
      const length = Math.max(0, (room * value) / most)
      if (length > 0) pen.rect(x, y + 6, length, barHeight, { fill: pieces[index].fill })
      x += length
    })
    pen.line(text, x + 8, y + 21, { size: 12, bold: true })
    y += rowHeight
  }
  return pen.finish(y, title)
}
