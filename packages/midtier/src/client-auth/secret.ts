// A client secret in the body of the token request (RFC 6749 §2.3.1): right for development, a certificate is right for production.
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { Redacted } from '../kernel/redacted.ts'
import type { ClientCredential } from './client-credential.ts'

/**
 * A client secret as the application's credential.
 *
 * Takes `undefined` so that an environment variable can be handed in as it is and its absence is told at start-up.
 *
 * @throws ConfigurationError when the value is absent, blank, or surrounded by white space.
 * Does not check that the authority accepts the secret.
 * @example
 * ```ts
 * const clientCredential = clientSecret(process.env['CLIENT_SECRET'])
 * ```
 */
export function clientSecret(value: string | undefined): ClientCredential {
  const secret = new Redacted(readSecret(value))
  return {
    kind: 'secret',
    addTo: (parameters) => {
      parameters.set('client_secret', secret.reveal())
    },
  }
}

function readSecret(value: string | undefined): string {
  if (value === undefined || value.trim() === '')
    throw new ConfigurationError(
      'clientCredential',
      'the client secret is missing: is the variable that holds it set?',
    )
  if (value !== value.trim())
    throw new ConfigurationError(
      'clientCredential',
      'the client secret begins or ends with white space: copy it once more',
    )
  return value
}
