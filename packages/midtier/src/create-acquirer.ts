// Acquiring as an API does it: with its credential, on behalf of the callers of its own registration, or by itself.
import {
  createMemoryTokens,
  createTokenSource,
  type ComposedTokenSource,
} from './acquire/create-token-source.ts'
import { createTokenRequests, type TokenRequests } from './acquire/requests.ts'
import { AcquisitionError, ConfigurationError } from './kernel/errors.ts'
import { createCallContext } from './kernel/observer.ts'
import type { ValidatedToken } from './protect/validate-access-token.ts'
import type { Settings } from './settings/settings.ts'
import { sealed } from './token-cache/sealed.ts'
import type { SealedTokenStore } from './token-cache/store.ts'

/** Builds requests and acquires them. */
export interface Acquirer {
  readonly requests: TokenRequests
  readonly source: ComposedTokenSource
}

/** Acquiring needs a client credential; an API that only validates has none and is told so when it tries. */
export function createAcquirer(settings: Settings): () => Acquirer {
  const { registration, clientCredential, tenantId, tokenCache, clock, fetch } = settings
  const { authority, clientId } = registration
  if (clientCredential === undefined) {
    return () => {
      throw new ConfigurationError(
        'clientCredential',
        'is missing: to acquire tokens, pass clientSecret(…) or another credential',
      )
    }
  }
  const clientCapabilities: readonly string[] = ['cp1']
  const requests = createTokenRequests({ clientId, authority: authority.name, tenantId, clientCapabilities })
  const source = createTokenSource(
    {
      clientId,
      clientCredential,
      clientCapabilities,
      tokenEndpoint: (tenant) => authority.tokenEndpoint(tenant),
      requestTimeoutMs: settings.tokenRequestTimeoutMs,
      storeTimeoutMs: tokenCache.storeTimeoutMs,
    },
    { fetch, clock, l1: createMemoryTokens(clock, tokenCache), ...sharedStore(settings) },
  )
  return () => ({ requests, source })
}

function sharedStore({ tokenCache: { shared }, observer, clock }: Settings): { l2?: SealedTokenStore } {
  if (shared === undefined) return {}
  const { observe } = createCallContext(observer, () => clock.nowMs(), undefined)
  return { l2: sealed(shared.store, shared.keyRing, { observe }) }
}

/**
 * Lets through the callers that the authority would exchange a token of.
 *
 * @throws AcquisitionError before anything is sent: a token of one authority is never shown to another.
 */
export function checkExchangeable(settings: Settings, { registration }: ValidatedToken): void {
  if (registration !== settings.registration)
    throw new AcquisitionError(
      'other_registration',
      `The caller's token is of ${registration.authority.name} for ${registration.clientId}, and tokens are acquired on behalf of callers of ${settings.registration.authority.name} alone: use acquireTokenForClient, if the application's permissions are meant, or create a second web API for that registration`,
    )
  if (settings.customSigningKeys)
    throw new AcquisitionError(
      'custom_signing_keys',
      'The authority exchanges no token that a key of the application signed: remove the claims mapping and customSigningKeys, or use acquireTokenForClient',
    )
}
