// A day's busiest time, when nothing is out of order: exchanges, hits, operations and bytes of one region.
import { measured } from './constants.ts'
import { kindsOf, type PlanInputs } from './inputs.ts'
import { keptFor } from './memory-bound.ts'
import { type AskedToken, costOf, sumOf, type TokenCost, type TokenUse } from './token-life.ts'

/** One kind of token in a region: how many begin a second, how each is used, and what each costs. */
export interface TokenKind {
  readonly perSecond: number
  readonly use: TokenUse
}

/** What goes on in one region. Rates are a second's. */
export interface SteadyState {
  readonly requests: number
  /** Sessions at a time. */
  readonly online: number
  readonly exchanges: number
  /** Of those, the ones in the background, for which nobody waits. */
  readonly renewals: number
  /** Of the requests, those answered from the memory of the process, from the store, and by an exchange that they wait for. Shares. */
  readonly fromMemory: number
  readonly fromStore: number
  readonly fromAuthority: number
  /** How long a process keeps what is not asked for. Seconds. */
  readonly keptSeconds: number
  /** Operations that read a token, and all of them. */
  readonly storeReads: number
  readonly storeOperations: number
  readonly storeEntries: number
  readonly storeAccounts: number
  /** Tokens by how long and how often they are asked for. */
  readonly kinds: readonly TokenKind[]
}

/** Entries that fit into the memory of a process by both of its bounds. */
export function entriesThatFit({ maxEntries, maxBytes, tokenBytes }: PlanInputs): number {
  return Math.min(maxEntries, Math.floor(maxBytes / (tokenBytes + measured.countedBytes)))
}

export function steadyState(inputs: PlanInputs): SteadyState {
  const shared = inputs.store !== 'none'
  const sessions = (inputs.users * inputs.sessionsPerDay * inputs.peak) / (86_400 * inputs.regions)
  const online = sessions * inputs.sessionMinutes * 60
  const requests = (online * inputs.requestsPerMinute) / 60
  const { spread, reached, processes } = spreadOf(inputs)
  const asked = tokensOf(inputs, sessions)
  const keptSeconds = keptFor(asked, {
    ...inputs,
    spread,
    reached,
    processes,
    entries: entriesThatFit(inputs),
  })
  const limits = { ...lifetimesOf(inputs), keptSeconds, shared }
  // Without a store each process is by itself: it sees every session, each less often.
  const kinds = asked.map(({ perSecond, rate, seconds }) =>
    shared
      ? { perSecond, use: { rate, seconds, spread, reached, ...limits } }
      : {
          perSecond: perSecond * spread,
          use: { rate: (rate * reached) / spread, seconds, spread: 1, reached: 1, ...limits },
        },
  )
  const costs = kinds.map((kind) => ({ ...kind, cost: costOf(kind.use) }))
  const sum = (each: (cost: TokenCost, use: TokenUse) => number): number =>
    sumOf(costs.map(({ perSecond, use, cost }) => perSecond * each(cost, use)))
  const exchanges = Math.min(
    requests,
    sum((cost) => cost.exchanges),
  )
  const reads = sum((cost) => cost.storeReads)
  const visits = requests / inputs.atOnce
  // Of those that come at once, as many wait for the exchange in the process that makes it as chance sends there; the others wait for the store.
  const inOne = (1 + (inputs.atOnce - 1) / (shared ? spread : 1)) / inputs.atOnce
  const seen = shared ? visits : visits * reached
  const waitedFor = sum((cost) => cost.waitedFor) / seen
  const waiters = (use: TokenUse): number =>
    shared ? use.reached - 1 + ((use.rate * inputs.exchangeMs) / 1000) * (1 - 1 / use.spread) : 0
  // The parts are reckoned each by itself: where hardly anything is found in memory, they can be a little more than all.
  const fromAuthority = Math.min(1, waitedFor * inOne)
  const found = waitedFor * (1 - inOne) + sum((cost) => cost.storeHits) / (visits * reached)
  const fromStore = Math.min(1 - fromAuthority, found)
  const { storeHit, exchange } = measured.operations
  const waiting = sum((cost, use) => cost.exchanges * waiters(use))
  return {
    requests,
    online,
    exchanges,
    renewals: exchanges - sum((cost) => cost.waitedFor),
    fromMemory: Math.max(0, 1 - fromStore - fromAuthority),
    fromStore,
    fromAuthority,
    keptSeconds,
    storeReads: reads,
    storeOperations: shared
      ? reads * storeHit + exchanges * exchange + waiting * operationsOfWaiting(inputs)
      : 0,
    // As many as begin in a second, for as long as each of them lies there (Little's law).
    storeEntries: shared ? sum((cost) => cost.storedSeconds) : 0,
    storeAccounts: shared ? sum((cost) => cost.storedSeconds) / inputs.downstreamApis : 0,
    kinds,
  }
}

/** How requests are spread in a region. */
export function spreadOf(inputs: PlanInputs): { spread: number; reached: number; processes: number } {
  const processes = Math.max(1, inputs.processes / inputs.regions)
  const spread = inputs.sticky ? 1 : processes
  return { processes, spread, reached: spread * (1 - (1 - 1 / spread) ** inputs.atOnce) }
}

function lifetimesOf({
  tokenMinutes,
  refreshMinutes,
}: PlanInputs): Pick<TokenUse, 'lifetimeSeconds' | 'dueSeconds'> {
  const lifetimeSeconds = tokenMinutes * 60
  const latest =
    refreshMinutes > 0
      ? Math.min(refreshMinutes * 60, lifetimeSeconds)
      : lifetimeSeconds * measured.renewalShare
  return { lifetimeSeconds, dueSeconds: [latest * (1 - measured.renewalSpread), latest] }
}

/** The tokens that begin in a second: every kind of person's, and the last of a session by itself, which is used for less long. */
function tokensOf(inputs: PlanInputs, sessions: number): readonly AskedToken[] {
  const { sessionMinutes, clientTokenMinutes, downstreamApis, requestsPerMinute, atOnce } = inputs
  const whole = Math.floor(sessionMinutes / clientTokenMinutes)
  const rest = sessionMinutes - whole * clientTokenMinutes
  const lives = [
    { count: whole, seconds: clientTokenMinutes * 60 },
    { count: rest > 0 ? 1 : 0, seconds: rest * 60 },
  ]
  return kindsOf(inputs.skew).flatMap(({ share, times }) =>
    lives
      .filter(({ count }) => count > 0)
      .map(({ count, seconds }) => ({
        perSecond: sessions * share * count * downstreamApis,
        rate: (requestsPerMinute * times) / (60 * atOnce * downstreamApis),
        seconds,
      })),
  )
}

/** What somebody costs who waits for another process's exchange, by the pauses between looks. */
function operationsOfWaiting({ exchangeMs }: PlanInputs): number {
  const { storeHit, refusedLook, lastLook } = measured.operations
  let refused = 0
  for (let passedMs = 0; passedMs < exchangeMs; refused += 1)
    passedMs += 1.25 * Math.min(20 * 2 ** refused, 250)
  return storeHit + refused * refusedLook + lastLook
}
