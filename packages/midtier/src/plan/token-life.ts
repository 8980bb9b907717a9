// What one token of one session costs from its first use to its last: exchanges, looks into the store, and how long it lies there.
import { measured } from './constants.ts'

/** Tokens for one downstream API, each of one of the tokens with which a session comes. */
export interface AskedToken {
  /** How many begin in a second. */
  readonly perSecond: number
  /** Visits a second; those of a visit come at once. */
  readonly rate: number
  /** How long the session's own token is used. Seconds. */
  readonly seconds: number
}

/** How one of them is asked for, and where. */
export interface TokenUse extends Omit<AskedToken, 'perSecond'> {
  /** Processes over which the session's requests are spread. */
  readonly spread: number
  /** Of those, how many a visit reaches. */
  readonly reached: number
  /** How long a process keeps what is not asked for. Seconds. */
  readonly keptSeconds: number
  /** Lifetime of a token, and when it is due at the earliest and latest. Seconds. */
  readonly lifetimeSeconds: number
  readonly dueSeconds: readonly [number, number]
  /** Whether processes share what they have. */
  readonly shared: boolean
}

/** Expected numbers for one such token. */
export interface TokenCost {
  /** Requests for a new one, those in the background included. */
  readonly exchanges: number
  /** Of those, the ones that a visit waits for. */
  readonly waitedFor: number
  /** Looks into the store that found a token. */
  readonly storeReads: number
  /** Of the visits, counted once in each process that they reach, those that the store answered. */
  readonly storeHits: number
  /** How long it lies in the store, sum of all who do. Seconds. */
  readonly storedSeconds: number
}

const steps = 240

/**
 * A renewal process on a grid of time. It begins with the first visit; a cycle ends with the next exchange: by the first visit after the
 * token is due that finds it in the memory of a process, or, in the token's last minutes, by any.
 */
export function costOf(use: TokenUse): TokenCost {
  const { rate, seconds, lifetimeSeconds } = use
  const step = seconds / steps
  const lasting = Array.from({ length: steps + 2 }, (_, at) => lastingAt(use, at * step))
  const at = (list: readonly number[], index: number): number => list[index] ?? 0
  const begun = firsts(rate, step)
  const exchanges = [...begun]
  for (let now = 0; now < steps; now += 1)
    for (let age = 0; now + age < steps; age += 1) {
      const ends = at(exchanges, now) * (at(lasting, age) - at(lasting, age + 1))
      // Both lie anywhere in their step, so that the sum lies in one step or the next.
      exchanges[now + age] = at(exchanges, now + age) + ends / 2
      if (now + age + 1 < steps) exchanges[now + age + 1] = at(exchanges, now + age + 1) + ends / 2
    }
  const readsBy = sums((age) => ((at(lasting, age) + at(lasting, age + 1)) / 2) * missesIn(use, age, step))
  const hitsBy = sums((age) => missesIn(use, age, step))
  const endedBy = sums((age) => (at(lasting, age) - at(lasting, age + 1)) * (age + 0.5) * step)
  const lateFrom = Math.max(0, lifetimeSeconds - measured.expiryBufferSeconds) / step
  const early = Math.max(0, use.dueSeconds[0]) / step
  // Who comes before it is due has lost it, and who comes in its last minutes is given none: they wait.
  const waits = (left: number): number =>
    1 -
    between(lasting, Math.min(left, early)) +
    Math.max(0, between(lasting, lateFrom) - between(lasting, left))
  const total = (what: readonly number[], each: (left: number) => number): number =>
    what.reduce((sum, share, now) => sum + share * each(steps - now - 0.5), 0)
  return {
    exchanges: sumOf(exchanges),
    waitedFor: sumOf(begun) + total(exchanges, waits),
    storeReads: total(exchanges, (left) => between(readsBy, left)),
    storeHits: total(begun, (left) => between(hitsBy, left)),
    storedSeconds: total(
      exchanges,
      (left) => between(endedBy, left) + between(lasting, left) * lifetimeSeconds,
    ),
  }
}

/** Chance of the first visit in each step. */
function firsts(rate: number, step: number): number[] {
  return Array.from(
    { length: steps },
    (_, index) => Math.exp(-rate * index * step) * -Math.expm1(-rate * step),
  )
}

/** Chance that a token that was exchanged for so long ago was not renewed yet. */
function lastingAt(use: TokenUse, age: number): number {
  const [earliest, latest] = use.dueSeconds
  const dues = [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => earliest + part * (latest - earliest))
  return sumOf(dues.map((due) => lastingBeyond(use, due, age))) / dues.length
}

function lastingBeyond(use: TokenUse, due: number, age: number): number {
  const { rate, spread, keptSeconds, lifetimeSeconds, shared } = use
  const last = Math.max(0, lifetimeSeconds - measured.expiryBufferSeconds)
  const dueAt = Math.min(due, last)
  // Without a store, what gave way in memory is exchanged for again.
  const gone = shared ? 0 : Math.max(0, Math.min(age, dueAt) - keptSeconds)
  // On average a pause that long comes once in exp(rate * kept) / rate: the first of that is the pause itself.
  const kept = Math.exp((-rate * gone) / (Math.exp(rate * keptSeconds) - rate * keptSeconds))
  if (age <= dueAt) return kept
  const late = Math.min(age, last) - dueAt
  const own = perProcess(use)
  // Nobody renews before a process is asked that has it: of one that has not, the first visit only fetches it.
  const absentHere = dueAt <= keptSeconds ? 0 : Math.exp(-own * keptSeconds)
  const absentThere = Math.exp(-own * Math.min(dueAt, keptSeconds))
  const none = (absent: number): number => Math.exp(-own * late) * (1 + own * late * (shared ? absent : 0))
  const notRenewed = none(absentHere) * none(absentThere) ** (spread - 1)
  return kept * notRenewed * Math.exp(-rate * Math.max(0, age - Math.max(last, dueAt)))
}

function perProcess({ rate, spread, reached }: TokenUse): number {
  return (rate * reached) / spread
}

/** Visits in a step, each in every process that it reaches, that do not find there what was exchanged for so many steps ago. */
function missesIn(use: TokenUse, age: number, step: number): number {
  return use.shared ? missesBy(use, (age + 1) * step) - missesBy(use, age * step) : 0
}

/** Looks of processes, each at most once while it keeps the token, that do not find there what was first exchanged for so long ago. */
export function missesBy(use: TokenUse, age: number): number {
  const { spread, keptSeconds } = use
  const own = perProcess(use)
  const others = (spread - use.reached) * -Math.expm1(-own * Math.min(age, keptSeconds))
  return others + spread * own * Math.max(0, age - keptSeconds) * Math.exp(-own * keptSeconds)
}

function sums(each: (index: number) => number): number[] {
  const list = [0]
  for (let index = 0; index < steps; index += 1) list.push((list[index] ?? 0) + each(index))
  return list
}

function between(list: readonly number[], index: number): number {
  const below = Math.min(Math.floor(index), list.length - 1)
  const [from = 0, to = from] = [list[below], list[below + 1]]
  return from + (to - from) * (index - below)
}

export function sumOf(list: readonly number[]): number {
  return list.reduce((sum, each) => sum + each, 0)
}
