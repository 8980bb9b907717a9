// Acquiring as an API does it: with its credential, on behalf of the callers of its own registration, or by itself.
import {
  createMemoryTokens,
  createTokenSource,
  type ComposedTokenSource,
} from '../acquire/create-token-source.ts'
import {
  createManagedIdentitySource,
  managedIdentityAuthority,
} from '../acquire/sources/from-managed-identity.ts'
import { createTokenRequests, type TokenRequests } from '../acquire/request/requests.ts'
import type { SharedStore } from '../acquire/shared/shared-store.ts'
import type { ClientCredential } from '../client-auth/client-credential.ts'
import type { ManagedIdentity } from '../client-auth/managed-identity/managed-identity.ts'
import { discoverTokenEndpoint } from '../grants/token-endpoint/discover-token-endpoint.ts'
import { refuseUntargeted } from '../grants/token-exchange.ts'
import type { TokenExchangeProfile } from '../grants/token-exchange-profiles.ts'
import { AcquisitionError, ConfigurationError } from '../kernel/errors/errors.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import type { ValidatedToken } from '../protect/validated-token.ts'
import type { Settings } from '../settings/settings.ts'

/** Builds requests and acquires them. */
export interface Acquirer {
  readonly requests: TokenRequests
  readonly source: ComposedTokenSource
}

/**
 * Prepares acquiring; `undefined` for an API that only validates, since acquiring needs a client credential.
 *
 * @throws ConfigurationError at once when the issuer would not know which downstream API is meant.
 */
export function createAcquirer(settings: Settings, store: SharedStore | undefined): Acquirer | undefined {
  const { clientCredential, managedIdentity, tokenExchange } = settings
  if (tokenExchange !== undefined) checkTargets(settings, tokenExchange)
  if (managedIdentity !== undefined) return byManagedIdentity(settings, managedIdentity)
  return clientCredential && byRegistration(settings, clientCredential, store)
}

/** @throws ConfigurationError for an API that only validates. */
export function demandAcquirer(acquirer: Acquirer | undefined): Acquirer {
  if (acquirer !== undefined) return acquirer
  throw new ConfigurationError(
    'clientCredential',
    'is missing: to acquire tokens, pass clientSecret(…) or another credential',
  )
}

function byRegistration(
  settings: Settings,
  clientCredential: ClientCredential,
  store: SharedStore | undefined,
): Acquirer {
  const { clientId, tenantId, tokenExchange, tokenCache, clock, waitUntil, telemetry } = settings
  const { authorityFetch: fetch } = settings
  const { authority } = settings.registration
  const shared = { clientId, ...(tokenExchange === undefined ? {} : { tokenExchange }) }
  const source = createTokenSource(
    {
      ...shared,
      clientCredential,
      clientCapabilities: authority.clientCapabilities,
      tokenEndpoint: findTokenEndpoint(settings),
      requestTimeoutMs: settings.tokenRequestTimeoutMs,
      resilience: settings.resilience,
    },
    {
      fetch,
      clock,
      l1: createMemoryTokens(clock, tokenCache),
      shared: store,
      waitUntil,
      within: telemetry?.within,
    },
  )
  const requests = createTokenRequests({ ...shared, authority, tenantId })
  return { requests, source }
}

function byManagedIdentity(settings: Settings, identity: ManagedIdentity): Acquirer {
  const { clientId, tokenCache, clock, waitUntil } = settings
  const requests = createTokenRequests({ clientId, authority: managedIdentityAuthority, tenantId: '' })
  const l1 = createMemoryTokens(clock, tokenCache)
  const source = createManagedIdentitySource(identity, { clock, l1, waitUntil })
  return { requests, source }
}

/** @throws ConfigurationError naming the downstream API for which the issuer would have to guess. */
function checkTargets({ downstreamApis }: Settings, profile: TokenExchangeProfile): void {
  for (const [name, { audience, scopes }] of downstreamApis) {
    try {
      refuseUntargeted(profile, audience, scopes)
    } catch (error) {
      if (!hasCode(error, 'acquisition_impossible')) throw error
      throw new ConfigurationError(`downstreamApis.${name}`, error.message, { cause: error })
    }
  }
}

function findTokenEndpoint(settings: Settings): (tenantId: string) => string | Promise<string> {
  const { registration, clock, authorityFetch: fetch } = settings
  const { authority } = registration
  const discover = discoverTokenEndpoint(authority.issuers[0], { fetch, clock }) // asks nobody yet
  return (tenantId) => authority.tokenEndpoint(tenantId) ?? discover()
}

/**
 * Lets through the callers that the authority would exchange a token of.
 *
 * @throws AcquisitionError before anything is sent: a token of one authority is never shown to another.
 */
export function checkExchangeable(
  settings: Settings,
  { registration }: Pick<ValidatedToken, 'registration'>,
): void {
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
