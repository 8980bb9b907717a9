// The fault that a form describes; its shape is checked where all faults are.
import { defined, numberOf, textOf } from '../parts/form-values.ts'

/** How the requests end: the choice of the form, with what its value means. */
export const effects = [
  { value: 'status', label: 'are answered with the HTTP status' },
  { value: 'aadsts', label: 'are refused with the AADSTS code' },
  { value: 'delay', label: 'wait for so many milliseconds' },
  { value: 'drop', label: 'are cut off' },
  { value: 'hang', label: 'are never answered' },
  { value: 'truncate', label: 'are cut after half of the answer' },
] as const

/** The fault as it would arrive by HTTP. */
export function readFault(form: URLSearchParams): unknown {
  const when = defined({
    endpoint: textOf(form, 'endpoint'),
    grantType: textOf(form, 'grantType'),
    clientId: textOf(form, 'clientId'),
    user: textOf(form, 'user'),
    resource: textOf(form, 'resource'),
    nth: numberOf(form, 'nth'),
    times: numberOf(form, 'times'),
  })
  const retryAfter = textOf(form, 'retryAfter')
  return {
    when,
    then: {
      ...readEffect(form),
      ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
    },
  }
}

function readEffect(form: URLSearchParams): object {
  const value = numberOf(form, 'value')
  const effect = form.get('effect') ?? 'status'
  if (effect === 'aadsts') return { aadsts: value ?? 0 }
  if (effect === 'delay') return { delayMs: value ?? 0 }
  return effect === 'status' ? { status: value ?? 503 } : { [effect]: true }
}
