// Composes acquiring: the observer around the process's cache around the single flight around the shared cache around the authority.
import type { ClientCredential } from '../client-auth/client-credential.ts'
import type { TokenExchangeProfile } from '../grants/token-exchange-profiles.ts'
import type { Clock } from '../kernel/time/clock.ts'
import { eachStep } from '../kernel/errors/each-step.ts'
import type { AuthorityFetch } from '../kernel/http/http.ts'
import { type Random, systemRandom } from '../kernel/crypto/random.ts'
import { type Sleep, systemSleep } from '../kernel/time/sleep.ts'
import type { Within } from '../kernel/telemetry.ts'
import type { WaitUntil } from '../kernel/wait-until.ts'
import { MemoryStore, type MemoryStoreOptions } from '../token-cache/memory-store.ts'
import { type AgentAccounts, createAgentAccounts } from './shared/agent-accounts.ts'
import { withInvalidations, withPublishedReplacements } from './shared/invalidations.ts'
import type { Sessions } from './shared/sessions.ts'
import { createSharedCache, type SharedCache } from './shared/shared-cache.ts'
import type { SharedStore } from './shared/shared-store.ts'
import { type AtHandTokens, createAtHandTokens } from './sources/at-hand.ts'
import { CachedTokens } from './sources/cached-tokens.ts'
import { Gates, type PausedTokenEndpoint } from './sources/gates.ts'
import { type AuthorityEndpoint, fromAuthority } from './sources/from-authority.ts'
import { withAgents } from './sources/with-agents.ts'
import { withMemoryCache, withSharedCache } from './sources/with-cache.ts'
import { withObserver } from './sources/with-observer.ts'
import { withPreconditions } from './sources/with-preconditions.ts'
import { type ResilienceOptions, withResilience } from './sources/with-resilience.ts'
import { withSessions } from './sources/with-sessions.ts'
import { Flights, withSingleFlight } from './sources/with-single-flight.ts'
import type { AccessToken, TokenRequest, TokenSource } from './token-source.ts'

/** What acquiring needs to know. */
export interface TokenSourceSettings {
  readonly clientId: string
  readonly clientCredential: ClientCredential
  /** The address of the token endpoint of a tenant. */
  readonly tokenEndpoint: (tenantId: string) => string | Promise<string>
  /** Client capabilities to declare, such as `cp1`; the same as the requests were built with. */
  readonly clientCapabilities: readonly string[]
  /** From sending a token request to the last byte of the answer. Milliseconds. */
  readonly requestTimeoutMs: number
  /** Retries and pauses when the authority fails. */
  readonly resilience: ResilienceOptions
  /** How tokens are exchanged at an authority that is not Entra (RFC 8693); the requests have to be built for it too. Default: Entra. */
  readonly tokenExchange?: TokenExchangeProfile
}

/** What is handed in from outside. */
export interface TokenSourcePorts {
  readonly fetch: AuthorityFetch
  readonly clock: Clock
  /** The process's own cache, see {@link createMemoryTokens}. */
  readonly l1: MemoryStore<AccessToken>
  /** A store shared by processes. It stays its owner's: what is closed here is the listening alone. Default: none. */
  readonly shared?: SharedStore | undefined
  /** Is handed what nobody waits for. Default: nobody is. */
  readonly waitUntil?: WaitUntil | undefined
  /** Follows acquisitions and exchanges. Default: nobody does. */
  readonly within?: Within | undefined
  /** Spreads retries and renewals. Default: the machine's randomness. */
  readonly random?: Random
  /** Waits between tries. Default: the machine's timer. */
  readonly sleep?: Sleep
}

/** Acquires tokens, and forgets those of a partition on demand. */
export interface ForgettingTokenSource extends TokenSource {
  /**
   * Deletes every token and session of a partition: here at once, in the shared store, here again, since something may have been read
   * back, then in the other processes, which are told before as well. Whoever asks afterwards is given nothing that was under way.
   *
   * @throws TokenStoreError when some of that failed; this process has forgotten nonetheless.
   */
  forget(partition: string): Promise<void>
}

/** The whole of acquiring. */
export interface ComposedTokenSource extends ForgettingTokenSource {
  /** What this process has already; to be asked before {@link TokenSource.acquire}, which waits even for that. */
  readonly atHand: AtHandTokens
  /** Long-running sessions; `undefined` without a shared store. */
  readonly sessions: Sessions | undefined
  /** Which agents act through which user accounts. */
  readonly agentAccounts: AgentAccounts
  /** Token endpoints that are left alone at this moment. */
  readonly pausedTokenEndpoints: () => readonly PausedTokenEndpoint[]
  /** Ends listening to the shared store. @throws TokenStoreError */
  close(): Promise<void>
}

