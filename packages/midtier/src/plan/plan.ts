// A plan: what a number of users ask of processes, store and authority, what losses cost, and what to set.
import { measured } from './constants.ts'
import { type Failure, failuresOf } from './failures.ts'
import { numberOptions } from '../settings/numbers.ts'
import type { PlanInputs } from './inputs.ts'
import { askedForWithin } from './memory-bound.ts'
import { entriesThatFit, spreadOf, type SteadyState, steadyState } from './steady-state.ts'

/** What may run out, and how much of it is used at the busiest time: 1 is all. */
export interface Limit {
  readonly name: 'processors' | 'redis_processor' | 'authority'
  readonly used: number
}

/** What to set, and why. */
export interface Setting {
  readonly name: string
  readonly value: string
  readonly why: string
}

/** The answer. Rates are those of the busiest time, a second's, of all regions together; the store's are of the store of one region. */
export interface Plan {
  readonly inputs: PlanInputs
  readonly requests: number
  readonly sessions: number
  readonly exchanges: number
  readonly exchangesPerUserAndDay: number
  /** Shares of the requests. */
  readonly fromMemory: number
  readonly fromStore: number
  readonly fromAuthority: number
  readonly store:
    | {
        readonly operations: number
        readonly entries: number
        readonly bytes: number
        readonly connections: number
      }
    | undefined
  readonly process: {
    /** Entries that it keeps at most, and how many it is asked for while a token is in use. */
    readonly entries: number
    readonly wanted: number
    readonly bytes: number
  }
  /** So many keep a processor each at {@link targetShare} at most; the second figure with one region fewer. */
  readonly processesNeeded: number
  readonly processesNeededAfterLoss: number
  readonly failures: readonly Failure[]
  /** What runs out first, first. */
  readonly limits: readonly Limit[]
  readonly settings: readonly Setting[]
}

/** Share of a processor that a process is planned to use at the busiest time. */
export const targetShare = 0.6

export function createPlan(inputs: PlanInputs): Plan {
  const steady = steadyState(inputs)
  const { regions } = inputs
  const [requests, exchanges] = [steady.requests * regions, steady.exchanges * regions]
  const places = spreadOf(inputs)
  const entries = entriesThatFit(inputs)
  const inUseSeconds = Math.min(inputs.sessionMinutes, inputs.clientTokenMinutes) * 60
  const asked = steady.kinds.map(({ perSecond, use }) => ({ ...use, perSecond }))
  const seen = inputs.store === 'none' ? { ...places, spread: 1, reached: 1 } : places
  const wanted = Math.ceil(askedForWithin(asked, seen, inUseSeconds))
  const seconds = processorSeconds(inputs, steady) * regions
  const needed = Math.max(regions, Math.ceil(seconds / targetShare))
  const store = inputs.store === 'none' ? undefined : storeOf(inputs, steady)
  const limits: Limit[] = [
    { name: 'processors', used: seconds / inputs.processes },
    ...(store === undefined ? [] : [{ name: 'redis_processor' as const, used: redisSeconds(steady) }]),
    ...(inputs.authorityLimit === undefined
      ? []
      : [{ name: 'authority' as const, used: exchanges / inputs.authorityLimit }]),
  ]
  const plan = {
    inputs,
    requests,
    sessions: steady.online * regions,
    exchanges,
    exchangesPerUserAndDay: (exchanges * 86_400) / (inputs.peak * inputs.users),
    fromMemory: steady.fromMemory,
    fromStore: steady.fromStore,
    fromAuthority: steady.fromAuthority,
    store,
    process: { entries, wanted, bytes: bytesOfProcess(inputs, entries) },
    processesNeeded: needed,
    processesNeededAfterLoss: Math.ceil((needed * regions) / Math.max(1, regions - 1)),
    failures: failuresOf(inputs, steady),
    limits: limits.sort((one, other) => other.used - one.used),
  }
  return { ...plan, settings: settingsFor(plan) }
}

