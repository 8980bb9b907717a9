// The `resource` parameter of v2.0 endpoints (RFC 8707), as Entra has taken it since March 2026: it has to say what the scopes say.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Application } from '../directory/model.ts'
import type { GrantingAuthority } from './granting-authority.ts'
import type { TokenRequest } from './token-request.ts'

/** An API, by what it can be called. */
interface Named {
  readonly resource: Pick<Application, 'identifierUris'>
}

/**
 * Checks that `resource` is, to the letter, an application ID URI of the API that the scopes are of. Nothing is normalised: a
 * slash at the end, another case or the origin alone is another URI. A parameter without a value is none (RFC 6749 §3.1).
 * @throws {AadstsError} 9010010; 901002 where any is refused
 */
export function checkResourceIndicator(
  { resourceIndicators }: Pick<GrantingAuthority, 'resourceIndicators'>,
  { version, resource = '' }: { readonly version: 1 | 2; readonly resource?: string | undefined },
  requested: readonly Named[],
): void {
  if (version === 1 || resource === '' || resourceIndicators === 'ignored') return
  if (resourceIndicators === 'refused') throw new AadstsError(901002)
  const isNamed = requested.every((scopes) => scopes.resource.identifierUris?.includes(resource) === true)
  if (requested.length === 0 || !isNamed) throw new AadstsError(9010010)
}

/** The same for a token request. */
export function checkIndicatorOf(
  { authority, form, version }: Pick<TokenRequest, 'authority' | 'form' | 'version'>,
  requested: readonly Named[],
): void {
  checkResourceIndicator(authority, { version, resource: form.get('resource') }, requested)
}
