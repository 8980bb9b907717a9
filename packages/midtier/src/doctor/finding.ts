// What the doctor found: one check, how it ended, and, where it did not end well, what should be and the one step that mends it.
import { isError } from '../kernel/errors/other-realms.ts'
import type { AuthorityUnavailableError } from '../kernel/errors/errors.ts'
import { isMidtierError, isRefusal } from '../kernel/errors/known-errors.ts'

/** `warned`: it works today. `skipped`: it could not be looked at, and `is` says why. */
export type Verdict = 'passed' | 'warned' | 'failed' | 'skipped'

/** One check. Holds no token, no secret and no name of a person. */
export interface Finding {
  /** A stable name: `credential`, `downstream.graph`. */
  readonly check: string
  readonly verdict: Verdict
  /** What was seen. */
  readonly is: string
  /** What should have been seen instead; absent when all is well. */
  readonly should?: string
  /** The one command or click that mends it; absent when all is well. */
  readonly mend?: string
}

/** What is wrong. */
export type Fault = Pick<Finding, 'is' | 'should' | 'mend'>

export function passed(check: string, is: string): Finding {
  return { check, verdict: 'passed', is }
}

export function failed(check: string, fault: Fault): Finding {
  return { check, verdict: 'failed', ...fault }
}

export function warned(check: string, fault: Fault): Finding {
  return { check, verdict: 'warned', ...fault }
}

/** @param mend How it can be looked at. */
export function skipped(check: string, is: string, mend?: string): Finding {
  return { check, verdict: 'skipped', is, ...(mend === undefined ? {} : { mend }) }
}

/** Where one of these failed, the authority is not the one that was meant, or cannot be asked: it is sent no credential and no token. */
export const authorityChecks: readonly string[] = ['trust', 'tenant', 'authority', 'cloud', 'issuer']

/** Whether one of these checks failed. */
export function hasFailed(findings: readonly Finding[], ...names: readonly string[]): boolean {
  return findings.some(({ check, verdict }) => verdict === 'failed' && names.includes(check))
}

/** An error as a fault: its message, which holds no secret when it is one of ours, and its remedy. Of any other, the name alone. */
export function faultOf(error: unknown): Fault {
  if (!isMidtierError(error)) return { is: `failed: ${nameOf(error)}` }
  const remedy = isRefusal(error)
    ? error.facts.remedy
    : error.code === 'authority_unavailable'
      ? (error.remedy ?? patienceFor(error))
      : undefined
  if (remedy === undefined) return { is: error.message }
  return { is: error.message.replace(` Remedy: ${remedy}`, ''), mend: remedy }
}

function patienceFor({ throttled, retryAfterSeconds }: AuthorityUnavailableError): string {
  if (throttled)
    return `wait ${String(Math.ceil(retryAfterSeconds))} seconds, and find what asks the authority so often`
  return 'wait, or see what is between this machine and the authority: a proxy, a firewall, an outage'
}

/** Its name and its code, never its message: nobody knows what that holds. */
export function nameOf(error: unknown): string {
  if (!isError(error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? `${error.name} (${error.code})` : error.name
}
