// The options of `midtier plan`: which number of a plan each one sets, and between what it has to lie.
import type { PlanInputs } from '../plan/inputs.ts'

/** A number on the command line. */
export interface PlanNumber {
  /** `undefined` for what is turned into another number. */
  readonly input?: keyof PlanInputs
  readonly least: number
  readonly most: number
}

const numbers = {
  users: { input: 'users', least: 1, most: 1e10 },
  'sessions-per-day': { input: 'sessionsPerDay', least: 0.01, most: 1000 },
  'session-minutes': { input: 'sessionMinutes', least: 1, most: 1440 },
  'requests-per-minute': { input: 'requestsPerMinute', least: 0.01, most: 6000 },
  'requests-per-second': { least: 0.01, most: 1e9 },
  'at-once': { input: 'atOnce', least: 1, most: 100 },
  peak: { input: 'peak', least: 1, most: 100 },
  skew: { input: 'skew', least: 0, most: 0.7 },
  'downstream-apis': { input: 'downstreamApis', least: 1, most: 100 },
  'client-token-minutes': { input: 'clientTokenMinutes', least: 6, most: 2880 },
  'token-lifetime': { input: 'tokenMinutes', least: 10, most: 2880 },
  'token-bytes': { input: 'tokenBytes', least: 100, most: 100_000 },
  processes: { input: 'processes', least: 1, most: 100_000 },
  regions: { input: 'regions', least: 1, most: 100 },
  'max-entries': { input: 'maxEntries', least: 1, most: 10_000_000 },
  'max-bytes': { input: 'maxBytes', least: 1_048_576, most: 1_099_511_627_776 },
  'exchange-ms': { input: 'exchangeMs', least: 1, most: 60_000 },
  'authority-limit': { input: 'authorityLimit', least: 0.01, most: 1e9 },
  'cpu-per-request': { input: 'requestMicroseconds', least: 1, most: 1e9 },
} as const

export type PlanNumberName = keyof typeof numbers

export const planNumbers: Readonly<Record<PlanNumberName, PlanNumber>> = numbers

/** By name, in the order in which they are printed. */
export const planNumberNames: readonly PlanNumberName[] = Object.keys(numbers) as PlanNumberName[]

/** As the parser of the command line wants them. */
export const planFlags: Readonly<Record<PlanNumberName, { readonly type: 'string' }>> = Object.fromEntries(
  planNumberNames.map((name) => [name, { type: 'string' }]),
) as Record<PlanNumberName, { readonly type: 'string' }>