/** Processor time of Redis, of one region in a second. */
function redisSeconds({ storeOperations, exchanges }: SteadyState): number {
  const reading = storeOperations - exchanges * measured.operations.exchange
  return (reading * measured.redisReadMicroseconds + exchanges * measured.redisExchangeMicroseconds) / 1e6
}

/** Of one region, in a second. */
function processorSeconds(inputs: PlanInputs, { requests, storeReads, exchanges }: SteadyState): number {
  const more = storeReads * measured.storeHitMicroseconds + exchanges * measured.exchangeMicroseconds
  return (requests * inputs.requestMicroseconds + more) / 1e6
}

function storeOf(inputs: PlanInputs, steady: SteadyState): NonNullable<Plan['store']> {
  const entryBytes = measured.storeEntryBytes + (4 / 3) * inputs.tokenBytes
  const bytes = steady.storeEntries * entryBytes + steady.storeAccounts * measured.storeAccountBytes
  return {
    operations: steady.storeOperations,
    entries: steady.storeEntries,
    bytes,
    connections: (2 * inputs.processes) / inputs.regions, // one for commands, one on which messages arrive
  }
}

function bytesOfProcess({ tokenBytes, downstreamApis }: PlanInputs, entries: number): number {
  const verified = Math.min(measured.verifiedTokens, entries / downstreamApis)
  return (
    measured.processBytes + entries * (measured.heapBytes + tokenBytes) + verified * measured.verifiedBytes
  )
}

function settingsFor({ inputs, process, store, ...plan }: Omit<Plan, 'settings'>): readonly Setting[] {
  const { most } = numberOptions['tokenCache.maxEntries']
  const entries = Math.min(most, roundUp(Math.max(process.wanted, 1_000)))
  const mebibytes = Math.ceil((entries * (inputs.tokenBytes + measured.countedBytes)) / 2 ** 20)
  const memory = [
    {
      name: 'tokenCache.maxEntries',
      value: String(entries),
      why: `${entries < process.wanted ? 'the most that it can be, and less than ' : ''}what a process is asked for while a session uses a token`,
    },
    {
      name: 'tokenCache.maxBytes',
      value: `${mebibytes} * 1_048_576`,
      why: 'the same in bytes: whichever is reached first counts',
    },
    {
      name: 'maxCachedTokens',
      value: String(roundUp(Math.max(entries / inputs.downstreamApis, 1_000))),
      why: 'a token of each session that it verified',
    },
  ]
  const sticky = inputs.sticky ? 0 : steadyState({ ...inputs, sticky: true }).fromMemory
  if (sticky > plan.fromMemory + 0.1)
    memory.push({
      name: 'load balancer',
      value: 'sticky',
      why: `a session that stays with one process finds ${(100 * sticky).toFixed(0)} % in its memory, in place of ${(100 * plan.fromMemory).toFixed(0)} %`,
    })
  if (store === undefined) return memory
  const megabytes = roundUp((1.5 * store.bytes) / 2 ** 20)
  const small = megabytes < leastMegabytes
  return [
    ...memory,
    {
      name: 'maxmemory (Redis)',
      value: `${small ? leastMegabytes : megabytes}mb`,
      why: small
        ? 'the least: Redis itself and its connections weigh something beside the entries'
        : 'half as much again as the entries',
    },
    {
      name: 'maxmemory-policy (Redis)',
      value: 'volatile-ttl',
      why: 'the list of an account is not evicted before its entries; noeviction is as good',
    },
    {
      name: 'tokenCache.storeTimeoutMs',
      value: '500',
      why: 'the default; the command timeout of the client stays above it, 2000',
    },
  ]
}

/** Of `maxmemory`, which takes whole ones alone: an empty Redis weighs one, and each connection some hundredths. */
const leastMegabytes = 16

/** Two digits are enough. */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(Math.max(value, 1e-9))) - 1)
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2))
}
