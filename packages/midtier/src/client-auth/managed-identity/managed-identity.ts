// A managed identity: Azure vouches for the host, so there is no secret at all; its tokens are kept until shortly before their end.
import { hostFetch } from '#http'
import { systemRandom } from '../../kernel/crypto/random.ts'
import { BoundedMap } from '../../kernel/bounded-map.ts'
import { type Clock, systemClock } from '../../kernel/time/clock.ts'
import type { Fetch } from '../../kernel/http/http.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import { checkKnownOptions } from '../../kernel/known-options.ts'
import { Redacted } from '../../kernel/redacted.ts'
import { SingleFlight } from '../../kernel/single-flight.ts'
import { expiryBufferMs } from '../../kernel/time/lifetime.ts'
import { ageMs, type Moment, steady } from '../../kernel/time/steady-clock.ts'
import { unusable } from '../credential-error.ts'
import type { ManagedIdentityChoice, ManagedIdentityEndpoint } from './managed-identity-endpoint.ts'
import {
  type ManagedIdentityPorts,
  ManagedIdentityToken,
  requestManagedIdentityToken,
} from './managed-identity-token.ts'

/** Options of {@link createManagedIdentity}. */
export interface ManagedIdentityOptions extends ManagedIdentityChoice {
  /** Where tokens come from: `appServiceEndpoint(…)`, or, chosen by name, `imdsEndpoint()`. */
  readonly endpoint: ManagedIdentityEndpoint
  /** Default: Node's own http client, without any proxy: the endpoint is on the host. What stands in for the network in a test is obeyed. */
  readonly fetch?: Fetch
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Longest wait for one answer of the endpoint. Milliseconds; default 3 000. */
  readonly timeoutMs?: number
  /** Longest time for all tries of one request. Milliseconds; default 10 000. */
  readonly budgetMs?: number
  /** Waits between two tries. Default: by timer. */
  readonly wait?: (ms: number) => Promise<void>
}

/** What a token is asked for. */
export interface ManagedIdentityTokenRequest {
  /** The API: its application ID URI, such as `https://vault.azure.net`; a scope `{resource}/.default` is read as its resource. */
  readonly resource: string
  /** Ask the endpoint even if a token is kept. Default false. */
  readonly forceRefresh?: boolean
  /** Stops waiting. What others wait for as well goes on. */
  readonly signal?: AbortSignal
}

/** Gives tokens of the host's identity. Make one and share it: it keeps what it was given. */
export interface ManagedIdentity {
  /**
   * An app-only token of the identity.
   *
   * @throws AuthorityUnavailableError when the endpoint does not answer, ConfigurationError when it refuses.
   */
  acquireToken(request: ManagedIdentityTokenRequest): Promise<ManagedIdentityToken>
}

const optionNames: readonly (keyof ManagedIdentityOptions)[] = [
  'endpoint',
  'clientId',
  'objectId',
  'resourceId',
  'fetch',
  'clock',
  'timeoutMs',
  'budgetMs',
  'wait',
]

/** Most resources whose token is kept. */
const maxTokens = 64

/**
 * The managed identity of this host.
 *
 * @throws ConfigurationError when more than one identity is chosen. Does not contact the endpoint.
 * @example
 * ```ts
 * const identity = createManagedIdentity({ endpoint: imdsEndpoint() })
 * const { accessToken } = await identity.acquireToken({ resource: 'https://vault.azure.net' })
 * ```
 */
export function createManagedIdentity(options: ManagedIdentityOptions): ManagedIdentity {
  checkKnownOptions(options, optionNames, 'managedIdentity')
  const choice = readChoice(options)
  const ports = readPorts(options)
  const tokens = new BoundedMap<Kept>({ maxEntries: maxTokens })
  const flights = new SingleFlight<ManagedIdentityToken>()

  return {
    async acquireToken(request) {
      const resource = request.resource.replace(/\/\.default$/, '')
      const kept = request.forceRefresh === true ? undefined : tokens.get(resource)
      const now = steady(ports.clock).now()
      const found = kept && asOf(now, kept)
      // Until its end it still serves when the endpoint fails.
      if (found !== undefined && found.expiresAtMs - now.wallMs > expiryBufferMs) return found
      try {
        return await flights.run(resource, () => renew(resource), request.signal)
      } catch (error) {
        const still = kept && asOf(steady(ports.clock).now(), kept)
        if (!hasCode(error, 'authority_unavailable') || still === undefined) throw error
        return still
      }
    },
  }

  async function renew(resource: string): Promise<ManagedIdentityToken> {
    const since = steady(ports.clock).now()
    const token = await requestManagedIdentityToken(options.endpoint.buildRequest(resource, choice), ports)
    tokens.set(resource, { token, since })
    return token
  }
}

interface Kept {
  readonly token: ManagedIdentityToken
  readonly since: Moment
}

/**
 * What can be given of it, with its end by the wall clock as that is set now, since whoever keeps it goes by that one: after as much time as
 * it was given for, and no later than it says. `undefined` when that is over.
 */
function asOf(now: Moment, { token, since }: Kept): ManagedIdentityToken | undefined {
  const leftMs = token.expiresAtMs - since.wallMs - ageMs(since, now)
  const expiresAtMs = Math.min(token.expiresAtMs, now.wallMs + leftMs)
  if (expiresAtMs <= now.wallMs) return undefined
  return expiresAtMs === token.expiresAtMs
    ? token
    : new ManagedIdentityToken(new Redacted(token.accessToken), expiresAtMs)
}

function readChoice({ clientId, objectId, resourceId }: ManagedIdentityOptions): ManagedIdentityChoice {
  const chosen = Object.entries({ clientId, objectId, resourceId }).filter(([, value]) => value !== undefined)
  if (chosen.length > 1)
    throw unusable('choose the managed identity by one of clientId, objectId and resourceId')
  if (chosen.some(([, value]) => value?.trim() === ''))
    throw unusable('the id of the managed identity is blank')
  return Object.fromEntries(chosen)
}

function readPorts(options: ManagedIdentityOptions): ManagedIdentityPorts {
  const { clock = systemClock, timeoutMs = 3_000, budgetMs = 10_000 } = options
  return {
    fetch: options.fetch ?? hostFetch,
    clock,
    wait: options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    random: systemRandom,
    timeoutMs,
    budgetMs,
  }
}
