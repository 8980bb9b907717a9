// From whatever went wrong to an answer: the caller's fault, the authority's, or ours, which is said in the log and nowhere else.
import { answer as answerOf, isMidtierError, type Logger } from 'midtier'
import { Refusal } from '../kernel/refusals.ts'
import { type Answer, problem } from './answer.ts'

/** Refusals of the library that an override brought about: it is told what it did. */
const ofTheRequest: ReadonlySet<string> = new Set([
  'app_scope_not_default',
  'argument_invalid',
  'body_not_sendable',
  'claims_malformed',
  'default_scope_mixed',
  'header_refused',
  'method_refused',
  'path_refused',
  'scopes_empty',
  'scopes_malformed',
  'several_resources',
  'tenant_not_concrete',
  'tenant_not_supported',
])

const scopeErrors: ReadonlySet<string> = new Set(['invalid_scope', 'invalid_resource', 'invalid_target'])

/** A scope that does not exist is told of as one or the other: AADSTS650053 comes as `invalid_client`. */
function isOfScopes({
  error,
  errorNumbers,
}: {
  readonly error: string
  readonly errorNumbers: readonly number[]
}): boolean {
  return scopeErrors.has(error) || errorNumbers.includes(650_053)
}

/** The answer to an error of any kind. */
export function answerError(error: unknown, logger: Logger, traceId: string | undefined): Answer {
  if (error instanceof Refusal) return problem(error.status, error.message, error.headers)
  if (isMidtierError(error)) {
    if (error.code === 'acquisition_impossible' && ofTheRequest.has(error.reason))
      return problem(400, error.message)
    const rendered = answerOf(error, traceId) // says in the log what is ours to fix
    if (error.code === 'token_request_refused' && isOfScopes(error.facts)) return refusedScope()
    if (rendered !== undefined) return rendered
  }
  logger.error({ ...describe(error), traceId }, 'An unexpected error')
  return problem(500, 'An unexpected error occurred.')
}

/** The person can do nothing about it, and neither can a new token. */
function refusedScope(): Answer {
  const detail = 'The authority refused the scopes that were asked for.'
  return problem(403, detail, {
    'www-authenticate': `Bearer error="insufficient_scope", error_description="${detail}"`,
  })
}

/** Without what looks like a token. */
function describe(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error }
  const { name, message, stack = '' } = error
  const where = stack
    .split('\n')
    .find((line) => /^\s+at /.test(line))
    ?.trim()
  return {
    error: name,
    message: message.replaceAll(/[\w-]{16,}\.[\w-]{8,}(?:\.[\w-]*)*/g, '…').slice(0, 300),
    where,
  }
}
