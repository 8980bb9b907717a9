// What is made for one request ends with it: SDK clients are easily kept, and a kept one would go on as the person who came first.
import type { AcquireOptions } from '../acquire/request/requests.ts'
import type { AccessToken } from '../acquire/token-source.ts'
import type { Caller } from '../web-api/caller.ts'
import { systemClock, type Clock } from '../kernel/time/clock.ts'
import { steady } from '../kernel/time/steady-clock.ts'
import { AcquisitionError, ConfigurationError, InteractionRequiredError } from '../kernel/errors/errors.ts'
import { callerMark, hasMark } from '../kernel/errors/marks.ts'

/** How long something that is made for one request works. */
export interface RequestBoundOptions {
  /** Ends it: the signal of the request, where the framework has one. Default: nothing ends it before its time. */
  readonly signal?: AbortSignal
  /**
   * Longest use, counted from now. Milliseconds; default 300 000, as long as Node waits for a whole request. Risk of more: a client
   * that is kept beyond its request works for that long as this caller, whoever uses it.
   */
  readonly lifetimeMs?: number
  /** Default: the machine's clock. Hand in what `createWebApi` was given. */
  readonly clock?: Clock
}

/** The names of {@link RequestBoundOptions}. */
export const requestBoundOptions: readonly string[] = ['signal', 'lifetimeMs', 'clock']

/** Acquires on behalf of one caller while that caller's request lasts. */
export type AcquireForRequest = (options: AcquireOptions) => Promise<AccessToken>

const defaultLifetimeMs = 300_000
/** How long after its expiry Entra still exchanges an assertion, and validation still accepts one. */
const assertionToleranceMs = 300_000

/**
 * Binds acquiring to one caller and to one request.
 *
 * @throws ConfigurationError at once when the caller is not one that `createWebApi` made, or the lifetime is none.
 */
export function bindToRequest(caller: Caller, options: RequestBoundOptions): AcquireForRequest {
  if (!hasMark(caller, callerMark))
    throw new ConfigurationError(
      'caller',
      'is not a caller that createWebApi made: pass the caller of the request',
    )
  const { signal, lifetimeMs = defaultLifetimeMs, clock = systemClock } = options
  if (!(lifetimeMs > 0)) throw new ConfigurationError('lifetimeMs', 'has to be more than 0 milliseconds')
  const passing = steady(clock)
  const endsAtMs = passing.passedMs() + lifetimeMs

  return async (request) => {
    if (signal?.aborted === true) throw caller.relayed(requestEnded('the request has ended'))
    if (passing.passedMs() >= endsAtMs)
      throw caller.relayed(requestEnded(`it is older than ${lifetimeMs} ms, its lifetimeMs`))
    // A cached token of the downstream API may be valid for longer than the session that it was obtained in.
    if (clock.nowMs() > caller.principal.expiresAtMs + assertionToleranceMs)
      throw caller.relayed(signInRequired(request))
    return caller.acquireToken({ ...request, ...signalsOf(signal, request.signal) })
  }
}

function requestEnded(why: string): AcquisitionError {
  return new AcquisitionError(
    'request_ended',
    `What was made for one request is used beyond it (${why}): make a credential or provider, and the SDK client around it, anew for each request`,
  )
}

function signInRequired({ scopes }: AcquireOptions): InteractionRequiredError {
  const facts = { error: 'interaction_required', errorNumbers: [], status: 400, scopes }
  return new InteractionRequiredError('The incoming token has expired', 'sign_in_required', facts)
}

function signalsOf(...signals: readonly (AbortSignal | undefined)[]): { signal?: AbortSignal } {
  const given = signals.filter((signal) => signal !== undefined)
  const [first] = given
  if (first === undefined) return {}
  return { signal: given.length === 1 ? first : AbortSignal.any(given) }
}
