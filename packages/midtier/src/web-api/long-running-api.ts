// Long-running on-behalf-of as an API offers it: begun with the caller of a request, continued by a key from any process.
import type { AccessToken } from '../acquire/token-source.ts'
import { createLongRunning, type ContinueOptions, type StartOptions } from '../acquire/long-running.ts'
import { Caller, type CallerHome, type KnownCaller } from './caller.ts'
import { checkExchangeable, demandAcquirer, type Acquirer } from './create-acquirer.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import { orLeave } from '../answer/exit-note.ts'
import { hasCode } from '../kernel/errors/known-errors.ts'
import type { CallContext } from '../kernel/observer.ts'
import type { Exit } from '../answer/outgoing-errors.ts'
import { reportStoreFailure } from '../acquire/sources/report-store-failure.ts'
import type { Revocations } from '../protect/revocations/revocations.ts'
import type { Settings } from '../settings/settings.ts'
import { watch } from './watch.ts'

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

/** What is handed in. */
export interface LongRunningPorts {
  readonly exit: Exit
  readonly home: CallerHome
  /** Absent: nobody's token is revoked. */
  readonly revocations: Revocations | undefined
}

/**
 * Prepares sessions; without the option `longRunning` every call is refused with the way to switch it on.
 *
 * @throws ConfigurationError at once when there is no shared store or no client credential.
 */
export function createLongRunningApi(
  settings: Settings,
  acquirer: Acquirer | undefined,
  { exit, home, revocations }: LongRunningPorts,
): LongRunningApi {
  const leaving = <Result>(
    work: (context: CallContext) => Promise<Result>,
    known?: KnownCaller,
  ): Promise<Result> => {
    const context = known?.context ?? watch(settings)
    return orLeave(
      () => work(context),
      (error) =>
        known === undefined
          ? exit.leave(error, { operation: 'long_running', context })
          : home.leave(error, known, 'long_running'),
    )
  }
  if (settings.longRunning === undefined) {
    const refused = (): Promise<never> => leaving(refuse)
    return { start: refused, acquire: refused, stop: refused }
  }
  const { requests, source } = demandAcquirer(acquirer)
  const { clock, longRunning } = settings
  const sessions = createLongRunning({ requests, source, sessions: source.sessions, clock, ...longRunning })
  return {
    start(caller, options) {
      const known = Caller.known(caller, home)
      return leaving(async (context) => {
        if (known === undefined)
          throw new ConfigurationError('caller', 'is not a caller that this API authenticated')
        checkExchangeable(settings, known.validated)
        try {
          const sessionKey = await sessions.start(known.validated, options, context, known.agent?.id)
          await orEnd(sessionKey, known, context)
          return sessionKey
        } catch (error) {
          if (hasCode(error, 'bearer_refused')) throw exit.refuse(error, context)
          throw hasCode(error, 'interaction_required') ? home.letOut(error, known) : error
        }
      }, known)
    },
    acquire: (sessionKey, options = {}) =>
      leaving((context) => sessions.acquire(sessionKey, options, context)),
    stop: (sessionKey) => leaving(() => sessions.stop(sessionKey)),
  }

  /** Whoever was revoked after this request was let in has no session; nobody else has its key yet. */
  async function orEnd(sessionKey: string, { validated }: KnownCaller, context: CallContext): Promise<void> {
    try {
      await revocations?.check(validated.principal)
    } catch (refusal) {
      await sessions.stop(sessionKey).catch((error: unknown) => {
        reportStoreFailure({ context }, 'delete', error)
      })
      throw refusal
    }
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(
    new ConfigurationError(
      'longRunning',
      'is not switched on: pass longRunning: {} and a tokenCache with a store and a keyRing',
    ),
  )
