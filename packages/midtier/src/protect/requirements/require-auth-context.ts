// Step-up as a requirement of a route: `protect(api, { scopes: ['pay'], ...requireAuthContext('c1') })`.
import { ConfigurationError } from '../../kernel/errors/errors.ts'
import { resolveRequirements } from './requirements.ts'

/**
 * The requirement that the user signed in for an authentication context (`acrs`), `c1` to `c99`; spread it among others.
 *
 * A caller that understands claims challenges (`xms_cc` with `cp1`) is asked to step up: 401 `insufficient_claims`. Any other is
 * refused: 403. The API has to list `acrs` and `xms_cc` as optional claims of its access tokens.
 *
 * @throws ConfigurationError for anything else.
 * @see https://learn.microsoft.com/entra/identity-platform/developer-guide-conditional-access-authentication-context
 * @example
 * ```ts
 * const transfer = protect(api, { scopes: ['access_as_user'], ...requireAuthContext('c1') })
 * app.post('/transfers', transfer, (req, res) => res.sendStatus(204))
 * ```
 */
export function requireAuthContext(id: string): { readonly authenticationContext: string } {
  const requirements = Object.freeze({ authenticationContext: id })
  // Without an id, as from an unset variable, the route would require nothing.
  if (resolveRequirements(requirements).authenticationContext === undefined)
    throw new ConfigurationError('requirements.authenticationContext', 'is missing: pass c1 to c99')
  return requirements
}
