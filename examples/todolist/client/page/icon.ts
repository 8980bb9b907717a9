// Small line drawings, which say nothing to those who do not see them: words beside them do.

const namespace = 'http://www.w3.org/2000/svg'

const paths = {
  bin: 'M5 7h14M10 7V5h4v2m3 0-.7 12H7.7L7 7m3.5 3.5v5m3-5v5',
  agent:
    'M7 8h10a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Zm5 0V5m-2.5 7v2m5-2v2M3 13v2m18-2v2',
  person: 'M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 19.5c.7-3.3 3.4-5 7-5s6.3 1.7 7 5',
} as const

/** Draws one, in the colour of the text. */
export function drawIcon(name: keyof typeof paths): SVGElement {
  const svg = document.createElementNS(namespace, 'svg')
  const path = document.createElementNS(namespace, 'path')
  const attributes = { viewBox: '0 0 24 24', width: '18', height: '18', class: 'icon', 'aria-hidden': 'true' }
  for (const [attribute, value] of Object.entries(attributes)) svg.setAttribute(attribute, value)
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}
