// Composes acquiring: the observer around the process's cache around the single flight around the shared store around the authority.
import type { ClientCredential } from '../client-auth/client-credential.ts'
import type { TokenExchangeProfile } from '../grants/token-exchange-profiles.ts'
import type { Clock } from '../kernel/time/clock.ts'
import type { AuthorityFetch } from '../kernel/http/http.ts'
import { type Random, systemRandom } from '../kernel/crypto/random.ts'
import { type Sleep, systemSleep } from '../kernel/time/sleep.ts'
import { MemoryStore } from '../token-cache/memory-store.ts'
import type { Slot } from '../token-cache/store.ts'
import { type AtHandTokens, createAtHandTokens } from './sources/at-hand.ts'
import { type AuthorityEndpoint, fromAuthority } from './sources/from-authority.ts'
import { forgetEverywhere, withNotes, withReplacementsTold } from './shared/forget-everywhere.ts'
import { createSessions, type Sessions } from './shared/sessions.ts'
import type { SharedStore } from './shared/shared-store.ts'
import { sharedTokens } from './shared/shared-tokens.ts'
import { createTurns } from './sources/take-turns.ts'
import type { AccessToken, TokenSource } from './token-source.ts'
import { type CachedTokenSource, type CacheOptions, withCache } from './sources/with-cache.ts'
import { withObserver } from './sources/with-observer.ts'
import { withRefusals } from './sources/with-refusals.ts'
import { type ResilienceOptions, withResilience } from './sources/with-resilience.ts'
import { withSessions } from './sources/with-sessions.ts'
import { withSingleFlight } from './sources/with-single-flight.ts'

const defaultTimeoutMs = 10_000

/** What acquiring needs to know. */
export interface TokenSourceSettings {
  readonly clientId: string
  readonly clientCredential: ClientCredential
  /** The address of the token endpoint of a tenant. */
  readonly tokenEndpoint: (tenantId: string) => string | Promise<string>
  /** Client capabilities to declare, such as `cp1`; the same as the requests were built with. */
  readonly clientCapabilities: readonly string[]
  /** From sending a token request to the last byte of the answer. Default 10 000 ms. */
  readonly requestTimeoutMs?: number
  /** Longest answer of the token endpoint that is read. Default 256 KiB. */
  readonly maxResponseBytes?: number
  /** A token with less than this left is not served. Default 300 s; less risks tokens that expire under way. */
  readonly expiryBufferSeconds?: number
  /** Share of its lifetime after which a token is renewed in the background, when the authority does not say. Default 0.5. */
  readonly refreshAfterShare?: number
  /** Retries and pauses when the authority fails. */
  readonly resilience?: ResilienceOptions
  /** How tokens are exchanged at an authority that is not Entra (RFC 8693); the requests have to be built for it too. Default: Entra. */
  readonly tokenExchange?: TokenExchangeProfile
}

/** What is handed in from outside. */
export interface TokenSourcePorts {
  readonly fetch: AuthorityFetch
  readonly clock: Clock
  /** The process's own cache. Default: {@link createMemoryTokens}. */
  readonly l1?: MemoryStore<AccessToken>
  /** A store shared by processes. It stays its owner's: what is closed here is the listening alone. Default: none. */
  readonly shared?: SharedStore | undefined
  /** Spreads retries and renewals. Default: the machine's randomness. */
  readonly random?: Random
  /** Waits between tries. Default: the machine's timer. */
  readonly sleep?: Sleep
}

/** Acquires tokens, and forgets those of a partition on demand. */
export interface ForgettingTokenSource extends TokenSource {
  /**
   * Deletes every token and session of a partition: in the shared store first, so that none is read back, then here, then in the
   * other processes. @throws TokenStoreError when some of that failed; this process has forgotten nonetheless.
   */
  forget(partition: string): Promise<void>
}

/** The whole of acquiring. */
export interface ComposedTokenSource extends ForgettingTokenSource {
  /** What this process has already; to be asked before {@link TokenSource.acquire}, which waits even for that. */
  readonly atHand: AtHandTokens
  /** Long-running sessions; `undefined` without a shared store. */
  readonly sessions: Sessions | undefined
  /** Ends listening to the shared store. @throws TokenStoreError */
  close(): Promise<void>
}

