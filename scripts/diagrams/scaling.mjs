// The charts of docs/scaling.md. Their figures are those of `midtier plan`: a test compares.
import { drawBars } from './bars.mjs'

/** Of the defaults of `midtier plan`, by processes: shares from memory, from the store, by an exchange. */
export const hitsByProcesses = {
  1: [97, 0, 3],
  4: [87, 10, 3],
  16: [59, 37, 3],
  64: [29, 68, 3],
  256: [11, 86, 3],
}

/** Of a million users over 16 processes: exchanges a second, as the page has them. */
export const exchangesByLoss = {
  'nothing lost': 139,
  'all processes restart': 139,
  'the store is gone': 3020,
  'it is back, empty': 2110,
  'both at once': 3890,
}

const fills = ['token-1', 'token-2', 'token-3']

const inWords = (figures, say) =>
  Object.entries(figures)
    .map(([name, value]) => say(name, value))
    .join('; ')

export const scalingCharts = [
  {
    name: 'scaling-hits',
    title: 'Where tokens come from, by the number of processes',
    alt: `Where the tokens of requests come from, by the number of processes over which the requests of a session are spread. ${inWords(hitsByProcesses, (name, [memory, store, exchange]) => `${name} process${name === '1' ? '' : 'es'}: ${memory} % from the memory of the process, ${store} % from the store, ${exchange} % by an exchange`)}. A session that stays with one process is as with one.`,
    draw: drawBars,
    heading: 'Where tokens come from, by processes a session is spread over',
    pieces: ['memory of the process', 'store', 'exchange'].map((name, index) => ({
      name,
      fill: fills[index],
    })),
    most: 100,
    rows: Object.entries(hitsByProcesses).map(([name, values]) => ({
      name: name === '1' ? '1 process, or sticky sessions' : `${name} processes`,
      values,
      text: `${values[0]} % memory`,
    })),
  },
  {
    name: 'scaling-losses',
    title: 'Exchanges a second after a loss',
    alt: `Exchanges a second in the first minute after a loss, of a million users over 16 processes. ${inWords(exchangesByLoss, (name, value) => `${name}: ${value}`)}.`,
    draw: drawBars,
    heading: 'A million users, 16 processes: exchanges a second in the first minute',
    pieces: [{ name: 'exchanges a second at the authority', fill: fills[2] }],
    most: Math.max(...Object.values(exchangesByLoss)),
    rows: Object.entries(exchangesByLoss).map(([name, value]) => ({
      name,
      values: [value],
      text: String(value),
    })),
  },
]
