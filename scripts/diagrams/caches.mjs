// The caches: two processes of one API, each with its own, the store that they share, and how forgetting somebody reaches all three.
import { createPen } from './svg.mjs'
import { wrap } from './text.mjs'

const small = { size: 12, leading: 15.5 }

/** `processes` have a `name` and the `partitions` that they keep; `store` its `name` and what lies there; `steps` tell of forgetting, numbered. */
export function drawCaches({ processes, store, authority, steps, title }, width, look) {
  const pen = createPen(width, look)
  const isNarrow = width < 500
  const gap = isNarrow ? 24 : 96
  const boxWidth = (width - 20 - gap) / 2
  const partition = { height: 50, gap: 7 }
  const boxHeight = 37 + processes[0].partitions.length * (partition.height + partition.gap)

  processes.forEach(({ name, partitions }, index) => {
    const x = 10 + index * (boxWidth + gap)
    pen.rect(x, 12, boxWidth, boxHeight, { rx: 9, fill: 'paper', stroke: 'line-strong' })
    pen.line(name, x + boxWidth / 2, 33, { size: 13, bold: true, anchor: 'middle' })
    partitions.forEach((each, row) => {
      drawPartition(
        pen,
        each,
        x + 9,
        46 + row * (partition.height + partition.gap),
        boxWidth - 18,
        partition.height,
      )
    })
  })

  const storeTop = 12 + boxHeight + 54
  const storeHeight = 42 + small.leading * wrap(store.text, width - 44, small.size).length
  const [one, other] = [10 + boxWidth / 2, 10 + boxWidth + gap + boxWidth / 2]
  const boxBottom = 12 + boxHeight
  pen.arrow(
    [
      [one - 30, boxBottom],
      [one - 30, storeTop],
    ],
    'line-strong',
  )
  pen.line('miss', one - 38, boxBottom + 32, { size: 12, fill: 'ink-muted', anchor: 'end' })
  pen.arrow(
    [
      [one + 20, boxBottom],
      [one + 20, storeTop],
    ],
    'danger',
    { dashed: true },
  )
  badge(pen, '2', one + 34, boxBottom + 27)
  pen.arrow(
    [
      [other - 20, storeTop],
      [other - 20, boxBottom],
    ],
    'danger',
    { dashed: true },
  )
  badge(pen, '3', other - 34, boxBottom + 27)
  pen.arrow(
    [
      [other + 30, boxBottom],
      [other + 30, storeTop],
    ],
    'line-strong',
  )
  pen.line('miss', other + 38, boxBottom + 32, { size: 12, fill: 'ink-muted' })
  badge(pen, '1', 10 + boxWidth - 16, 46 + 15)

  pen.rect(10, storeTop, width - 20, storeHeight, { rx: 9, fill: 'accent-wash', stroke: 'accent' })
  pen.line(store.name, width / 2, storeTop + 22, { size: 13, bold: true, anchor: 'middle' })
  pen.wrapped(store.text, width / 2, storeTop + 42, width - 44, {
    ...small,
    fill: 'ink-muted',
    anchor: 'middle',
  })

  const authorityTop = storeTop + storeHeight + 40
  pen.arrow(
    [
      [width / 2, storeTop + storeHeight],
      [width / 2, authorityTop],
    ],
    'line-strong',
  )
  pen.line('miss: one exchange', width / 2 + 10, storeTop + storeHeight + 25, { size: 12, fill: 'ink-muted' })
  const authorityWidth = Math.min(300, width - 60)
  pen.rect((width - authorityWidth) / 2, authorityTop, authorityWidth, 32, {
    rx: 9,
    fill: 'paper',
    stroke: 'line-strong',
  })
  pen.line(authority, width / 2, authorityTop + 21, { size: 13, bold: true, anchor: 'middle' })

  let y = authorityTop + 52
  pen.path(`M1 ${y}H${width - 1}`, { stroke: 'line' })
  y += 22
  steps.forEach(({ text, number }) => {
    if (number !== undefined) badge(pen, number, 22, y - 4)
    const indent = number === undefined ? 14 : 38
    y += pen.wrapped(text, indent, y, width - indent - 12, { size: 12.5, leading: 17, fill: 'ink-muted' }) + 5
  })
  return pen.finish(y - 8, title)
}

function drawPartition(pen, { name, text, forgotten }, x, y, width, height) {
  const mood = forgotten
    ? { fill: 'danger-wash', stroke: 'danger', 'stroke-dasharray': '4 3' }
    : { fill: 'surface', stroke: 'line' }
  pen.rect(x, y, width, height, { rx: 6, ...mood })
  pen.line(name, x + 9, y + 20, { size: 12.5, bold: true, fill: forgotten ? 'danger' : 'ink' })
  pen.line(text, x + 9, y + 38, { size: 12, fill: forgotten ? 'danger' : 'ink-muted' })
}

function badge(pen, number, x, y) {
  pen.rect(x - 9, y - 9, 18, 18, { rx: 9, fill: 'danger' })
  pen.line(number, x, y + 4.4, { size: 12, bold: true, fill: 'surface', anchor: 'middle' })
}
