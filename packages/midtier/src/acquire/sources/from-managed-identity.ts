// App-only tokens straight from the managed identity of the host: no registration behind them, and nobody to act on behalf of.
import { entraRules } from '../../authority/authority-rules.ts'
import { globalCloud } from '../../authority/clouds.ts'
import type { ManagedIdentity } from '../../client-auth/managed-identity/managed-identity.ts'
import type { Clock } from '../../kernel/time/clock.ts'
import { createCorrelationId } from '../../kernel/correlation-id.ts'
import { AcquisitionError } from '../../kernel/errors/errors.ts'
import { renewalDelayMs } from '../../kernel/time/lifetime.ts'
import { type Random, systemRandom } from '../../kernel/crypto/random.ts'
import type { WaitUntil } from '../../kernel/wait-until.ts'
import type { MemoryStore } from '../../token-cache/memory-store.ts'
import type { RequestAuthority } from '../request/requests.ts'
import { createAgentAccounts } from '../shared/agent-accounts.ts'
import { createAtHandTokens } from './at-hand.ts'
import { CachedTokens } from './cached-tokens.ts'
import type { ComposedTokenSource } from '../create-token-source.ts'
import { acquisitionReason, AccessToken, type TokenRequest, type TokenSource } from '../token-source.ts'
import { withMemoryCache } from './with-cache.ts'
import { withObserver } from './with-observer.ts'
import { Flights, withSingleFlight } from './with-single-flight.ts'

/** What is handed in from outside. */
export interface ManagedIdentitySourcePorts {
  readonly clock: Clock
  /** The process's own cache. */
  readonly l1: MemoryStore<AccessToken>
  /** Is handed renewals, which nobody waits for. Default: nobody is. */
  readonly waitUntil?: WaitUntil | undefined
  /** Spreads renewals. Default: the machine's randomness. */
  readonly random?: Random
}

/** What stands for the authority, and in the cache keys for the tenant too: an identity is of one tenant, and its host alone knows which. */
export const managedIdentityAuthority: RequestAuthority = {
  ...entraRules,
  name: 'managed identity of this host',
  graphHosts: globalCloud.graphHosts,
  exchangeAudience: undefined,
  clientCapabilities: [],
}

/**
 * Composes acquiring by a managed identity: the observer around the process's cache around the endpoint of the host.
 *
 * Its tokens stay in the process. In a shared store, one host would be served the tokens of another's identity.
 */
export function createManagedIdentitySource(
  identity: ManagedIdentity,
  { clock, l1, random = systemRandom, waitUntil }: ManagedIdentitySourcePorts,
): ComposedTokenSource {
  const flights = new Flights()
  const memory = new CachedTokens(l1, { clock, origin: 'l1', flights })
  const endpoint = withSingleFlight(fromManagedIdentity(identity, clock, random), flights)
  const observed = withObserver(withMemoryCache(endpoint, memory, { clock, waitUntil }), clock)
  return {
    sessions: undefined,
    agentAccounts: createAgentAccounts('', undefined), // it has no agents
    atHand: createAtHandTokens(l1, clock),
    pausedTokenEndpoints: () => [],
    acquire: (request) => observed.acquire(request),
    forget: (partition) => memory.forget(partition),
    close: () => Promise.resolve(),
  }
}

/** A source that asks the identity for every request. @throws AcquisitionError for anything but an app-only token. */
function fromManagedIdentity(identity: ManagedIdentity, clock: Clock, random: Random): TokenSource {
  return {
    async acquire(request) {
      const [scope, ...others] = request.scopes
      if (request.grant !== 'client_credentials' || scope === undefined || others.length > 0)
        throw actsAsItself()
      const { accessToken, expiresAtMs } = await identity.acquireToken({
        resource: scope, // read as its resource there
        forceRefresh: wantsNew(request),
      })
      const nowMs = clock.nowMs()
      return new AccessToken({
        accessToken,
        tokenType: 'Bearer',
        scopes: request.scopes,
        acquiredAtMs: nowMs,
        expiresAtMs,
        refreshAtMs: nowMs + renewalDelayMs(expiresAtMs - nowMs, undefined, random),
        correlationId: createCorrelationId(), // the endpoint knows none; this one ties the events of the token together
        origin: 'authority',
        reason: acquisitionReason(request),
      })
    },
  }
}

/** The identity keeps its tokens, too: what was rejected, or is to be renewed, must not come from there. */
function wantsNew({ forceRefresh, claims, renewal }: TokenRequest): boolean {
  return forceRefresh || claims !== undefined || renewal
}

/** For a caller's token there is no way from a managed identity: the exchange takes the registration that it was issued to. */
function actsAsItself(): AcquisitionError {
  return new AcquisitionError(
    'managed_identity',
    "A managed identity acts as itself, never on behalf of a user: use acquireTokenForClient, or pass clientCredential: federatedManagedIdentity(identity), which is this API's registration with the identity as its credential",
  )
}
