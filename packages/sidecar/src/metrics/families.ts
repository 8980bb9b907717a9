// Counters, gauges and histograms as Prometheus reads them, with a bounded number of series each: whatever callers send, memory stays as it is.

/** The labels of one series. */
export type Labels = Readonly<Record<string, string>>

/** Something that is measured, under one name. */
export interface Family {
  /** Its lines in the exposition format. */
  readonly write: () => string
}

/** Counts, or adds up. */
export interface Counter extends Family {
  readonly add: (labels: Labels, amount?: number) => void
}

/** How long something takes. */
export interface Histogram extends Family {
  readonly observe: (labels: Labels, seconds: number) => void
}

/** More than the tables of routes, statuses and grants have; only an endless kind of label comes here. */
const mostSeries = 256
/** Where everything goes that is one too many. */
const overflow = 'other'

export function createCounter(name: string, help: string): Counter {
  const series = new Map<string, number>()
  return {
    add(labels, amount = 1) {
      const key = keyWithin(series, labels)
      series.set(key, (series.get(key) ?? 0) + amount)
    },
    write: () =>
      [head(name, help, 'counter'), ...[...series].map(([key, value]) => line(name, key, value))].join(''),
  }
}

/** Read when it is asked for; a counter only grows. */
export function createReading(
  type: 'gauge' | 'counter',
  name: string,
  help: string,
  read: () => number,
): Family {
  return { write: () => head(name, help, type) + line(name, '', read()) }
}

/** From a token in the cache to an authority that is given up on. Seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface Observations {
  readonly counts: number[]
  sum: number
  count: number
}

export function createHistogram(name: string, help: string): Histogram {
  const series = new Map<string, Observations>()
  return {
    observe(labels, seconds) {
      const key = keyWithin(series, labels)
      const found = series.get(key) ?? { counts: bounds.map(() => 0), sum: 0, count: 0 }
      series.set(key, found)
      const at = bounds.findIndex((bound) => seconds <= bound)
      if (at !== -1) found.counts[at] = (found.counts[at] ?? 0) + 1
      found.sum += seconds
      found.count += 1
    },
    write: () =>
      head(name, help, 'histogram') + [...series].map(([key, found]) => lines(name, key, found)).join(''),
  }
}

function lines(name: string, key: string, { counts, sum, count }: Observations): string {
  let below = 0
  const buckets = bounds.map((bound, at) => {
    below += counts[at] ?? 0
    return line(`${name}_bucket`, join(key, `le="${bound}"`), below)
  })
  return [
    ...buckets,
    line(`${name}_bucket`, join(key, 'le="+Inf"'), count),
    line(`${name}_sum`, key, sum),
    line(`${name}_count`, key, count),
  ].join('')
}

function join(key: string, more: string): string {
  return key === '' ? more : `${key},${more}`
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function line(name: string, key: string, value: number): string {
  return `${name}${key === '' ? '' : `{${key}}`} ${value}\n`
}

function keyWithin(series: ReadonlyMap<string, unknown>, labels: Labels): string {
  const key = keyOf(labels)
  if (series.has(key) || series.size < mostSeries) return key
  return keyOf(Object.fromEntries(Object.keys(labels).map((name) => [name, overflow])))
}

function keyOf(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, escape)}"`)
    .join(',')
}

function escape(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`
}
