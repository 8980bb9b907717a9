// Who was given which token, for the record: one line for every token that leaves the library, by identifiers and never by names.
import type { Observer, ObservedEvent } from '../observer.ts'

/** Where audit lines go: the facts first, then the message, as a logger of pino's takes them. */
export interface AuditLogger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
}

type TokenAcquired = Extract<ObservedEvent, { readonly type: 'token_acquired' }>

/**
 * Writes a line for each token. None is left out: a record with holes proves nothing.
 *
 * @param clientId Of this API, which is given the tokens.
 */
export function createAuditLog(logger: AuditLogger, clientId: string): Observer {
  return (event) => {
    if (event.type === 'token_acquired') logger.info(factsOf(event, clientId), describe(event))
  }
}

/** By name, so that a member that the event gets some day is not in the record before somebody has thought about it. */
function factsOf(event: TokenAcquired, clientId: string): Readonly<Record<string, unknown>> {
  const { grant, origin, reason, scopes, accountId, agentId, correlationId, traceId } = event
  const { atMs, expiresAtMs } = event
  const who = { clientId, agentId, accountId, grant, scopes }
  const facts = { audit: 'token_given', atMs, ...who, origin, reason, expiresAtMs, correlationId, traceId }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

function describe({ scopes, accountId, agentId }: TokenAcquired): string {
  const forWhom = accountId === undefined ? 'for no user' : `for ${accountId}`
  const asWhom = agentId === undefined ? 'as the application' : `as agent ${agentId}`
  return `a token for ${scopes.join(' ')} ${forWhom}, ${asWhom}`
}
