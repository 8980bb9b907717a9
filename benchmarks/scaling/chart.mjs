// The picture of the cluster that ran: each figure as it was counted, and as the formulas and the simulation have it.
import { drawBars } from '../chart.mjs'

/** In words, for who does not see it, and as files. */
export function drawCluster(rows) {
  const figures = rows.flatMap(({ name, measured, simulated, model }) =>
    [
      [`${name}: measured`, measured],
      ['formulas', model, true],
      ['simulation', simulated, true],
    ].map(([label, value, isOther = false]) => ({ label, value, shown: value.toFixed(3), isOther })),
  )
  const chart = {
    title: 'A cluster that ran, beside the formulas and the simulation',
    note: 'Of each request; as counted in colour',
    bars: figures,
  }
  const files = Object.fromEntries(
    ['light', 'dark'].map((look) => [`scaling-${look}.svg`, drawBars(chart, look)]),
  )
  const alt = `${chart.title}. ${figures.map(({ label, shown }) => `${label} ${shown}`).join('; ')}.`
  const markup = `<picture><source media="(prefers-color-scheme: dark)" srcset="scaling-dark.svg"><img alt="${alt}" src="scaling-light.svg"></picture>`
  return { files, markup }
}