/** The process's cache of access tokens. */
export function createMemoryTokens(
  clock: Clock,
  bounds: Pick<MemoryStoreOptions<AccessToken>, 'maxEntries' | 'maxBytes'>,
): MemoryStore<AccessToken> {
  return new MemoryStore({ clock, sizeOf: ({ accessToken }) => accessToken.length, ...bounds })
}

/** Composes the sources: from the authority outwards, each one around the one above it. */
export function createTokenSource(
  settings: TokenSourceSettings,
  ports: TokenSourcePorts,
): ComposedTokenSource {
  const { clock, random = systemRandom, sleep = systemSleep, waitUntil, l1 } = ports
  const { requestTimeoutMs, resilience } = settings
  const flights = new Flights()
  const gates = new Gates(resilience, { clock, random })
  const memory = new CachedTokens(l1, { clock, origin: 'l1', flights })
  const shared =
    ports.shared && createSharedCache(ports.shared, memory, { requestTimeoutMs }, { clock, random, sleep })

  const agentAccounts = createAgentAccounts(settings.clientId, ports.shared)
  const drop = async (request: TokenRequest): Promise<void> => {
    await memory.delete(request)
    await shared?.tokens.delete(request)
  }
  const authority = compose(
    fromAuthority(buildEndpoint(settings, ports, requestTimeoutMs), {
      tokenExchange: settings.tokenExchange,
      random,
    }),
    (source) => withResilience(source, resilience, { clock, random, sleep }, gates),
    (source) =>
      withPreconditions(source, clock, {
        agents: withAgents(source, {
          acquire: (proof) => observed.acquire(proof),
          drop,
          accounts: agentAccounts,
        }),
      }),
  )
  const cached =
    shared === undefined
      ? compose(
          authority,
          (source) => withSingleFlight(source, flights),
          (source) => withMemoryCache(source, memory, { clock, waitUntil }),
        )
      : compose(
          authority,
          (source) => withSessions(source, shared.sessions),
          (source) => withSharedCache(source, shared.tokens, { clock, takeTurns: shared.takeTurns }),
          (source) => withInvalidations(source, shared.invalidations),
          (source) => withPublishedReplacements(source, shared.invalidations),
          (source) => withSingleFlight(source, flights),
          (source) => withMemoryCache(source, memory, { clock, waitUntil }),
        )
  const observed: TokenSource = withObserver(cached, clock, ports.within)

  return {
    ...observed,
    sessions: shared?.sessions,
    agentAccounts,
    atHand: createAtHandTokens(l1, clock),
    pausedTokenEndpoints: () => gates.paused(),
    forget: (partition) => forget(partition, memory, shared),
    close: async () => shared?.invalidations.close(),
  }
}

function forget(partition: string, memory: CachedTokens, shared: SharedCache | undefined): Promise<void> {
  return eachStep(
    () => memory.forget(partition), // before the shared store is waited for, which may not answer
    // First and last: the others write nothing that they had under way, and drop what they have read since.
    () => shared?.invalidations.publishForgotten(partition),
    () => shared?.forgotten.note(partition),
    () => shared?.tokens.forget(partition),
    () => memory.forget(partition), // and what has been read from the shared store until now
    () => shared?.invalidations.publishForgotten(partition),
  )
}

/** One source around another, and so on, in the order of the words. */
function compose(
  innermost: TokenSource,
  ...wraps: readonly ((source: TokenSource) => TokenSource)[]
): TokenSource {
  return wraps.reduce((source, wrap) => wrap(source), innermost)
}

/** Longest answer of a token endpoint that is read. */
const maxResponseBytes = 262_144

function buildEndpoint(
  settings: TokenSourceSettings,
  { fetch, clock, within }: TokenSourcePorts,
  timeoutMs: number,
): AuthorityEndpoint {
  const { clientId, clientCredential, clientCapabilities, tokenEndpoint, tokenExchange } = settings
  return {
    clientId,
    clientCredential,
    clientAuthentication: tokenExchange?.clientAuthentication ?? 'client_secret_post',
    clientCapabilities,
    tokenEndpoint,
    timeoutMs,
    maxResponseBytes,
    fetch,
    clock,
    within,
  }
}
