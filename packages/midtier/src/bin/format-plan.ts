// A plan as a page of a terminal: the load, the tokens, what losses cost, what to set, what runs out first, and what was assumed.
import { measured } from '../plan/constants.ts'
import type { Failure } from '../plan/failures.ts'
import { type Plan, targetShare } from '../plan/plan.ts'
import { labelled, painter, type Page } from './page.ts'
import { planNumberNames, planNumbers } from './plan-flags.ts'

type Row = readonly [label: string, text: string]

/** Sets the page; ends with a line break. */
export function formatPlan(
  plan: Plan,
  style: { readonly colour: boolean; readonly columns: number },
): string {
  const page = { paint: painter(style.colour), width: Math.min(Math.max(style.columns, 60), 120) }
  const { inputs } = plan
  const where = inputs.regions === 1 ? '' : ` in ${count(inputs.regions)} regions`
  const title = `${count(inputs.users)} users a day, ${count(inputs.processes)} processes${where}`
  return [
    '',
    ` ${page.paint('bold', title)}: ${rate(plan.requests)} requests/s at the busiest time`,
    '',
    ...section('Tokens', tokenRows(plan), page),
    ...section(inputs.regions === 1 ? 'Redis' : 'Redis, of each region', storeRows(plan), page),
    ...section('Processes', processRows(plan), page),
    ...section('The first minute after a loss', plan.failures.map(failureRow), page),
    ...section(
      'Set',
      plan.settings.map(({ name, value, why }) => [`${name} ${value}`, why] as const),
      page,
    ),
    ...section('Runs out first', limitRows(plan), page),
    ...section('Not known', unknown, page),
    ...section('Assumed, or said', [['midtier', `plan ${assumed(plan)}`]], page),
  ].join('\n')
}

function section(title: string, rows: readonly Row[], page: Page): readonly string[] {
  if (rows.length === 0) return []
  const width = Math.max(...rows.map(([label]) => label.length))
  return [
    ` ${page.paint('bold', title)}`,
    ...rows.flatMap(([label, text]) => labelled(label.padEnd(width), text, { ...page, indent: 3 })),
    '',
  ]
}

function tokenRows({
  exchanges,
  exchangesPerUserAndDay,
  fromMemory,
  fromStore,
  fromAuthority,
}: Plan): readonly Row[] {
  return [
    ['from memory', percent(fromMemory)],
    ['from the store', percent(fromStore)],
    ['by an exchange', `${percent(fromAuthority)} of the requests wait for one`],
    ['exchanges', `${rate(exchanges)}/s, ${rate(exchangesPerUserAndDay)} a user and day`],
  ]
}

function storeRows({ store }: Plan): readonly Row[] {
  if (store === undefined) return []
  return [
    ['operations', `${rate(store.operations)}/s over ${count(store.connections)} connections`],
    ['entries', `${rate(store.entries)}, ${bytes(store.bytes)}`],
  ]
}

function processRows({ process, processesNeeded, processesNeededAfterLoss, inputs }: Plan): readonly Row[] {
  const after =
    inputs.regions === 1 ? '' : `; ${count(processesNeededAfterLoss)}, so that a region may be lost`
  return [
    ['needed', `${count(processesNeeded)} at ${percent(targetShare)} of a processor each${after}`],
    [
      'memory',
      `${bytes(process.bytes)} each, and it does fill up: ${count(process.entries)} tokens by --max-entries and --max-bytes, and maxCachedTokens at its default`,
    ],
  ]
}

const losses: Readonly<Record<Failure['name'], string>> = {
  store_lost: 'the store is gone',
  store_emptied: 'it is back, empty',
  processes_restarted: 'all processes restart',
  restarted_without_store: 'both at once',
  region_lost: 'a region is gone',
}

function failureRow({ name, exchanges, lastingExchanges, storeReads, waiting }: Failure): Row {
  const parts = [
    `${rate(exchanges)} exchanges/s, ${percent(waiting)} of the requests wait for one`,
    ...(lastingExchanges === undefined ? [] : [`${rate(lastingExchanges)}/s while it lasts`]),
    ...(name === 'processes_restarted' && storeReads > 0 ? [`${rate(storeReads)} reads/s of the store`] : []),
  ]
  return [losses[name], parts.join('; ')]
}

const limitNames = {
  processors: 'the processors of the processes',
  redis_processor: 'the one processor that a Redis uses',
  authority: 'what the authority was said to take',
} as const

function limitRows({ limits }: Plan): readonly Row[] {
  return limits.map(
    ({ name, used }) => [limitNames[name], `${percent(used)} used${used > 1 ? ': too much' : ''}`] as const,
  )
}

const unknown: readonly Row[] = [
  [
    'Entra ID',
    'how many exchanges a second it takes from you: it publishes none; see its 429, and give --authority-limit',
  ],
  [
    'your handlers',
    `a request is taken to cost ${String(measured.requestMicroseconds)} µs, Express with a token at hand and nothing behind it: give --cpu-per-request`,
  ],
  ['your day', 'how people really come; events (docs/events.md) and metrics tell it, after a week'],
]

/** All numbers, so that the same can be asked for again. */
function assumed({ inputs }: Plan): string {
  const numbers = planNumberNames.flatMap((name) => {
    const { input } = planNumbers[name]
    const value = input === undefined ? undefined : inputs[input]
    return typeof value === 'number' ? [`--${name} ${String(value)}`] : []
  })
  return [...numbers, `--store ${inputs.store}`, ...(inputs.sticky ? ['--sticky'] : [])].join(' ')
}

/** Less than it is not told apart from it. */
const least = 0.01
const under = `under ${least}`

/** Three digits, and a space between thousands. */
function rate(value: number): string {
  if (value > 0 && value < least) return under
  return value >= 100 ? count(Number(value.toPrecision(3))) : String(Number(value.toPrecision(2)))
}

/** Thousands apart, and on one line. */
function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, '\u00a0')
}

function percent(share: number): string {
  const value = 100 * share
  if (value > 0 && value < least) return `${under} %`
  return `${value > 0 && value < 1 ? value.toPrecision(1) : value.toFixed(0)} %`
}

function bytes(value: number): string {
  const units = ['MB', 'GB', 'TB']
  const power = Math.min(2, Math.max(0, Math.floor(Math.log10(Math.max(value, 1)) / 3) - 2))
  return `${rate(value / 1000 ** (power + 2))} ${units[power] ?? ''}`
}
