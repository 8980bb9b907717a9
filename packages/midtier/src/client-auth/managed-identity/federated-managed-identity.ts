// A managed identity as the application's credential: its token is the federated assertion, and no secret exists anywhere.
import { isCompactJwt, readAssertion, writeAssertion } from '../assertion/assertion-parameters.ts'
import type { ClientCredential } from '../client-credential.ts'
import { unusable } from '../credential-error.ts'
import type { ManagedIdentity } from './managed-identity.ts'

/** Options of {@link federatedManagedIdentity}. */
export interface FederatedManagedIdentityOptions {
  /**
   * Audience of the federated credential. Default `api://AzureADTokenExchange`; national clouds have their own, such as
   * `api://AzureADTokenExchangeUSGov` and `api://AzureADTokenExchangeChina`.
   */
  readonly audience?: string
}

/**
 * A managed identity as the application's credential; the registration has to trust it as a federated credential.
 *
 * A claims challenge and a refusal by the authority renew the identity's token as well.
 * Does not check that the registration trusts the identity: the authority does.
 * @example
 * ```ts
 * const identity = createManagedIdentity({ endpoint: imdsEndpoint() })
 * const clientCredential = federatedManagedIdentity(identity)
 * ```
 */
export function federatedManagedIdentity(
  identity: ManagedIdentity,
  { audience = 'api://AzureADTokenExchange' }: FederatedManagedIdentityOptions = {},
): ClientCredential {
  return {
    kind: 'managed_identity',
    async addTo(parameters, { claims }) {
      writeAssertion(parameters, await acquire(claims !== undefined))
    },
    rejected: async (parameters) => {
      const refused = readAssertion(parameters)
      return (await acquire(false)) !== refused || (await acquire(true)) !== refused
    },
  }

  async function acquire(forceRefresh: boolean): Promise<string> {
    const { accessToken } = await identity.acquireToken({ resource: audience, forceRefresh })
    if (!isCompactJwt(accessToken)) throw unusable('the token of the managed identity is no JWT')
    return accessToken
  }
}
