// What a check is: a row with a name, a verdict, and the words for the refusal; explaining a token prints the same rows.
import { BearerError, type BearerErrorName } from '../../kernel/errors/errors.ts'
import { scrub } from '../../kernel/errors/safe-cause.ts'
import { withoutPeople } from '../../kernel/errors/without-people.ts'

/** One check of a token; `Subject` is what is known when it runs. */
export interface Check<Subject> {
  /** Stable; the `reason` of the refusal. */
  readonly name: string
  readonly passes: (subject: Subject) => boolean
  /** For the caller: what is wrong and what to do. Holds nothing of the token. */
  readonly description: string
  /** For the owner: what was wanted and what came. */
  readonly expected: (subject: Subject) => string
  readonly actual: (subject: Subject) => string
  /** The likely mistake behind a refusal, for the owner. */
  readonly mistake?: (subject: Subject) => string | undefined
  /** Default 401 `invalid_token`. */
  readonly status?: 400 | 401 | 403
  readonly error?: BearerErrorName
  /** Scopes to announce with the refusal, so that the client knows what to ask for. */
  readonly scopes?: (subject: Subject) => readonly string[] | undefined
}

/** Runs checks in their order. @throws BearerError of the first that does not pass. */
export function runChecks<Subject>(checks: readonly Check<Subject>[], subject: Subject): void {
  for (const check of checks) if (!check.passes(subject)) throw refuse(check, subject)
}

function refuse<Subject>(check: Check<Subject>, subject: Subject): BearerError {
  return new BearerError({
    status: check.status ?? 401,
    error: check.error ?? 'invalid_token',
    reason: check.name,
    description: check.description,
    expected: check.expected(subject),
    actual: check.actual(subject),
    scopes: check.scopes?.(subject),
  })
}

/** Longest value that is quoted in a message. */
const longestQuote = 120

/** Longest value that is looked through for people and credentials: of tens of thousands of characters that costs more than all checks. */
const longestLookedThrough = 2_048

/** A claim as it may stand in a log: short, on one line, without control characters, and without a person or a credential that it names. */
export function quote(value: unknown): string {
  if (value === undefined) return 'absent'
  const whole = typeof value === 'string' ? value : JSON.stringify(value)
  if (whole.length > longestLookedThrough) return `${whole.length} characters`
  const text = withoutPeople(scrub(whole))
  const short = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text
  return short.replace(/[^\x20-\x7e…]/g, '?')
}

/** Alternatives as they may stand in a message. */
export function quoteAll(values: Iterable<string>): string {
  return [...values].join(' or ')
}
