// What a plan is made for: who uses the API and how, what runs it, and the settings of midtier that matter.
import { resolveNumber } from '../settings/numbers.ts'
import { measured } from './constants.ts'

/** Numbers of a plan. Rates and shares are those of the busiest time. */
export interface PlanInputs {
  /** People who use the API on a day. */
  readonly users: number
  readonly sessionsPerDay: number
  readonly sessionMinutes: number
  /** Of one person while a session lasts. */
  readonly requestsPerMinute: number
  /** Requests of one person that come at the same moment, all for the same downstream API. */
  readonly atOnce: number
  /** How many times the mean of the day the busiest time has. */
  readonly peak: number
  /** How unequal people are: 0 all alike; the share of the busiest tenth is 0.1 to the power of one less this. Below 1. */
  readonly skew: number
  /** Downstream APIs that a session calls, all alike often. */
  readonly downstreamApis: number
  /** How long a client uses one access token. Minutes. */
  readonly clientTokenMinutes: number
  /** Lifetime of the tokens for downstream APIs. Minutes. */
  readonly tokenMinutes: number
  /** When the authority says to renew them; 0 when it does not say. Minutes. */
  readonly refreshMinutes: number
  readonly tokenBytes: number
  /** Of all regions together. */
  readonly processes: number
  readonly regions: number
  /** Whether a session stays with one process. */
  readonly sticky: boolean
  readonly store: 'redis' | 'none'
  readonly maxEntries: number
  readonly maxBytes: number
  /** How long the authority takes for an exchange. */
  readonly exchangeMs: number
  /** Exchanges a second that the authority takes before it throttles; `undefined`: nobody knows. */
  readonly authorityLimit: number | undefined
  /** Processor time of a request, the handler's own included. */
  readonly requestMicroseconds: number
}

/** Assumed where nothing is said. Every one of them is printed with the plan. */
export const defaultInputs: PlanInputs = {
  users: 10_000,
  sessionsPerDay: 2,
  sessionMinutes: 30,
  requestsPerMinute: 2,
  atOnce: 1,
  peak: 3,
  skew: 0.5,
  downstreamApis: 2,
  clientTokenMinutes: 70, // Entra ID gives 60 to 90 minutes, 75 on average; MSAL renews five minutes before the end
  tokenMinutes: 75,
  refreshMinutes: 0,
  tokenBytes: 1_800,
  processes: 4,
  regions: 1,
  sticky: false,
  store: 'redis',
  maxEntries: resolveNumber('tokenCache.maxEntries', undefined),
  maxBytes: resolveNumber('tokenCache.maxBytes', undefined),
  exchangeMs: 200,
  authorityLimit: undefined,
  requestMicroseconds: measured.requestMicroseconds,
}

/** Kinds of people: a share of all, and how busy they are beside the mean. */
export interface Kind {
  readonly share: number
  readonly times: number
}

const cuts = [0, 0.001, 0.003, 0.01, 0.03, 0.06, 0.1, 0.2, 0.35, 0.5, 0.75, 1]

/** People by how busy they are, after a power law of their rank. */
export function kindsOf(skew: number): readonly Kind[] {
  const upTo = (rank: number): number => rank ** (1 - skew)
  return cuts.slice(1).map((cut, index) => {
    const share = cut - (cuts[index] ?? 0)
    return { share, times: (upTo(cut) - upTo(cut - share)) / share }
  })
}
