// The decision about one request as data: each check notes what it saw, and the one that was under way when the request ended tells how.
import type { CheckName } from './checks.ts'
import { withoutTokens } from './masked.ts'
import type { RequestCheck } from './request-check.ts'

/** What a check compares: what would do, and what came. Never a token, a secret or a code. */
export interface Seen {
  readonly expected?: string | undefined
  readonly actual?: string | undefined
}

/** Notes that a check begins, and what it looks at; called again with the same name it adds to that. */
export type Look = (name: CheckName, seen?: Seen) => void

const maximumLength = 300

/** The checks of one request. A check has passed as soon as the next one begins. */
export class Decision {
  readonly #plan: readonly CheckName[]
  readonly #seen = new Map<CheckName, Seen>()
  #last: CheckName | undefined

  constructor(plan: readonly CheckName[]) {
    this.#plan = plan
  }

  /** Begins a check. */
  readonly look: Look = (name, seen = {}) => {
    this.#seen.set(name, { ...this.#seen.get(name), ...seen })
    this.#last = name
  }

  /** How it went, check by check: the last one that was begun ends as the request did, and what comes after was not reached. */
  conclude(outcome: Exclude<RequestCheck['verdict'], 'not_reached'>): readonly RequestCheck[] {
    const seen = [...this.#seen].map(([name, { expected, actual }]): RequestCheck => {
      const verdict = name === this.#last ? outcome : 'passed'
      return { name, verdict, ...cut({ expected, actual }) }
    })
    if (outcome === 'passed') return seen
    const reached = this.#last === undefined ? -1 : this.#plan.indexOf(this.#last)
    const rest = this.#plan.slice(reached + 1).filter((name) => !this.#seen.has(name))
    return [...seen, ...rest.map((name): RequestCheck => ({ name, verdict: 'not_reached' }))]
  }
}

// What a request holds is the caller's choice, its length included.
function cut({ expected, actual }: Seen): Seen {
  return {
    ...(expected !== undefined && { expected: withoutTokens(expected).slice(0, maximumLength) }),
    ...(actual !== undefined && { actual: withoutTokens(actual).slice(0, maximumLength) }),
  }
}