/** The process's cache of access tokens. */
export function createMemoryTokens(
  clock: Clock,
  bounds: { readonly maxEntries?: number; readonly maxBytes?: number } = {},
): MemoryStore<AccessToken> {
  return new MemoryStore({ clock, sizeOf: ({ accessToken }) => accessToken.length, ...bounds })
}

/** Composes the sources. */
export function createTokenSource(
  settings: TokenSourceSettings,
  ports: TokenSourcePorts,
): ComposedTokenSource {
  const { clock, l1 = createMemoryTokens(clock), shared } = ports
  const limits = { clock, expiryBufferMs: (settings.expiryBufferSeconds ?? 300) * 1000 }
  const authority = askAuthority(settings, ports)
  const sessions = shared && createSessions(shared, clock)
  const outside =
    shared && sessions && askTogether(settings, ports, shared, withSessions(authority, sessions), limits)
  const everywhere =
    shared &&
    forgetEverywhere(shared, {
      maxEntries: l1.maxEntries,
      isKept: ({ partition = '', key }) => l1.holds({ partition, key }),
      drop,
    })
  const inside = withSingleFlight(everywhere ? withNotes(outside ?? authority, everywhere) : authority)
  const cached = withCache(l1, inside, { ...limits, origin: 'l1', renewAhead: l1 })
  const told = everywhere ? withReplacementsTold(cached, everywhere) : cached
  const observed = withObserver(told, clock)
  return {
    sessions,
    atHand: createAtHandTokens(l1, clock, limits.expiryBufferMs),
    acquire: (request) => observed.acquire(request),
    async forget(partition) {
      try {
        await outside?.forget(partition)
      } finally {
        await cached.forget(partition) // a shared store that is down must not keep this process from forgetting
        await everywhere?.tell(partition)
      }
    },
    close: async () => everywhere?.close(),
  }

  /** Another process has forgotten it in the shared store; what is under way from here must not get there either. */
  function drop(which: Partial<Slot>): void {
    cached.disown(which)
    outside?.disown(which)
    const { partition, key } = which
    if (partition === undefined) l1.clear()
    else if (key === undefined) l1.deletePartition(partition)
    else l1.delete({ partition, key })
  }
}

/** Longest lease: an exchange takes a second at most while all is well, and a process that died with one is waited for. */
const longestLeaseMs = 3000

/** The authority behind the shared store, asked by one process at a time. */
function askTogether(
  { requestTimeoutMs = defaultTimeoutMs }: TokenSourceSettings,
  { clock, random = systemRandom, sleep = systemSleep }: TokenSourcePorts,
  shared: SharedStore,
  authority: TokenSource,
  limits: Pick<CacheOptions, 'clock' | 'expiryBufferMs'>,
): CachedTokenSource {
  const leaseMs = Math.min(requestTimeoutMs, longestLeaseMs)
  const takeTurns = shared.lease && createTurns(shared.lease, { leaseMs }, { clock, random, sleep })
  return withCache(sharedTokens(shared), authority, {
    ...limits,
    origin: 'l2',
    takeTurns,
  })
}

function askAuthority(settings: TokenSourceSettings, ports: TokenSourcePorts): TokenSource {
  const { tokenExchange, resilience, requestTimeoutMs = defaultTimeoutMs } = settings
  const { clock, random = systemRandom, sleep = systemSleep } = ports
  const source = fromAuthority(endpointOf(settings, ports, requestTimeoutMs), {
    refreshAfterShare: settings.refreshAfterShare ?? 0.5,
    tokenExchange,
    random,
  })
  const tries = { ...resilience, tryTimeoutMs: requestTimeoutMs }
  return withRefusals(withResilience(source, tries, { clock, random, sleep }), clock)
}

function endpointOf(
  settings: TokenSourceSettings,
  { fetch, clock }: TokenSourcePorts,
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
    maxResponseBytes: settings.maxResponseBytes ?? 256 * 1024,
    fetch,
    clock,
  }
}
