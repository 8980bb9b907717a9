// Checks a fault that arrives as JSON; a mistake is named by its path.
import * as v from 'valibot'
import { aadsts } from '../kernel/aadsts.ts'
import type { Fault } from './fault.ts'

const optional = v.exactOptional
const count = v.pipe(v.number(), v.integer(), v.minValue(1))

/** Statuses whose answers have no body (RFC 9110 §15). */
const bodiless: ReadonlySet<number | undefined> = new Set([204, 205, 304])

const fault = v.strictObject({
  when: v.strictObject({
    endpoint: optional(
      v.picklist([
        'discovery',
        'keys',
        'instance',
        'authorize',
        'interaction',
        'token',
        'devicecode',
        'identity',
        'logout',
        'userinfo',
        'graph',
      ]),
    ),
    grantType: optional(v.string()),
    clientId: optional(v.string()),
    user: optional(v.string()),
    resource: optional(v.string()),
    nth: optional(count),
    times: optional(count),
  }),
  then: v.pipe(
    v.strictObject({
      delayMs: optional(v.pipe(v.number(), v.minValue(0), v.maxValue(600_000))),
      drop: optional(v.literal(true)),
      hang: optional(v.literal(true)),
      aadsts: optional(
        v.pipe(
          v.number(),
          v.check((code) => aadsts.has(code), 'is not a code of the AADSTS table'),
        ),
      ),
      status: optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
      body: optional(v.unknown()),
      headers: optional(v.pipe(v.record(v.string(), v.string()), v.check(areHeaders, 'are no HTTP headers'))),
      truncate: optional(v.literal(true)),
    }),
    v.check(
      ({ status, body }) => body === undefined || !bodiless.has(status),
      'has a body, and an answer of this status has none',
    ),
  ),
})

/** A fault, or the sentence that says what is wrong with it. */
export function parseFault(value: unknown): Fault | string {
  const result = v.safeParse(fault, value)
  if (result.success) return result.output
  const [issue] = result.issues
  return `${v.getDotPath(issue) ?? 'fault'}: ${issue.message}`
}

function areHeaders(headers: Readonly<Record<string, string>>): boolean {
  try {
    return new Headers(headers) instanceof Headers
  } catch {
    return false
  }
}
