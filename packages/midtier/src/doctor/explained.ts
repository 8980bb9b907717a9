// A check of a token as a finding: what tokens have, what they should have, and what mends that; instants as a person reads them.
import type { ExplainedCheck } from '../protect/checks/explained-check.ts'
import { inIso } from '../protect/times-in-words.ts'
import type { Fault } from './finding.ts'

/**
 * Of a check that failed.
 *
 * @param whose Whoever has what was seen: `the token has`.
 * @param otherwise What mends it where the check does not say what the mistake is.
 */
export function faultOfCheck(
  { expected, actual, mistake }: ExplainedCheck,
  whose: string,
  otherwise: string,
): Fault {
  return { is: `${whose} ${withTimes(actual)}`, should: withTimes(expected), mend: mistake ?? otherwise }
}

/** Seconds since the epoch as a time that a person can read. */
function withTimes(text: string): string {
  return text.replace(/\b\d{10}\b/g, (seconds) => inIso(Number(seconds)) ?? seconds)
}
