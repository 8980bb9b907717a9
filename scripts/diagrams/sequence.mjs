// A sequence: a lane for each party, a row for each hop between them. The same rows make a wide drawing and a narrow one.
import { createPen } from './svg.mjs'
import { layOut, tokensIn, wrap } from './text.mjs'

const margin = 10
const size = 13
const leading = 17

/**
 * `parties` are names, the one that the drawing is about is `main`; `rows` are hops (`from`, `to`, `text`, an `answer`, `refused`), what one
 * does by itself (`at`, `text`, a `person`), and what lies between (`pause`); `notes` tell of each token where it never goes.
 */
export function drawSequence({ parties, main, together, rows, notes, title }, width, look) {
  const pen = createPen(width, look)
  const laneWidth = (width - 2 * margin) / parties.length
  const middleOf = (lane) => margin + laneWidth * (lane + 0.5)
  const names = parties.map((name) => wrap(name, laneWidth - 4, 12.5, true))
  const top = together === undefined ? 25 : 42
  const headHeight = top + Math.max(...names.map(({ length }) => length)) * 15
  const heights = rows.map((row) => heightOf(row, width))
  const bottom = headHeight + 18 + heights.reduce((sum, height) => sum + height, 0)

  if (together !== undefined) {
    const [from, to] = [
      middleOf(together.from) - laneWidth / 2 + 3,
      middleOf(together.to) + laneWidth / 2 - 3,
    ]
    pen.rect(from, 8, to - from, bottom - 13, {
      rx: 8,
      fill: 'none',
      stroke: 'line-strong',
      'stroke-dasharray': '4 3',
    })
    pen.line(together.text, (from + to) / 2, 23, { size: 12, fill: 'ink-muted', anchor: 'middle' })
  }
  parties.forEach((_, lane) => {
    const isMain = lane === main
    pen.rect(
      middleOf(lane) - (isMain ? 4.5 : 0.5),
      headHeight,
      isMain ? 9 : 1,
      bottom - headHeight,
      isMain
        ? { rx: 4.5, fill: 'token-1', 'fill-opacity': 0.3 }
        : { fill: 'line-strong', 'fill-opacity': 0.55 },
    )
    pen.lines(names[lane], middleOf(lane), top, { size: 12.5, bold: true, anchor: 'middle', leading: 15 })
  })

  let y = headHeight + 12
  rows.forEach((row, index) => {
    drawRow(pen, row, y, { width, middleOf, ground: 'surface' })
    y += heights[index]
  })
  return pen.finish(drawNotes(pen, notes, bottom + 4), title)
}

function heightOf(row, width) {
  const lines = linesOf(row, width).length
  if (row.pause !== undefined) return lines * leading + 14
  return lines * leading + 17
}

function linesOf(row, width) {
  return wrap(row.pause ?? row.text, width - 2 * margin - 16, size)
}

function drawRow(pen, row, y, place) {
  if (row.pause !== undefined) return drawPause(pen, row, y, place)
  if (row.at !== undefined) return drawInside(pen, row, y, place)
  drawHop(pen, row, y, place)
}

function drawHop(pen, row, y, { width, middleOf, ground }) {
  const lines = linesOf(row, width)
  const [from, to] = [middleOf(row.from), middleOf(row.to)]
  const direction = Math.sign(to - from)
  const box = boxOf(lines, (from + to) / 2, width)
  pen.rect(box.left, y - 1, box.width, lines.length * leading + 1, { rx: 5, fill: ground })
  pen.lines(lines, box.middle, y + 12, {
    size,
    leading,
    anchor: 'middle',
    ...(row.refused && { fill: 'danger' }),
  })
  const [token] = tokensIn(row.text)
  pen.arrow(
    [
      [from + direction * 5, y + lines.length * leading + 5],
      [to - direction * 5, y + lines.length * leading + 5],
    ],
    row.refused ? 'danger' : pen.lineColour(token),
    { dashed: row.answer, weight: row.answer ? 1.6 : 2 },
  )
}

function drawInside(pen, row, y, { width, middleOf }) {
  const lines = linesOf(row, width)
  const box = boxOf(lines, middleOf(row.at), width, 9)
  pen.rect(box.left, y, box.width, lines.length * leading + 6, {
    rx: 11,
    fill: 'surface',
    stroke: row.person ? 'ink' : row.refused ? 'danger' : 'line-strong',
    ...(row.cache && { 'stroke-dasharray': '4 3' }),
  })
  pen.lines(lines, box.middle, y + 15, {
    size,
    leading,
    anchor: 'middle',
    fill: row.refused ? 'danger' : 'ink',
  })
}

function drawPause(pen, row, y, { width }) {
  const lines = linesOf(row, width)
  pen.rect(1, y - 3, width - 2, lines.length * leading + 8, { fill: 'paper' })
  pen.lines(lines, width / 2, y + 13, { size, leading, anchor: 'middle', fill: 'ink-muted' })
}

/** Centred over its arrow, but for what would leave the sheet. */
function boxOf(lines, middle, width, padding = 4) {
  const widest = Math.max(...lines.map((line) => layOut(line, size).width)) + 2 * padding
  const left = Math.min(Math.max(middle - widest / 2, margin - 4), width - margin + 4 - widest)
  return { left, width: widest, middle: left + widest / 2 }
}

function drawNotes(pen, notes, top) {
  if (notes.length === 0) return top + 6
  pen.path(`M1 ${top}H${pen.width - 1}`, { stroke: 'line' })
  let y = top + 20
  for (const { token, text } of notes) {
    const indent = token === undefined ? 0 : 26
    if (token !== undefined) pen.line(`{${token}}`, margin + 4, y, { size })
    y +=
      pen.wrapped(text, margin + 4 + indent, y, pen.width - 2 * margin - 8 - indent, {
        size: 12.5,
        fill: 'ink-muted',
        leading: 17,
      }) + 5
  }
  return y - 8
}
