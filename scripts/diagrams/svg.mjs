// The pen: shapes and texts of a diagram as SVG, in the colours of the pages of the emulator, in light and in dark.
import { readFileSync } from 'node:fs'
import { layOut, wrap } from './text.mjs'

const sans = "ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

const assets = ['tokens.css', 'drawing.css'].map((name) =>
  readFileSync(new URL(`../../packages/emulator/assets/${name}`, import.meta.url), 'utf8'),
)

/** The colours of the style sheets by name: what stands before `prefers-color-scheme: dark`, and there in its place. */
const palettes = { light: {}, dark: {} }
for (const sheet of assets) {
  const [light, dark = ''] = sheet.split('@media (prefers-color-scheme: dark)')
  const coloursOf = (text) =>
    Object.fromEntries(
      Array.from(text.matchAll(/--([\w-]+): (#\w+);/g), ([, name, colour]) => [name, colour]),
    )
  Object.assign(palettes.light, coloursOf(light))
  Object.assign(palettes.dark, coloursOf(light), coloursOf(dark))
}

export const looks = Object.keys(palettes)

/** A sheet of that width. Its height is known when everything is drawn. */
export function createPen(width, look) {
  const palette = palettes[look]
  const shapes = []
  const add = (name, attributes, inside) => {
    shapes.push(element(name, attributes, inside))
  }

  /** Words on one line, with the marks of tokens in them; `x` is its start, its middle or its end. */
  function line(text, x, y, { size = 13, bold = false, fill = 'ink', anchor = 'start' } = {}) {
    const { runs, width } = layOut(text, size, bold)
    const start = { start: x, middle: x - width / 2, end: x - width }[anchor]
    for (const run of runs) {
      if (run.token !== undefined)
        ticket(run.token, start + run.at + size * 0.075, y - size * 0.94, size * 1.2)
      else
        write(run.words, runs.length === 1 ? x : start + run.at, y, {
          size,
          bold,
          fill,
          anchor: runs.length === 1 ? anchor : 'start',
        })
    }
  }

  function write(words, x, y, { size, bold, fill, anchor }) {
    add(
      'text',
      {
        x,
        y,
        'font-size': size,
        ...(bold && { 'font-weight': 600 }),
        fill: palette[fill] ?? fill,
        ...(anchor !== 'start' && { 'text-anchor': anchor }),
      },
      escape(words),
    )
  }

  function ticket(number, x, y, side) {
    add('rect', { x, y, width: side, height: side, rx: 4, fill: palette[`token-${number}`] })
    add(
      'text',
      {
        x: x + side / 2,
        y: y + side * 0.76,
        'font-size': side * 0.72,
        'font-weight': 700,
        fill: palette['on-ticket'],
        'text-anchor': 'middle',
      },
      number,
    )
  }

  /** Several lines below each other; says how high they are. */
  function lines(texts, x, y, { leading = 17, ...style } = {}) {
    texts.forEach((text, index) => line(text, x, y + index * leading, style))
    return texts.length * leading
  }

  return {
    width,
    rect: (x, y, w, h, attributes) => add('rect', { x, y, width: w, height: h, ...coloured(attributes) }),
    path: (d, attributes) => add('path', { d, fill: 'none', ...coloured(attributes) }),
    line,
    lines,
    wrapped: (text, x, y, most, style = {}) =>
      lines(wrap(text, most, style.size ?? 13, style.bold), x, y, style),
    lineColour: (token) => palette[token === undefined ? 'line-strong' : `token-${token}-ink`],
    /** An arrow that ends in a head; its way is straight pieces between points. */
    arrow(points, colour, { dashed = false, weight = 2 } = {}) {
      const stroke = palette[colour] ?? colour
      const [[fromX, fromY], [toX, toY]] = points.slice(-2)
      const [dx, dy] = [Math.sign(toX - fromX), Math.sign(toY - fromY)]
      const way = [...points.slice(0, -1), [toX - dx * 5, toY - dy * 5]]
      add('path', {
        d: `M${way.map((point) => point.map(short).join(' ')).join('L')}`,
        fill: 'none',
        stroke,
        'stroke-width': weight,
        ...(dashed && { 'stroke-dasharray': '4 3' }),
      })
      const head =
        dx === 0
          ? [
              [toX, toY],
              [toX - 4, toY - dy * 7],
              [toX + 4, toY - dy * 7],
            ]
          : [
              [toX, toY],
              [toX - dx * 7, toY - 4],
              [toX - dx * 7, toY + 4],
            ]
      add('path', { d: `M${head.map((point) => point.map(short).join(' ')).join('L')}Z`, fill: stroke })
    },
    finish: (height, title) =>
      element(
        'svg',
        {
          xmlns: 'http://www.w3.org/2000/svg',
          viewBox: `0 0 ${width} ${Math.ceil(height)}`,
          width,
          height: Math.ceil(height),
          role: 'img',
          'font-family': sans,
        },
        [
          element('title', {}, escape(title)),
          element('rect', {
            x: 0.5,
            y: 0.5,
            width: width - 1,
            height: Math.ceil(height) - 1,
            rx: 10,
            fill: palette.surface,
            stroke: palette.line,
          }),
          ...shapes,
        ].join('\n'),
      ) + '\n',
  }

  function coloured(attributes) {
    return Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, palette[value] ?? value]),
    )
  }
}

function element(name, attributes, inside) {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : value}"`,
  )
  return inside === undefined
    ? `<${name}${written.join('')}/>`
    : `<${name}${written.join('')}>${inside}</${name}>`
}

const short = (value) => Math.round(value * 10) / 10
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
