// The client credentials grant: the application asks for itself, without a user (RFC 6749 §4.4).
import { type Grant, writeScopes } from './grant.ts'

/**
 * Builds the client credentials grant; Entra wants exactly one scope, `{resource}/.default`.
 *
 * @param target Names the API at an authority whose scopes do not: see `writeTarget`.
 */
export function buildClientCredentials(
  scopes: readonly string[],
  target: Readonly<Record<string, string>> = {},
): Grant {
  const scope = writeScopes(scopes, [])
  return {
    name: 'client_credentials',
    forUser: false,
    scopes,
    parameters: { grant_type: 'client_credentials', ...target, ...(scope === '' ? {} : { scope }) },
  }
}
