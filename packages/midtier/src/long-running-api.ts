// Long-running on-behalf-of as an API offers it: begun with the caller of a request, continued by a key from any process.
import type { AccessToken } from './acquire/token-source.ts'
import { createLongRunning, type ContinueOptions, type StartOptions } from './acquire/long-running.ts'
import type { CallerFacts } from './acquire/requests.ts'
import type { Caller } from './caller.ts'
import type { Acquirer } from './create-acquirer.ts'
import { ConfigurationError } from './kernel/errors.ts'
import { orLeave } from './kernel/exit-note.ts'
import type { CallContext } from './kernel/observer.ts'
import type { Exit } from './let-out.ts'
import type { Principal } from './protect/principal.ts'
import type { Settings } from './settings/settings.ts'

/** Work on behalf of a user that goes on after the user's token has expired: in a queue worker, after a restart. */
export interface LongRunningApi {
  /**
   * Begins a session on behalf of a caller, and gives its key.
   *
   * Whoever has the key acts as that user until the session is stopped or over: treat it like a password.
   * @throws TokenStoreError when the session cannot be kept; otherwise as {@link Caller.acquireTokenOnBehalfOf} does.
   */
  start(caller: Caller, options: StartOptions): Promise<string>
  /**
   * A token of the session, cached or by its refresh token; from any process that shares the store.
   *
   * @throws AcquisitionError `session_unknown`; InteractionRequiredError `sign_in_required` when the session was revoked;
   *   TokenStoreError when the store is down; AuthorityUnavailableError during an outage of the authority.
   */
  acquire(sessionKey: string, options?: ContinueOptions): Promise<AccessToken>
  /** Ends a session; gives whether there was one. Access tokens already given out live on. @throws TokenStoreError */
  stop(sessionKey: string): Promise<boolean>
}

/** What is known of the callers of an API, and of nobody else's. */
export interface KnownCaller {
  readonly facts: CallerFacts
  readonly context: CallContext
  /** @throws AcquisitionError when the authority would not exchange this caller's token. */
  readonly checkExchangeable: () => void
  /** Told of every error of the exchange, which may say that this caller's token was accepted wrongly. */
  readonly noteRefusal: (error: unknown) => void
}

/**
 * Prepares sessions; without the option `longRunning` every call is refused with the way to switch it on.
 *
 * @throws ConfigurationError at once when there is no shared store or no client credential.
 */
export function createLongRunningApi(
  settings: Settings,
  acquirer: () => Acquirer,
  known: (caller: Caller) => KnownCaller | undefined,
  contextOf: () => CallContext,
  exit: Exit,
): LongRunningApi {
  const leaving = <Result>(
    work: (context: CallContext) => Promise<Result>,
    context: CallContext = contextOf(),
    principal?: Principal,
  ): Promise<Result> => {
    const caller = principal === undefined ? {} : { principal }
    return orLeave(
      () => work(context),
      (error) => exit.leave(error, { operation: 'long_running', context, ...caller }),
    )
  }
  if (settings.longRunning === undefined) {
    const refused = (): Promise<never> => leaving(refuse)
    return { start: refused, acquire: refused, stop: refused }
  }
  const { requests, source } = acquirer()
  const { clock, longRunning } = settings
  const sessions = createLongRunning({ requests, source, sessions: source.sessions, clock, ...longRunning })
  return {
    start(caller, options) {
      const of = known(caller)
      return leaving(
        async (context) => {
          if (of === undefined)
            throw new ConfigurationError('caller', 'is not a caller that this API authenticated')
          of.checkExchangeable()
          return sessions.start(of.facts, options, context).catch((error: unknown) => {
            of.noteRefusal(error)
            throw error
          })
        },
        of?.context,
        of?.facts.principal,
      )
    },
    acquire: (sessionKey, options = {}) =>
      leaving((context) => sessions.acquire(sessionKey, options, context)),
    stop: (sessionKey) => leaving(() => sessions.stop(sessionKey)),
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(
    new ConfigurationError(
      'longRunning',
      'is not switched on: pass longRunning: {} and a tokenCache with a store and a keyRing',
    ),
  )
