// `midtier plan`: what a number of users ask of processes, store and authority; it asks nobody and reads nothing.
import { printableJson } from '../kernel/printable.ts'
import { defaultInputs, type PlanInputs } from '../plan/inputs.ts'
import { createPlan } from '../plan/plan.ts'
import type { CommandLine, Flags } from './command-line.ts'
import { formatPlan } from './format-plan.ts'
import { type PlanNumberName, planNumberNames, planNumbers } from './plan-flags.ts'
import { pageStyle, type CommandStreams } from './streams.ts'
import { UsageError } from './usage-error.ts'

/** There is no half of these. */
const wholeNumbers: ReadonlySet<string> = new Set<PlanNumberName>([
  'users',
  'at-once',
  'downstream-apis',
  'token-bytes',
  'processes',
  'regions',
  'max-entries',
  'max-bytes',
])

/** @returns the exit code. @throws UsageError */
export function runPlan({ values }: CommandLine, streams: CommandStreams): number {
  const plan = createPlan(readInputs(values))
  streams.output.write(
    values.json === true ? `${printableJson(plan)}\n` : formatPlan(plan, pageStyle(streams)),
  )
  return 0
}

function readInputs(values: Flags): PlanInputs {
  const given: Record<string, number> = {}
  for (const name of planNumberNames) {
    const { least, most, input } = planNumbers[name]
    const text = values[name]
    if (text === undefined) continue
    const value = text.trim() === '' ? NaN : Number(text)
    const whole = wholeNumbers.has(name)
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw new UsageError(`--${name}: must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`)
    given[input ?? name] = value
  }
  const { 'requests-per-second': requests, ...numbers } = given
  const inputs: PlanInputs = {
    ...defaultInputs,
    ...numbers,
    sticky: values.sticky === true,
    store: storeOf(values),
  }
  const { processes, regions } = inputs
  if (!Number.isInteger(processes / regions))
    throw new UsageError(
      '--processes: must be as many in each region, of all regions together; give a multiple of --regions',
    )
  if (requests === undefined) return inputs
  if (values['requests-per-minute'] !== undefined)
    throw new UsageError('--requests-per-second: says the same as --requests-per-minute; give one of them')
  const online = (inputs.users * inputs.sessionsPerDay * inputs.peak * inputs.sessionMinutes) / 1440
  // No more digits than say something.
  const requestsPerMinute = Number(((60 * requests) / online).toPrecision(12))
  const { least, most } = planNumbers['requests-per-minute']
  if (requestsPerMinute >= least && requestsPerMinute <= most) return { ...inputs, requestsPerMinute }
  throw new UsageError(
    `--requests-per-second: is ${requestsPerMinute} a minute of each session, and must be from ${least} to ${most}; look at --users and what its sessions are`,
  )
}

function storeOf({ store = 'redis' }: Flags): PlanInputs['store'] {
  if (store === 'redis' || store === 'none') return store
  throw new UsageError('--store: must be redis or none; what another store costs was not measured')
}
