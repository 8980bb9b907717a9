// The client credentials grant: the application asks for itself, without a user (RFC 6749 §4.4).
import { type Grant, writeScopes } from './grant.ts'

/**
 * Builds the client credentials grant; Entra wants exactly one scope, `{resource}/.default`.
 *
 * @param target Names the API at an authority whose scopes do not: see `writeTarget`.
 * @param agentId Asks for what this agent identity shows the authority to act, in place of a token of the application (`fmi_path`).
 */
export function buildClientCredentials(
  scopes: readonly string[],
  target: Readonly<Record<string, string>> = {},
  agentId?: string,
): Grant {
  const scope = writeScopes(scopes, [])
  return {
    name: 'client_credentials',
    forUser: false,
    scopes,
    parameters: {
      grant_type: 'client_credentials',
      ...target,
      ...(scope === '' ? {} : { scope }),
      ...(agentId === undefined ? {} : { fmi_path: agentId }),
    },
  }
}
