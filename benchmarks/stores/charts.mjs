// The two pictures of the rows: what weather of the store costs a request, and how many exchanges a user costs.
import { drawBars } from '../chart.mjs'

export function drawCharts({ herd, steady, weather, cluster }) {
  const multiples = [...weather, ...cluster].flatMap(({ name, warm, cold }) => [
    { label: `${name}: token at hand`, value: warm.p50, shown: `${warm.p50.toFixed(2)}×` },
    { label: 'new user', value: cold.p50, shown: `${cold.p50.toFixed(2)}×`, isOther: true },
  ])
  const exchanges = [
    ...herd.flatMap(({ count, cold, ahead }) => [
      { label: `herd over ${count}, nobody has a token`, value: cold.mean },
      { label: `herd over ${count}, due for renewal`, value: ahead.mean },
    ]),
    ...steady.map(({ count, room, exchangesOfUser }) => ({
      label: `steady over ${count}${room === undefined ? '' : ', little room'}`,
      value: exchangesOfUser,
      isOther: true,
    })),
  ]
  const charts = {
    weather: {
      title: 'What the store costs a request, by its weather',
      note: 'Medians, as multiples of the same request while that store is well',
      bars: multiples,
    },
    exchanges: {
      title: 'Exchanges a user, over all processes',
      note: 'One is the least that there can be',
      bars: exchanges.map((bar) => ({ ...bar, shown: bar.value.toFixed(2) })),
    },
  }
  return Object.fromEntries(
    Object.entries(charts).flatMap(([name, chart]) =>
      ['light', 'dark'].map((look) => [`stores-${name}-${look}.svg`, drawBars(chart, look)]),
    ),
  )
}
