// Where an issuer's tokens are requested, read once from its metadata (RFC 8414) instead of being configured.
import type { TrustedIssuer } from '../../authority/authority.ts'
import { Cooldown } from '../../authority/cooldown.ts'
import { foreignIssuer, requestDocument } from '../../authority/metadata.ts'
import type { Clock } from '../../kernel/time/clock.ts'
import { AuthorityUnavailableError } from '../../kernel/errors/errors.ts'
import type { AuthorityFetch } from '../../kernel/http/http.ts'
import { isSecure } from '../../kernel/http/loopback.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { hasCode } from '../../kernel/errors/known-errors.ts'
import { causeOf } from '../../kernel/errors/lasting-outage.ts'
import { SingleFlight } from '../../kernel/single-flight.ts'
import { ageMs, type Moment, steady } from '../../kernel/time/steady-clock.ts'

const limits = { timeoutMs: 5000, maxResponseBytes: 256 * 1024 }
/** How long an address is believed. */
const maxAgeMs = 24 * 3600 * 1000
/** Least time between two tries while an address is known, and longest wait for the next one while none is. */
const cooldownMs = 30_000

/**
 * Finds the token endpoint when it is first asked for, and again once a day; yesterday's is kept while the issuer does not answer,
 * which is then left alone for a while.
 *
 * @returns A function for {@link TokenEndpoint.tokenEndpoint}; it rejects with AuthorityUnavailableError when there is none to be had.
 * @see RFC 8414 §3.3
 */
export function discoverTokenEndpoint(
  { issuer, metadataUrl }: Pick<TrustedIssuer, 'issuer' | 'metadataUrl'>,
  { fetch, clock }: { readonly fetch: AuthorityFetch; readonly clock: Clock },
): () => Promise<string> {
  const flights = new SingleFlight<string>()
  const cooldown = new Cooldown(cooldownMs, clock)
  const passing = steady(clock)
  let known: { readonly address: string; readonly since: Moment } | undefined
  let lastFailure: AuthorityUnavailableError | undefined

  return async () => {
    if (known !== undefined && ageMs(known.since, passing.now()) < maxAgeMs) return known.address
    const isPaused = flights.size === 0 && cooldown.waitMs(known === undefined ? 'needed' : 'helpful') > 0
    if (isPaused) return known?.address ?? refuse(lastFailure)
    return flights.run(issuer, read).catch((error: unknown) => {
      if (!hasCode(error, 'authority_unavailable')) throw error
      return known?.address ?? refuse(error)
    })
  }

  async function read(): Promise<string> {
    try {
      const address = readTokenEndpoint(
        await requestDocument(fetch, metadataUrl, limits, clock.nowMs()),
        issuer,
      )
      known = { address, since: passing.now() }
      cooldown.succeeded()
      return address
    } catch (error) {
      if (hasCode(error, 'authority_unavailable')) {
        cooldown.failed(error.retryAfterSeconds)
        lastFailure = error
      }
      throw error
    }
  }

  /** Nobody is sent away for longer than until the next try. */
  function refuse(cause: AuthorityUnavailableError | undefined): never {
    const waitSeconds = Math.max(1, Math.ceil(cooldown.waitMs('needed') / 1000))
    const message = cause?.message ?? 'The metadata of the issuer could not be read'
    throw new AuthorityUnavailableError(message, waitSeconds, { cause, ...causeOf(cause) })
  }
}

/** Secrets and tokens of users go to this address: a document of another issuer, or an address in the clear, is not believed. */
function readTokenEndpoint(document: JsonObject, issuer: string): string {
  const { issuer: named, token_endpoint: address } = document
  if (typeof named !== 'string') throw unusable('names no issuer')
  if (named !== issuer) {
    const { fault, ...cause } = foreignIssuer(named, issuer)
    throw new AuthorityUnavailableError(fault, 0, cause)
  }
  if (typeof address !== 'string' || !URL.canParse(address)) throw unusable('names no token endpoint')
  const url = new URL(address)
  if (!isSecure(url)) throw unusable('names a token endpoint that is not https')
  if (url.hash !== '') throw unusable('names a token endpoint with a fragment') // RFC 6749 §3.2
  return address
}

function unusable(what: string): AuthorityUnavailableError {
  return new AuthorityUnavailableError(`The metadata of the issuer ${what}`, 0)
}
