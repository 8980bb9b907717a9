// Bars with their figures at the end, two kinds of them told apart by colour, as a picture of the results.
import { createPen } from '../scripts/diagrams/svg.mjs'

const width = 760
const left = 370
const room = width - left - 90
const top = 76
const rowHeight = 24

/**
 * @param chart `{ title, note, bars }`; a bar is `{ label, value, shown, isOther }`: `shown` stands at its end.
 * @param look `light` or `dark`.
 */
export function drawBars({ title, note, bars }, look) {
  const pen = createPen(width, look)
  const most = Math.max(...bars.map(({ value }) => value), Number.EPSILON)
  pen.line(title, 20, 30, { size: 14, bold: true })
  pen.line(note, 20, 50, { size: 12, fill: 'ink-muted' })
  for (const [index, { label, value, shown, isOther }] of bars.entries()) {
    const y = top + index * rowHeight
    const length = Math.max(1, (room * value) / most)
    pen.line(label, left - 8, y + 12, { size: 12, anchor: 'end' })
    pen.rect(left, y, Number(length.toFixed(1)), rowHeight - 8, { fill: isOther ? 'ink-muted' : 'accent' })
    pen.line(shown, Number((left + length + 6).toFixed(1)), y + 12, { size: 12 })
  }
  return pen.finish(top + bars.length * rowHeight + 12, title)
}
