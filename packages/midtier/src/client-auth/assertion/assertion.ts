// An assertion that the application obtains itself: a federated token, or one that another service signs (RFC 7521 §4.2).
import { isCompactJwt, writeAssertion } from './assertion-parameters.ts'
import type { ClientCredential } from '../client-credential.ts'
import { runWithin, unusable } from '../credential-error.ts'

/** What an assertion is wanted for. */
export interface ClientAssertionContext {
  readonly clientId: string
  readonly tenantId: string
  readonly tokenEndpoint: string
  /** A claims request (JSON text) from a challenge; `undefined` without one. */
  readonly claims: string | undefined
  /** Aborted when the time is over. */
  readonly signal: AbortSignal
}

/** Options of {@link clientAssertion}. */
export interface ClientAssertionOptions {
  /** Longest wait for the callback. Milliseconds; default 10 000. */
  readonly timeoutMs?: number | undefined
}

/**
 * A callback that gives the assertion, called for every exchange: what costs something to obtain is for the callback to keep,
 * which alone knows when it expires.
 *
 * What it throws becomes an AuthorityUnavailableError (503) that tells its name and code alone; throw a ConfigurationError for
 * what only a person can mend. Does not check what the assertion says.
 * @example
 * ```ts
 * const clientCredential = clientAssertion(async ({ signal }) => {
 *   const response = await fetch('http://127.0.0.1:8080/assertion', { signal })
 *   return response.text()
 * })
 * ```
 */
export function clientAssertion(
  callback: (context: ClientAssertionContext) => string | Promise<string>,
  { timeoutMs = 10_000 }: ClientAssertionOptions = {},
): ClientCredential {
  return {
    kind: 'assertion',
    async addTo(parameters, { clientId, tenantId, tokenEndpoint, claims }) {
      const assertion: unknown = await runWithin('the client assertion callback', timeoutMs, (signal) =>
        callback({ clientId, tenantId, tokenEndpoint, claims, signal }),
      )
      if (!isCompactJwt(assertion))
        throw unusable('the client assertion callback returned something other than a JWT')
      writeAssertion(parameters, assertion)
    },
  }
}
