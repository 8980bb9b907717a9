// Why a request ended as it did, in one sentence, and what cures it.
import type { RequestCheck } from '../../kernel/request-check.ts'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { cureOf } from './cures.ts'
import { resultOf } from './flow.ts'
import { checkTitle, outcomeOf } from './words.ts'

/** A request in words. */
export interface Verdict {
  /** How it ended: `Refused by the policy “…”`. */
  readonly headline: string
  /** What was compared; empty when there is nothing to add. */
  readonly reason: string
  /** What to do about it; empty when nothing has to be done. */
  readonly cure: string
  /** The headline in a few words, for the list. */
  readonly brief: string
}

/** Explains a request. */
export function explain(record: RequestRecord): Verdict {
  const stopped = record.checks?.find(({ verdict }) => verdict === 'failed' || verdict === 'asked')
  switch (resultOf(record)) {
    case 'cut':
      return {
        headline: 'Cut off without an answer',
        reason: compare(stopped),
        cure: 'A fault did this: switch it off under Faults.',
        brief: 'cut off by a fault',
      }
    case 'refused':
      return refusal(record, stopped)
    case 'asked':
      return {
        headline: `Waiting for the user: ${record.shown ?? 'a page'}`,
        reason: compare(stopped),
        cure: '',
        brief: record.shown ?? 'asked',
      }
    case 'issued':
    case 'answered':
      return { headline: served(record), reason: '', cure: '', brief: outcomeOf(record) }
  }
}

function refusal(record: RequestRecord, stopped: RequestCheck | undefined): Verdict {
  const { policies = [] } = record
  const names = policies.map((name) => `“${name}”`).join(', ')
  const isPolicy = policies.length > 0
  const unmet = record.policyResults?.find(({ name }) => policies.includes(name))
  const at = stopped === undefined ? '' : ` at “${checkTitle(stopped.name)}”`
  return {
    headline: isPolicy ? `Refused by the policy ${names}` : `Refused${at}: ${describeCode(record)}`,
    reason: isPolicy && unmet?.because !== undefined ? sentence(unmet.because) : compare(stopped),
    cure: cureOf(record, stopped),
    brief: isPolicy ? `policy ${names}` : (stopped?.name.replaceAll('_', ' ') ?? describeCode(record)),
  }
}

function describeCode({ error = [], status, response }: RequestRecord): string {
  const [code] = error
  if (code === undefined) return `HTTP ${String(status)}`
  const message = response?.['error_description']?.replace(/ Trace ID: .*$/s, '').replace(/^AADSTS\d+: /, '')
  const name = typeof code === 'number' ? `AADSTS${String(code)}` : code
  return message === undefined || message === '' ? name : `${name}. ${message}`
}

function served(record: RequestRecord): string {
  const { endpoint, resource, user, application, shown } = record
  if (endpoint === 'token') {
    const holder = application ?? 'the client'
    return `Issued: a token for ${resource ?? 'the API'} to ${holder}${user === undefined ? '' : `, for ${user}`}`
  }
  if (endpoint === 'authorize' || endpoint === 'interaction')
    return `Answered to the application: ${shown ?? 'a redirect'}`
  return 'Answered'
}

function compare(check: RequestCheck | undefined): string {
  if (check === undefined) return ''
  const { expected, actual } = check
  if (expected !== undefined && actual !== undefined) return sentence(`expected ${expected}; is ${actual}`)
  if (expected !== undefined) return sentence(`expected ${expected}`)
  return actual === undefined ? '' : sentence(`it was ${actual}`)
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
