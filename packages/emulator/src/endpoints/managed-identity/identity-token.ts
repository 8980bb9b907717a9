// The token of a managed identity: for an API with the roles that it was assigned, or to prove an application with that trusts it.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import { parseScopes } from '../../directory/scopes.ts'
import { issueAccessToken, type IssuedAccessToken } from '../../tokens/access-token.ts'
import { issueExchangeToken } from '../../tokens/exchange-token.ts'
import type { TokenIssuer } from '../../tokens/token-issuer.ts'
import type { HostIdentity } from './find-identity.ts'

const exchangeAudience = 'api://AzureADTokenExchange'

/** A token and the API that it is for. */
export interface IdentityToken extends IssuedAccessToken {
  readonly resourceName: string
}

/**
 * Issues a token for a resource, which is named by its application ID URI or its id.
 * @throws {AadstsError} 500011 an API that is not there, 501051 one that wants an assignment
 */
export function issueIdentityToken(
  issuer: TokenIssuer,
  { application, tenant }: HostIdentity,
  resource: string,
  capabilities: readonly string[],
): IdentityToken {
  const { directory } = issuer
  if (resource.toLowerCase().replace(/\/$/, '') === exchangeAudience.toLowerCase()) {
    const subject = directory.servicePrincipalId(application, tenant)
    const asked = {
      tenant,
      client: application,
      clientLevel: '2',
      subject,
      audience: exchangeAudience,
    } as const
    return { ...issueExchangeToken(issuer, asked), resourceName: 'Azure AD Token Exchange' }
  }
  const context = { tenant, client: application, forItself: true }
  const [requested] = parseScopes(`${resource}/.default`, directory, context).resources
  if (requested === undefined) throw new AadstsError(500011, { resource, tenant: tenant.displayName })
  const roles = directory.rolesOf(application.id, tenant, requested.resource)
  if (roles.length === 0 && requested.resource.appRoleAssignmentRequired === true) {
    const { id, displayName } = requested.resource
    const names = { app: application.id, name: application.displayName }
    throw new AadstsError(501051, { ...names, resource: id, resourceName: displayName })
  }
  const token = issueAccessToken(issuer, {
    ...{ tenant, client: application, clientLevel: '2', scopes: [], roles, capabilities },
    ...{ resource: requested.resource, identifier: resource },
  })
  return { ...token, resourceName: requested.resource.displayName }
}
