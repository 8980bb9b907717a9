// One row of an explained token, and how rows are made: measured, or not reached for a reason.
import type { Check } from './check.ts'
import { consequences } from './consequences.ts'

/** One check of an explained token. */
export interface ExplainedCheck {
  /** The `reason` of a refusal by this check. */
  readonly name: string
  /** `not_reached`: an earlier failure leaves nothing to check. */
  readonly verdict: 'passed' | 'failed' | 'not_reached'
  /** What is wrong, as the caller is told; `undefined` unless the check failed. */
  readonly description: string | undefined
  readonly expected: string
  readonly actual: string
  /** What is probably wrong, and where to mend it. */
  readonly mistake: string | undefined
  /** What this check was not reached for: the name of the failed one, or `authority_unavailable`; `undefined` when it was reached. */
  readonly because: string | undefined
}

/** Measures, without stopping at the first that fails. */
export function apply<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
): readonly ExplainedCheck[] {
  return checks.map((check) => {
    const { name, description } = check
    const [expected, actual] = [check.expected(subject), check.actual(subject)]
    if (check.passes(subject)) return reached(name, 'passed', expected, actual)
    return {
      ...reached(name, 'failed', expected, actual),
      description,
      mistake: check.mistake?.(subject),
    }
  })
}

export const isFailed = ({ verdict }: ExplainedCheck): boolean => verdict === 'failed'

/** What an earlier failure leaves nothing to measure for. */
export function notReached(name: string, because: string): ExplainedCheck {
  const nothing = { description: undefined, expected: '', actual: '', mistake: undefined }
  return { name, verdict: 'not_reached', ...nothing, because }
}

/** A row that was measured. */
export function reached(
  name: string,
  verdict: 'passed' | 'failed',
  expected: string,
  actual: string = expected,
): ExplainedCheck {
  return { name, verdict, description: undefined, expected, actual, mistake: undefined, because: undefined }
}

/** In their order, those not reached that follow from an earlier failure. */
export function withoutConsequences(checks: readonly ExplainedCheck[]): readonly ExplainedCheck[] {
  const causes = new Map<string, string>()
  return checks.map((check) => {
    const cause = causes.get(check.name)
    if (cause !== undefined) return notReached(check.name, cause)
    if (isFailed(check))
      for (const name of consequences[check.name] ?? []) if (!causes.has(name)) causes.set(name, check.name)
    return check
  })
}
