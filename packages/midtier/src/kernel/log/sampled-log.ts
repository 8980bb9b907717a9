// A logger that an outage cannot flood: of one kind of failure ten lines a minute, and then how many were left out.
import type { Clock } from '../time/clock.ts'
import type { Logger } from './logger.ts'
import { scrub } from '../errors/safe-cause.ts'
import { steady, type SteadyClock } from '../time/steady-clock.ts'
import { withoutPeople } from '../errors/without-people.ts'

/** One line. */
export interface LogLine {
  readonly level: 'error' | 'warn' | 'info'
  /** What counts as the same failure again. */
  readonly kind: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

interface Kind {
  startedAtMs: number
  written: number
  leftOut: number
}

const windowMs = 60_000
const linesPerWindow = 10
/** Kinds that are counted apart; what comes beyond is counted together. */
const maxKinds = 200

/** Writes lines, each kind of them at a bounded rate. */
export class SampledLog {
  readonly #logger: Logger | undefined
  readonly #passing: SteadyClock
  readonly #kinds = new Map<string, Kind>()

  /** @param logger `undefined`: nothing is written. */
  constructor(logger: Logger | undefined, clock: Clock) {
    this.#logger = logger
    this.#passing = steady(clock)
  }

  /** Never throws: a logger that does is its owner's bug, and the request must not notice. */
  write({ level, kind, fields, message }: LogLine): void {
    if (this.#logger === undefined) return
    const leftOut = this.#admit(kind)
    if (leftOut === undefined) return
    const line = redact(message)
    try {
      if (leftOut === 0) this.#logger[level]?.(fields, line)
      else this.#logger[level]?.({ ...fields, leftOut }, `${line} (${leftOut} more like it were left out)`)
    } catch {
      // See above.
    }
  }

  /** How many lines of this kind were left out before this one; `undefined` when it is left out itself. */
  #admit(name: string): number | undefined {
    const nowMs = this.#passing.passedMs()
    const kind = this.#kindOf(name, nowMs)
    if (nowMs - kind.startedAtMs >= windowMs) Object.assign(kind, { startedAtMs: nowMs, written: 0 })
    if (kind.written >= linesPerWindow) {
      kind.leftOut += 1
      return undefined
    }
    const { leftOut } = kind
    Object.assign(kind, { written: kind.written + 1, leftOut: 0 })
    return leftOut
  }

  #kindOf(name: string, nowMs: number): Kind {
    const key = this.#kinds.has(name) || this.#kinds.size < maxKinds ? name : ''
    const kind = this.#kinds.get(key) ?? { startedAtMs: nowMs, written: 0, leftOut: 0 }
    this.#kinds.set(key, kind)
    return kind
  }
}

/** On one line, without what would be a mistake of somebody's to have put there: addresses of people, and tokens. */
function redact(message: string): string {
  return withoutPeople(scrub(message)).replace(/\p{Cc}+/gu, ' ')
}
